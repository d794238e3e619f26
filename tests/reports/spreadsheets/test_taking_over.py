"""Taking over a workbook: what is shown first, what is written, and that it is all or nothing."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from agencies.models import Activity
from audits.domain.case_returns import AnswerDraft, CaseReturnDraft, save_draft
from audits.domain.case_texts import standing
from audits.domain.drafts import Basis, ReturnClosedError
from audits.domain.removal import PointAdoptedError, remove_point
from audits.models import (
    Answer,
    CaseReturn,
    CaseReturnStage,
    EngagementEntry,
    Point,
    PointKind,
    PointPlacement,
    TextRevision,
)
from reports.domain.workbooks import DifferentByNowError, Taken, present_differences, take_over
from reports.spreadsheets.differences import (
    Differences,
    OfferLostError,
    sealed,
    unsealed,
)
from tests.audits.collecting import NOTHING, Collecting, collecting, own_texts
from tests.factories import returned_point
from tests.reports.spreadsheets.sheets import Paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    world = collecting(cases=2, questions=1)
    draft = CaseReturnDraft(
        own_texts(known="child", engagement_past="Two visits."),
        answers={world.questions[0].pk: AnswerDraft("no", "The file.")},
    )
    save_draft(world.first, by=world.auditor, draft=draft, basis=NOTHING)
    return world


def shown(found: Differences) -> list[tuple[str, str, str, str]]:
    return [
        (each.label, kind, each.old, each.new)
        for case in found.cases
        for kind, changes in (
            ("change", case.changes),
            ("conflict", case.conflicts),
            ("blank", case.blanks),
        )
        for each in changes
    ]


def take(world: Collecting, paper: Paper, **decided: Any) -> Taken:
    offers = paper.offers(world.agency_return)
    found = present_differences(world.agency_return, offers)
    return take_over(
        world.agency_return, by=world.auditor, offers=offers, shown=found.fingerprint, **decided
    )


def test_old_and_new_stand_side_by_side(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Three visits.")
    paper.write("Was step", "Yes", "C")
    paper.write("Was step", None)
    paper.write("Point 1", "Seen alone.")
    paper.write("Line 1", date(2025, 1, 10), "C")
    paper.write("Line 1", "A visit.")
    paper.write("Is the family known", "No", "C", case=2)

    assert shown(paper.differences(world.agency_return)) == [
        ("Past engagement", "change", "Two visits.", "Three visits."),
        ("Question 1", "change", "No", "Yes"),
        ("What went well, new point", "change", "", "Seen alone."),
        ("Chronology, new line", "change", "", "10 January 2025 to now\nA visit."),
        ("Question 1, evidence", "blank", "The file.", ""),
        ("Known to you?", "change", "", "No"),
    ]


def test_everything_is_written_with_its_history(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Three visits.")
    paper.write("Was step", "Yes", "C")
    paper.write("Was step", None)
    paper.write("Point 1", "Seen alone.")
    paper.write("Line 1", date(2025, 1, 10), "C")
    paper.write("Line 1", "A visit.")

    done = take(world, paper)

    assert done == Taken(texts=4, cases=1, completed=0)
    assert str(done) == "Taken over: 4 texts in 1 case."
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.engagement_past, row.known) == ("Three visits.", "child")
    answer = Answer.objects.get()
    assert (answer.value, answer.evidence) == ("yes", "The file.")
    assert Point.objects.get().text == "Seen alone."
    assert PointPlacement.objects.get().kind == PointKind.WENT_WELL
    assert EngagementEntry.objects.get().began_on == date(2025, 1, 10)
    assert list(TextRevision.objects.filter(key="engagement_past").values_list("words", "by")) == [
        ("Two visits.", world.auditor.pk),
        ("Three visits.", world.auditor.pk),
    ]
    assert Activity.objects.latest("pk").verb == "took over case returns from a workbook"


def test_the_same_workbook_twice_adds_nothing_twice(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.write("Point 1", "Seen alone.")
    paper.write("Line 1", "A visit.")
    take(world, paper)
    assert paper.differences(world.agency_return).cases == []


def theirs(world: Collecting, words: str) -> None:
    """Somebody changes the text in the system after the workbook was downloaded."""
    draft = CaseReturnDraft({"engagement_past": words}, only={"engagement_past"})
    row = CaseReturn.objects.get(pk=world.first.pk)
    save_draft(row, by=world.lead, draft=draft, basis=Basis.of(standing(row).texts))


def test_a_disputed_text_stays_unless_the_workbook_is_chosen(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Mine.")
    paper.write("Present engagement", "Mine too.")
    theirs(world, "Theirs.")

    found = paper.differences(world.agency_return)
    assert shown(found) == [
        ("Present engagement", "change", "", "Mine too."),
        ("Past engagement", "conflict", "Theirs.", "Mine."),
    ]
    assert take(world, paper).texts == 1
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.engagement_past, row.engagement_present) == ("Theirs.", "Mine too.")

    [disputed] = paper.differences(world.agency_return).cases[0].conflicts
    assert take(world, paper, mine={disputed.name}).texts == 1
    row.refresh_from_db()
    assert row.engagement_past == "Mine."


def test_what_changed_here_and_not_on_paper_is_no_difference(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    theirs(world, "Theirs.")
    assert paper.differences(world.agency_return).cases == []


def test_a_point_somebody_removed_is_disputed_and_can_come_back(world: Collecting) -> None:
    point = returned_point(world.first, "Seen alone.")
    paper = Paper.of(world.agency_return)
    paper.write("Point 1", "Seen alone, twice.")
    remove_point(point, by=world.lead)

    [disputed] = paper.differences(world.agency_return).cases[0].conflicts
    assert (disputed.label, disputed.old) == ("What went well, new point", "")
    take(world, paper)
    assert not Point.objects.exists()
    take(world, paper, mine={disputed.name})
    assert Point.objects.get().text == "Seen alone, twice."


def test_empty_cells_empty_what_was_ticked(world: Collecting) -> None:
    returned_point(world.first, "Seen alone.")
    EngagementEntry.objects.create(
        case_return=world.first,
        began_on=date(2025, 1, 10),
        ended_on=date(2025, 2, 1),
        words="Visits.",
        revision=1,
    )
    EngagementEntry.objects.create(case_return=world.first, words="Calls.", revision=1)
    paper = Paper.of(world.agency_return)
    second = next(n for n in (1, 2) if paper.says(f"Line {n}") == "Calls.")
    paper.write("Past engagement", None)
    paper.write("Was step", None, "C")
    paper.write("Point 1", None)
    paper.write(f"Line {3 - second}", None, "D")
    paper.write(f"Line {second}", None)

    blanks = paper.differences(world.agency_return).cases[0].blanks
    assert {each.label: each.old for each in blanks} == {
        "Past engagement": "Two visits.",
        "Question 1": "No",
        "What went well, point 1": "Seen alone.",
        f"Chronology, line {3 - second}: until": "1 February 2025",
        f"Chronology, line {second}": "No date to now\nCalls.",
    }
    assert take(world, paper).texts == 0
    assert take(world, paper, emptied={each.name for each in blanks}).texts == 5

    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.engagement_past, row.known) == ("", "child")
    assert (Answer.objects.get().value, Answer.objects.get().evidence) == ("", "The file.")
    assert not Point.objects.exists()
    assert EngagementEntry.objects.values_list("words", "ended_on").get() == ("Visits.", None)


def test_a_point_the_meeting_adopted_cannot_be_emptied(world: Collecting) -> None:
    point = returned_point(world.first, "Seen alone.")
    PointPlacement.objects.create(point=point, kind=PointKind.WENT_WELL, agreed=True)
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Three visits.")
    paper.write("Point 1", None)
    [blank] = paper.differences(world.agency_return).cases[0].blanks
    with pytest.raises(PointAdoptedError), transaction.atomic():
        take(world, paper, emptied={blank.name})
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Two visits."


def test_all_or_nothing(world: Collecting) -> None:
    """The second case closes between showing and taking over: the first is not written either."""
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Three visits.")
    paper.write("Past engagement", "One visit.", case=2)
    offers = paper.offers(world.agency_return)
    found = present_differences(world.agency_return, offers)
    CaseReturn.objects.filter(case__number=2).update(stage=CaseReturnStage.NOT_KNOWN)
    with pytest.raises(ReturnClosedError), transaction.atomic():
        take_over(world.agency_return, by=world.auditor, offers=offers, shown=found.fingerprint)
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Two visits."
    assert not Activity.objects.filter(verb__startswith="took over").exists()


def test_a_finished_case_that_would_change_is_a_fault(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Three visits.")
    CaseReturn.objects.filter(pk=world.first.pk).update(stage=CaseReturnStage.COMPLETE)
    [fault] = paper.differences(world.agency_return).faults
    assert str(fault) == (
        "Case 1: Nothing in this case can change, because it is finished: complete. Have it "
        "opened again on its page first, or leave its sheet as it was."
    )


def test_what_is_different_by_now_is_not_written(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Mine.")
    offers = paper.offers(world.agency_return)
    found = present_differences(world.agency_return, offers)
    theirs(world, "Theirs.")
    with pytest.raises(DifferentByNowError):
        take_over(world.agency_return, by=world.auditor, offers=offers, shown=found.fingerprint)
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_past == "Theirs."


def test_cases_that_lack_nothing_can_be_completed_at_once(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Three visits.")
    paper.write("Is the family known", "No", "C", case=2)
    done = take(world, paper, complete=True)
    assert (done.cases, done.completed) == (2, 1)
    assert str(done) == "Taken over: 2 texts in 2 cases. 1 complete now."
    assert list(CaseReturn.objects.values_list("stage", flat=True)) == [
        CaseReturnStage.COMPLETE,
        CaseReturnStage.IN_PROGRESS,
    ]


def test_an_offer_is_for_its_uploader_and_its_return_alone(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    paper.write("Past engagement", "Three visits.")
    offers = paper.offers(world.agency_return)
    raw = sealed(offers, whose=world.agency_return.pk, by=world.auditor)
    assert unsealed(raw, whose=world.agency_return.pk, by=world.auditor) == offers
    for whose, by, text in (
        (world.agency_return.pk, world.lead, raw),
        (world.audit.pk, world.auditor, raw),
        (world.agency_return.pk, world.auditor, raw[:-3]),
        (world.agency_return.pk, world.auditor, ""),
    ):
        with pytest.raises(OfferLostError):
            unsealed(text, whose=whose, by=by)
