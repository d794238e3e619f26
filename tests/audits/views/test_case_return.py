from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from agencies.models import User
from agencies.roles import Role
from audits.domain.case_returns import finish
from audits.domain.removal import remove_point
from audits.models import (
    Answer,
    CaseReturn,
    CaseReturnStage,
    EngagementEntry,
    Point,
    PointKind,
    PointPlacement,
    Question,
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


def line(pk: UUID, began: str = "", ended: str = "", words: str = "") -> dict[str, str]:
    stem = f"entry_{pk}"
    return {f"{stem}_began": began, f"{stem}_ended": ended, f"{stem}_words": words}


def test_a_chronology_is_written_without_a_script(world: Collecting) -> None:
    client = signed_in(world.auditor)
    first, second = uuid4(), uuid4()

    post(
        client,
        world.first,
        world.auditor,
        **line(first, "2025-03-01", "", "Weekly calls."),
        **line(second, "2025-01-10", "2025-02-01", "Two visits."),
        **line(uuid4()),
    )

    page = client.get(url(world.first)).context["page"]
    assert [(str(each.began_on), each.words) for each in page.entries] == [
        ("2025-01-10", "Two visits."),
        ("2025-03-01", "Weekly calls."),
    ]


def test_a_line_with_an_impossible_end_loses_nothing(world: Collecting) -> None:
    pk = uuid4()
    typed = line(pk, "2025-03-01", "2025-01-10", "Two visits.")

    html = post(signed_in(world.auditor), world.first, world.auditor, **typed).content.decode()

    assert "The end must not come before the beginning." in html
    assert "Two visits." in html
    assert not EngagementEntry.objects.exists()


def test_an_unfinished_line_is_kept_and_named_before_the_case_is_complete(
    world: Collecting,
) -> None:
    client = signed_in(world.auditor)
    pk = uuid4()

    response = post(
        client,
        world.first,
        world.auditor,
        known="child",
        do="finish",
        **line(pk, words="Two visits."),
        **{f"answer_{world.questions[0].code}": "yes"},
    )

    html = client.get(response.url).content.decode()
    assert f'<a href="#entry-{pk}">Line 1 of the chronology: say from when it was.</a>' in html
    assert EngagementEntry.objects.get().words == "Two visits."


def test_a_removed_line_comes_back(world: Collecting) -> None:
    client = signed_in(world.auditor)
    pk = uuid4()
    typed = line(pk, "2025-03-01", "", "Weekly.")
    post(client, world.first, world.auditor, **typed)

    gone = post(client, world.first, world.auditor, **typed, do=f"entry:remove:{pk}")
    assert not EngagementEntry.objects.exists()
    assert gone.url == f"{url(world.first)}?removed=entry%3A{pk}#engagement"
    html = client.get(gone.url).content.decode()
    assert f'value="undo:entry:{pk}">Undo</button>' in html

    post(client, world.first, world.auditor, do=f"undo:entry:{pk}")
    assert EngagementEntry.objects.get().words == "Weekly."


def test_a_removed_point_comes_back_without_a_script(world: Collecting) -> None:
    one = returned_point(world.first, "One")
    client = signed_in(world.auditor)

    gone = post(
        client,
        world.first,
        world.auditor,
        **{f"point_{one.pk}": "One, changed"},
        do=f"remove:{one.pk}:went_well",
    )
    assert gone.url == f"{url(world.first)}?removed=point%3A{one.pk}#points-went_well"

    post(client, world.first, world.auditor, do=f"undo:point:{one.pk}")
    assert Point.objects.get(pk=one.pk).text == "One, changed"


@pytest.mark.parametrize("removed", ["point:nonsense", "answer:1", "point:", "<b>"])
def test_only_what_can_come_back_is_offered(world: Collecting, removed: str) -> None:
    html = signed_in(world.auditor).get(url(world.first), {"removed": removed}).content.decode()

    assert 'id="removed" data-maca-undo hidden' in html


def test_a_point_is_split_and_moved_with_everything_else_saved(world: Collecting) -> None:
    one = returned_point(world.first, "One")
    client = signed_in(world.auditor)
    typed = {f"point_{one.pk}": "One\nTwo", "known": "child"}

    post(client, world.first, world.auditor, **typed, do=f"split:{one.pk}:went_well")
    two = Point.objects.get(text="Two")
    typed = {f"point_{one.pk}": "One", f"point_{two.pk}": "Two", "known": "child"}
    post(client, world.first, world.auditor, **typed, do=f"list:{two.pk}:went_well:challenge")

    assert list(two.placements.values_list("kind", flat=True)) == ["challenge"]
    assert Point.objects.get(pk=one.pk).text == "One"


@pytest.mark.parametrize(
    "do",
    ["list:{pk}:went_well:nowhere", "split:nonsense:went_well", "entry:remove:{pk}", "entry:add:x"],
)
def test_what_is_not_there_to_be_done_is_404(world: Collecting, do: str) -> None:
    one = returned_point(world.first, "One")
    typed = {f"point_{one.pk}": "One"}

    response = post(
        signed_in(world.auditor), world.first, world.auditor, **typed, do=do.format(pk=one.pk)
    )

    assert response.status_code == 404


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


def tend(client: Client, case_return: CaseReturn, do: str) -> Any:
    return client.post(url(case_return, "case-return-tend"), {"do": do})


def test_a_script_does_one_thing_at_a_time(world: Collecting) -> None:
    one, two = returned_point(world.first, "One"), returned_point(world.first, "Two")
    client = signed_in(world.auditor)

    moved = tend(client, world.first, f"list:{two.pk}:went_well:went_well:0")
    gone = tend(client, world.first, f"remove:{one.pk}:went_well")
    back = tend(client, world.first, f"undo:point:{one.pk}")

    assert moved.json() == {"words": "", "removed": "", "text": "", "refused": False}
    assert gone.json()["removed"] == f"point:{one.pk}"
    assert (back.json()["text"], back.json()["refused"]) == ("One", False)
    listed = PointPlacement.objects.filter(kind="went_well").order_by("position")
    assert [each.point.text for each in listed] == ["Two", "One"]
    assert tend(client, world.first, f"undo:point:{one.pk}").json()["refused"] is True


def test_what_the_meeting_adopted_is_refused_in_words(world: Collecting) -> None:
    one = returned_point(world.first, "One")
    PointPlacement.objects.create(point=one, kind="went_well", agreed=True)

    said = tend(signed_in(world.auditor), world.first, f"remove:{one.pk}:went_well").json()

    assert (said["refused"], Point.objects.count()) == (True, 1)
    assert said["words"] == "The meeting has adopted this point: take it out there first."


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


def test_what_one_cannot_tell_yet_is_not_complete(world: Collecting) -> None:
    client = signed_in(world.auditor)
    typed = {f"answer_{world.questions[0].code}": "yes", "known": "unsure", "do": "finish"}

    response = post(client, world.first, world.auditor, **typed)

    html = client.get(response.url).content.decode()
    assert "Find out whether the family is known to you, and say so." in html
    assert CaseReturn.objects.get(pk=world.first.pk).stage == CaseReturnStage.IN_PROGRESS


def test_the_reading_page_tells_the_chronology_and_the_voices(world: Collecting) -> None:
    world.audit.asks_family = True
    world.audit.save()
    row = answered(world, world.first)
    row.voice_family, row.engagement_past = "They felt heard.", "In short."
    row.save()
    for began, ended, words in (
        (date(2025, 3, 1), None, "Weekly calls."),
        (date(2025, 1, 10), date(2025, 2, 1), "Two visits."),
    ):
        EngagementEntry.objects.create(case_return=row, began_on=began, ended_on=ended, words=words)
    finish(row, by=world.auditor)

    html = signed_in(world.auditor).get(url(world.first)).content.decode()

    text = " ".join(html.split())
    assert "10 Jan 2025 – 1 Feb 2025" in text
    assert "1 Mar 2025 – still going on" in text
    assert text.index("Two visits.") < text.index("Weekly calls.") < text.index("In short.")
    assert "They felt heard." in text


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


def test_a_line_that_is_still_to_come_stops_completion(world: Collecting) -> None:
    client, pk = signed_in(world.auditor), uuid4()
    day = timezone.localdate() + timedelta(days=40)
    response = post(
        client,
        world.first,
        world.auditor,
        known="child",
        do="finish",
        **line(pk, day.isoformat(), "", "A visit."),
        **{f"answer_{world.questions[0].code}": "yes"},
    )
    told = "Line 1 of the chronology: its date is still to come. Say when it was."
    assert told in client.get(response.url).content.decode()
    assert CaseReturn.objects.get(pk=world.first.pk).stage == CaseReturnStage.IN_PROGRESS


def test_a_date_still_to_come_is_told_once_the_case_is_complete(world: Collecting) -> None:
    question = QuestionFactory(
        toolkit=world.audit.toolkit, text="When were they last seen?", kind=Question.Kind.DATE
    )
    client, day = signed_in(world.auditor), timezone.localdate() + timedelta(days=40)
    response = post(
        client,
        world.first,
        world.auditor,
        known="child",
        do="finish",
        **{f"answer_{world.questions[0].code}": "yes", f"answer_{question.code}": day.isoformat()},
    )
    html = client.get(response.url).content.decode()
    assert f"question {question.number}: {date_format(day, 'j F Y')} is still to come." in html
    assert CaseReturn.objects.get(pk=world.first.pk).stage == CaseReturnStage.COMPLETE
