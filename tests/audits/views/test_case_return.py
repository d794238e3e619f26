from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import User
from agencies.roles import Role
from audits.domain.case_returns import finish
from audits.models import (
    Answer,
    CaseReturn,
    CaseReturnStage,
    Point,
    PointKind,
    ReturnStage,
    Stage,
)
from audits.reading.case_returns import CaseReturnPage, case_returns_for
from tests.audits.collecting import Collecting, answered, collecting, signed_in
from tests.factories import (
    AnswerFactory,
    QuestionFactory,
    person,
    returned_point,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2)


def url(case_return: CaseReturn, name: str = "case-return-edit") -> str:
    return reverse(name, args=[case_return.agency_return_id, case_return.pk])


def basis(case_return: CaseReturn, user: User) -> str:
    row = case_returns_for(user).get(pk=case_return.pk)
    return str(CaseReturnPage(row, user).basis)


def post(client: Client, case_return: CaseReturn, user: User, **data: Any) -> Any:
    typed = {"basis": basis(case_return, user), "do": "stay", **data}
    return client.post(url(case_return), typed)


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


def test_completing_too_early_saves_and_names_what_is_missing(world: Collecting) -> None:
    client = signed_in(world.auditor)

    response = post(client, world.first, world.auditor, known="child", do="finish")

    assert response.url == f"{url(world.first)}?check=1"
    page = client.get(response.url)
    question = world.questions[0]
    assert f'<a href="#question-{question.code}">Answer question 1: {question.text}</a>' in (
        page.content.decode()
    )
    assert CaseReturn.objects.get(pk=world.first.pk).known == "child"


def test_completing(world: Collecting) -> None:
    answered(world, world.first)
    client = signed_in(world.auditor)
    field = f"answer_{world.questions[0].code}"

    post(client, world.first, world.auditor, known="child", do="finish", **{field: "yes"})

    assert CaseReturn.objects.get(pk=world.first.pk).stage == CaseReturnStage.COMPLETE
    page = client.get(url(world.first))
    assert page.templates[0].name == "audits/case_return_detail.html"


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


def test_points_move_and_go_with_everything_else_saved(world: Collecting) -> None:
    one, two = returned_point(world.first, "One"), returned_point(world.first, "Two")
    client = signed_in(world.auditor)
    typed = {f"point_{one.pk}": "One, changed", f"point_{two.pk}": "Two", "known": "child"}

    moved = post(client, world.first, world.auditor, **typed, do=f"up:{two.pk}:went_well")
    post(client, world.first, world.auditor, **typed, do=f"remove:{one.pk}:went_well")

    assert moved.url == f"{url(world.first)}#points-went_well"
    assert list(Point.objects.values_list("text", flat=True)) == ["Two"]
    assert CaseReturn.objects.get(pk=world.first.pk).known == "child"


@pytest.mark.parametrize(
    "do", ["up:nonsense:went_well", "remove:0d1c6f0e-5f0b-4b1e-9a7e-3f6f5f1f2a10:went_well"]
)
def test_a_point_that_is_not_there_is_404(world: Collecting, do: str) -> None:
    assert post(signed_in(world.auditor), world.first, world.auditor, do=do).status_code == 404


def test_a_point_of_another_agency_cannot_be_removed_through_ones_own_page(
    world: Collecting,
) -> None:
    other = returned_point(collecting().first, "Theirs")

    response = post(
        signed_in(world.auditor), world.first, world.auditor, do=f"remove:{other.pk}:went_well"
    )

    assert response.status_code == 404
    assert Point.objects.count() == 1


def test_the_reason_for_sending_back_stands_on_top(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)
    lead = signed_in(world.lead)

    refused = lead.post(url(world.first, "case-return-send-back"), {"reason": " "})
    assert "Give a reason." in refused.content.decode()
    lead.post(url(world.first, "case-return-send-back"), {"reason": "Say more about May."})

    html = signed_in(world.auditor).get(url(world.first)).content.decode()
    assert "Sent back to you" in html
    assert "Say more about May." in html


def test_an_auditor_sends_nothing_back(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)

    response = signed_in(world.auditor).get(url(world.first, "case-return-send-back"))

    assert response.status_code == 403


def test_changing_something_after_completing(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)

    response = signed_in(world.auditor).post(url(world.first, "case-return-take-back"))

    assert response.url == url(world.first)
    assert CaseReturn.objects.get(pk=world.first.pk).stage == CaseReturnStage.IN_PROGRESS


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
