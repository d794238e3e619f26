"""The page on which a case return is written and read, without a script."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from agencies.roles import Role
from audits.domain.removal import remove_point
from audits.models import Answer, CaseReturn, CaseReturnStage, Point, PointKind, ReturnStage, Stage
from tests.audits.collecting import Collecting, answered, collecting, signed_in
from tests.audits.filling import basis, post, url
from tests.factories import AnswerFactory, QuestionFactory, person, returned_point

pytestmark = pytest.mark.django_db


def test_an_auditor_saves_and_stays(world: Collecting) -> None:
    client = signed_in(world.auditor)
    question = world.questions[0]

    response = post(
        client,
        world.first,
        world.auditor,
        known="child",
        engagement_past="Two visits.",
        new_went_well="• One\n• Two",
        own_grade="good",
        **{f"answer_{question.code}": "yes", f"evidence_{question.code}": "Seen."},
    )

    assert (response.status_code, response.url) == (302, url(world.first))
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.known, row.engagement_past, row.stage) == ("child", "Two visits.", "in_progress")
    assert list(Answer.objects.values_list("value", "evidence")) == [("yes", "Seen.")]
    assert list(Point.objects.values_list("text", flat=True)) == ["One", "Two"]


def test_save_and_next_goes_to_ones_own_next_case(world: Collecting) -> None:
    response = post(signed_in(world.auditor), world.first, world.auditor, known="child", do="next")

    assert response.url == url(world.case_returns[1])


def test_after_the_last_case_one_is_back_at_the_agencys_page() -> None:
    world = collecting()

    response = post(signed_in(world.auditor), world.first, world.auditor, known="child", do="next")

    assert response.url == reverse("agency-return-detail", args=[world.agency_return.pk])


def test_a_wrong_answer_loses_nothing_that_was_typed(world: Collecting) -> None:
    QuestionFactory(toolkit=world.audit.toolkit, code="visits", kind="number")

    response = post(
        signed_in(world.auditor),
        world.first,
        world.auditor,
        engagement_past="Two visits.",
        answer_visits="about four",
        new_challenge="A point not saved yet",
    )

    html = response.content.decode()
    assert response.status_code == 200
    assert "Error: " in html
    for words in ("Two visits.", "about four", "A point not saved yet", "Enter a number"):
        assert words in html
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == ""


def test_an_emptied_point_is_told_and_not_lost(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    world.first.stage = CaseReturnStage.IN_PROGRESS
    world.first.save()

    response = post(
        signed_in(world.auditor), world.first, world.auditor, **{f"point_{point.pk}": ""}
    )

    assert "Write the point, or remove it." in response.content.decode()
    assert Point.objects.get().text == "One"


def test_two_writers_see_both_texts_and_one_chooses(world: Collecting) -> None:
    answered(world, world.first)
    seen = basis(world.first, world.auditor)
    post(signed_in(world.lead), world.first, world.lead, known="child", engagement_past="Theirs.")
    client = signed_in(world.auditor)
    code = world.questions[0].code
    mine = {"known": "child", "engagement_past": "Mine.", f"answer_{code}": "yes", "do": "stay"}

    response = client.post(url(world.first), {**mine, "basis": seen})

    html = response.content.decode()
    assert response.status_code == 200
    assert "Somebody else changed this while you were writing" in html
    assert "Theirs." in html
    assert "Mine." in html
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Theirs."

    fresh = str(response.context["basis"])
    client.post(url(world.first), {**mine, "basis": fresh})
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Mine."


def test_a_writer_takes_the_other_text(world: Collecting) -> None:
    answered(world, world.first)
    seen = basis(world.first, world.auditor)
    post(signed_in(world.lead), world.first, world.lead, known="child", engagement_past="Theirs.")

    signed_in(world.auditor).post(
        url(world.first),
        {"known": "child", "engagement_past": "Mine.", "basis": seen, "take": "engagement_past"},
    )

    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Theirs."


def test_a_page_with_a_broken_basis_is_told_so(world: Collecting) -> None:
    response = signed_in(world.auditor).post(
        url(world.first), {"basis": "{", "engagement_past": "Mine."}
    )

    html = response.content.decode()
    assert "This page is out of date." in html
    assert "Mine." in html


def test_words_typed_into_a_return_that_was_closed_meanwhile_still_stand(
    world: Collecting,
) -> None:
    world.agency_return.stage = ReturnStage.SIGNED_OFF
    world.agency_return.save()

    response = post(signed_in(world.auditor), world.first, world.auditor, engagement_past="Mine.")

    html = response.content.decode()
    assert "Nothing was saved" in html
    assert "Mine." in html
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == ""


def test_the_officer_reads_and_enters_from_paper_when_asked_to(world: Collecting) -> None:
    client = signed_in(world.officer)

    reading = client.get(url(world.first))
    writing = client.get(f"{url(world.first)}?paper=1")
    post(client, world.first, world.officer, known="child")

    assert reading.templates[0].name == "audits/case_return_detail.html"
    assert writing.templates[0].name == "audits/case_return_edit.html"
    assert CaseReturn.objects.get(pk=world.first.pk).entered_from_paper is True


def test_who_sees_a_case_return_while_it_is_collected(world: Collecting) -> None:
    other = collecting()
    seen = {
        name: signed_in(user).get(url(world.first)).status_code
        for name, user in {
            "owner": world.auditor,
            "colleague": person(Role.AUDITOR, world.agency),
            "officer": world.officer,
            "chair": person(Role.CHAIR, world.partnership),
            "member": person(Role.MEMBER, world.partnership),
            "board": person(Role.BOARD, world.partnership),
            "admin": person(Role.ADMIN, world.partnership),
            "stranger": other.lead,
            "foreign officer": other.officer,
        }.items()
    }

    assert seen == {
        "owner": 200,
        "colleague": 200,
        "officer": 200,
        "chair": 404,
        "member": 404,
        "board": 404,
        "admin": 404,
        "stranger": 404,
        "foreign officer": 404,
    }


def test_from_the_meeting_on_the_chair_reads_but_does_not_write(world: Collecting) -> None:
    world.audit.stage = Stage.MEETING
    world.audit.save()
    chair = signed_in(person(Role.CHAIR, world.partnership))

    assert chair.get(url(world.first)).status_code == 200
    assert chair.post(url(world.first), {"known": "child", "basis": "{}"}).status_code == 403
    assert CaseReturn.objects.get(pk=world.first.pk).known == ""


@pytest.mark.parametrize("rows", [3, 30])
def test_the_page_of_a_case_return_takes_eight_queries(
    rows: int, django_assert_num_queries: Any
) -> None:
    world = collecting(cases=rows, questions=rows)
    for question in world.questions:
        AnswerFactory(case_return=world.first, question=question)
    for number in range(rows):
        returned_point(world.first, f"Point {number}", PointKind.CHALLENGE)
    client = signed_in(world.auditor)

    with django_assert_num_queries(8):
        assert client.get(url(world.first)).status_code == 200


def test_a_point_that_the_page_began_and_could_not_save_is_saved_with_the_button(
    world: Collecting,
) -> None:
    pk, empty = uuid4(), uuid4()

    post(
        signed_in(world.auditor),
        world.first,
        world.auditor,
        **{f"point_{pk}": "Begun", f"kind_{pk}": "challenge"},
        **{f"point_{empty}": "", f"kind_{empty}": "challenge"},
        **{f"point_{uuid4()}": "No kind"},
    )

    point = Point.objects.get()
    assert (point.pk, point.text) == (pk, "Begun")
    assert list(point.placements.values_list("kind", flat=True)) == ["challenge"]


def test_a_point_of_another_return_is_not_taken_over_by_its_id(world: Collecting) -> None:
    theirs = returned_point(collecting().first, "Theirs")

    post(
        signed_in(world.auditor),
        world.first,
        world.auditor,
        **{f"point_{theirs.pk}": "Mine", f"kind_{theirs.pk}": "challenge"},
    )

    assert Point.objects.get(pk=theirs.pk).text == "Theirs"


def test_voices_are_asked_for_where_the_officer_wants_them(world: Collecting) -> None:
    client = signed_in(world.auditor)
    assert "What the child says" not in client.get(url(world.first)).content.decode()
    post(client, world.first, world.auditor, voice_child="Not asked.")
    assert CaseReturn.objects.get(pk=world.first.pk).voice_child == ""

    world.audit.asks_child = True
    world.audit.save()
    html = client.get(url(world.first)).content.decode()
    assert ("What the child says" in html, "What the family says" in html) == (True, False)
    post(client, world.first, world.auditor, voice_child="“They came when they said.”")
    assert CaseReturn.objects.get(pk=world.first.pk).voice_child == "“They came when they said.”"


def test_a_point_somebody_added_meanwhile_stops_nobody_from_saving(world: Collecting) -> None:
    answered(world, world.first)
    seen = basis(world.first, world.auditor)
    returned_point(world.first, "Theirs, since.")

    response = post(
        signed_in(world.auditor),
        world.first,
        world.auditor,
        basis=seen,
        known="child",
        engagement_past="Mine.",
    )

    assert response.status_code == 302
    assert Point.objects.get().text == "Theirs, since."
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Mine."


def test_words_for_a_point_that_somebody_took_out_come_back_to_their_writer(
    world: Collecting,
) -> None:
    answered(world, world.first)
    point = returned_point(world.first, "Seen early.")
    seen = basis(world.first, world.auditor)
    remove_point(point, by=world.lead)
    client = signed_in(world.auditor)
    typed = {"known": "child", f"point_{point.pk}": "Seen late."}

    told = post(client, world.first, world.auditor, basis=seen, **typed)

    assert "taken out meanwhile" in told.content.decode()
    post(client, world.first, world.auditor, basis=str(told.context["basis"]), **typed)
    assert Point.objects.get().text == "Seen late."
