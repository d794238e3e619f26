"""What a downloaded workbook says, how it is protected, and what of it comes back."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.domain.case_returns import AnswerDraft, CaseReturnDraft, save_draft
from audits.domain.engagement import Line
from audits.models import CaseReturn, CaseReturnStage, EngagementEntry, PointKind, Question
from reports.reading.workbook import case_returns_of, content_of
from reports.spreadsheets.writing import TOO_LONG, workbook_of
from tests.audits.collecting import NOTHING, Collecting, collecting, own_texts
from tests.factories import QuestionFactory, returned_point
from tests.reports.spreadsheets.sheets import Paper, faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    """Two cases and a question of each kind, the second a follow-up of the first."""
    world = collecting(cases=2, questions=0, name="Fenshire Police", short_name="Police")
    toolkit = world.audit.toolkit
    first = QuestionFactory(toolkit=toolkit, text="Was a plan made?", help_text="Any plan.")
    kinds: list[dict[str, Any]] = [
        {"text": "Was it followed?", "follows": first, "follows_answers": ["yes", "partly"]},
        {"text": "How many visits?", "kind": Question.Kind.NUMBER, "asks_evidence": False},
        {"text": "Last seen when?", "kind": Question.Kind.DATE, "asks_evidence": False},
        {
            "text": "Which team?",
            "kind": Question.Kind.CHOICE,
            "choices": ["East, or West", "=South"],
        },
        {"text": "In a sentence?", "kind": Question.Kind.TEXT},
        {"text": "What worked?", "kind": Question.Kind.POINTS, "point_kind": PointKind.WENT_WELL},
    ]
    world.questions = [first, *(QuestionFactory(toolkit=toolkit, **each) for each in kinds)]
    return world


def fill_in(world: Collecting) -> None:
    """Everything answered in the first case."""
    plan, followed, visits, seen, team, sentence, _ = world.questions
    said = {
        plan: ("partly", "One page."),
        followed: ("not_recorded", ""),
        visits: ("4.5", ""),
        seen: ("2026-02-03", ""),
        team: ("=South", "As said."),
        sentence: ("They came.\nTwice.", ""),
    }
    draft = CaseReturnDraft(
        own_texts(known="carer", engagement_past="=1+1", grade_reason="-2 days late"),
        grade="good",
        answers={each.pk: AnswerDraft(*both) for each, both in said.items()},
    )
    save_draft(world.first, by=world.auditor, draft=draft, basis=NOTHING)
    returned_point(world.first, "Children were seen alone.")
    EngagementEntry.objects.create(
        case_return=world.first, began_on=date(2025, 1, 10), words="Weekly visits.", revision=1
    )


def test_a_blank_case_return_shows_every_question_in_order(world: Collecting) -> None:
    paper = Paper.of(world.agency_return, world.first)

    assert paper.book.sheetnames == ["Case 1", "About", "Lists", "Key"]
    assert [paper.book[name].sheet_state for name in paper.book.sheetnames] == [
        "visible",
        "visible",
        "hidden",
        "veryHidden",
    ]
    sheet = paper.sheet()
    asked = [
        str(sheet[f"B{row}"].value)
        for row in range(1, sheet.max_row + 1)
        if sheet[f"A{row}"].value in {"1", "2", "3", "4", "5", "6", "7"}
    ]
    assert asked == [
        "Was a plan made?\nAny plan.",
        "If Yes or Partly to question 1: Was it followed?",
        "How many visits?",
        "Last seen when?",
        "Which team?",
        "In a sentence?",
        "What worked?",
    ]
    assert paper.says("Evidence for question 6") is None
    assert sheet["A1"].value == "Case 1"
    assert world.audit.title in sheet["A2"].value


def test_what_was_answered_stands_in_words_people_read(world: Collecting) -> None:
    fill_in(world)
    paper = Paper.of(world.agency_return, world.first)

    assert paper.says("Is the family known", "C") == "Yes, a parent or carer"
    assert paper.says("Past engagement") == "=1+1"
    assert paper.says("Was a plan made?", "C") == "Partly"
    assert paper.says("Was a plan made?") == "One page."
    assert paper.says("Was it followed?", "C") == "Not recorded"
    assert paper.says("How many visits?", "C") == 4.5
    assert paper.says("Last seen when?", "C") == datetime(2026, 2, 3)  # noqa: DTZ001
    assert paper.says("Which team?", "C") == "=South"
    assert paper.says("In a sentence?") == "They came.\nTwice."
    assert paper.says("Point 1") == "Children were seen alone."
    assert paper.says("Line 1", "C") == datetime(2025, 1, 10)  # noqa: DTZ001
    assert paper.says("Line 1", "D") is None
    assert paper.says("Line 1") == "Weekly visits."
    assert paper.says("Your grade", "C") == "Good"


def test_no_words_become_a_formula(world: Collecting) -> None:
    fill_in(world)
    content = workbook_of(content_of(world.agency_return, case_returns_of(world.agency_return)))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheets = [packed.read(name) for name in packed.namelist() if "worksheets/sheet" in name]
    assert sheets
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_only_white_cells_can_be_written_in(world: Collecting) -> None:
    paper = Paper.of(world.agency_return, world.first)
    sheet = paper.sheet()
    assert sheet.protection.sheet is True
    assert paper.book.security.lockStructure is True
    unlocked = {
        cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked
    }
    assert paper.where("Was a plan made?", "C") in unlocked
    assert paper.where("Was a plan made?") in unlocked
    assert paper.where("Was a plan made?", "B") not in unlocked
    assert paper.where("How many visits?") not in unlocked


def test_drop_downs_offer_the_answers(world: Collecting) -> None:
    paper = Paper.of(world.agency_return, world.first)

    def offered(words: str) -> list[Any]:
        at = paper.where(words, "C")
        [found] = [
            each for each in paper.sheet().data_validations.dataValidation if at in each.cells
        ]
        assert found.showErrorMessage
        if found.type != "list":
            return [found.type]
        name, place = found.formula1.split("!")
        return [row[0].value for row in paper.book[name][place.replace("$", "")]]

    assert offered("Was a plan made?") == ["Yes", "Partly", "No", "Not applicable", "Not recorded"]
    assert offered("Is the family known")[-1] == "We can’t tell yet"
    assert offered("Which team?") == ["East, or West", "=South"]
    assert offered("Your grade") == ["Outstanding", "Good", "Requires improvement", "Inadequate"]
    assert offered("How many visits?") == ["decimal"]
    assert offered("Last seen when?") == ["date"]


def test_a_follow_up_is_pale_until_its_answer_is_given(world: Collecting) -> None:
    paper = Paper.of(world.agency_return, world.first)
    plan = paper.where("Was a plan made?", "C")
    row = paper.where("Was it followed?", "A")[1:]
    rules = {
        str(area.sqref): [rule.formula for rule in area.rules]
        for area in paper.sheet().conditional_formatting
    }
    assert rules[f"A{row}:E{row}"] == [[f'AND($C${plan[1:]}<>"Yes",$C${plan[1:]}<>"Partly")']]


def test_the_second_sheet_says_why_and_what_grades_mean(world: Collecting) -> None:
    world.audit.grades.filter(code="good").update(description="What good looks like.")
    about = Paper.of(world.agency_return, world.first).book["About"]
    told = {row[0].value: row[1].value for row in about.iter_rows(min_row=2, max_col=2)}
    assert told["Why you are asked"] == "To learn how well agencies work together."
    assert told["Legal power to share"] == "Children Act 2004, section 11"
    assert told["Good"] == "What good looks like."
    assert "ring 999" in told["If a child is at immediate risk"]


def test_it_prints_on_landscape_pages_with_its_head_repeated(world: Collecting) -> None:
    sheet = Paper.of(world.agency_return, world.first).sheet()
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$4"
    assert sheet.freeze_panes == "A5"


def test_voices_are_there_when_they_are_asked_for(world: Collecting) -> None:
    with pytest.raises(IndexError):
        Paper.of(world.agency_return, world.first).where("What the child says")
    world.audit.asks_child = True
    world.audit.save()
    world.first.audit.refresh_from_db()
    paper = Paper.of(type(world.agency_return).objects.get(), world.first)
    assert paper.where("What the child says")


def test_a_text_too_long_for_a_cell_is_left_out_and_says_so(world: Collecting) -> None:
    CaseReturn.objects.filter(pk=world.first.pk).update(engagement_past="word " * 8000)
    paper = Paper.of(world.agency_return, world.first)
    assert paper.says("Past engagement") == TOO_LONG
    assert paper.offers(world.agency_return) == []


def test_many_cases_come_in_as_many_queries_as_one(world: Collecting) -> None:
    fill_in(world)
    asked = []
    for rows in (case_returns_of(world.agency_return)[:1], case_returns_of(world.agency_return)):
        with CaptureQueriesContext(connection) as queries:
            workbook_of(content_of(world.agency_return, rows))
        asked.append(len(queries))
    assert asked == [7, 7]


def test_several_cases_have_a_sheet_each_behind_the_page_about_them(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    assert paper.book.sheetnames == ["About", "Case 1", "Case 2", "Lists", "Key"]
    assert paper.book.active.title == "Case 1"


def test_a_finished_case_is_for_reading(world: Collecting) -> None:
    fill_in(world)
    CaseReturn.objects.filter(pk=world.first.pk).update(stage=CaseReturnStage.COMPLETE)
    paper = Paper.of(world.agency_return)
    sheet = paper.sheet(1)
    assert sheet["A3"].value == "For reading only, because it is finished: complete."
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)
    assert paper.says("Was a plan made?", "C") == "Partly"
    assert paper.read(world.agency_return).faults == []


def test_an_untouched_workbook_offers_nothing(world: Collecting) -> None:
    fill_in(world)
    assert Paper.of(world.agency_return).offers(world.agency_return) == []


def test_what_was_filled_in_is_offered_as_stored(world: Collecting) -> None:
    paper = Paper.of(world.agency_return, world.first)
    plan, _, visits, seen, team, sentence, _ = world.questions
    paper.write("Is the family known", "yes,  the CHILD", "C")
    paper.write("Was a plan made?", "Yes", "C")
    paper.write("Was a plan made?", " On file. ")
    paper.write("How many visits?", 3, "C")
    paper.write("Last seen when?", "3/2/2026", "C")
    paper.write("Which team?", "East, or West", "C")
    paper.write("In a sentence?", "Yes.\nOften.")
    paper.write("Your grade", "Inadequate", "C")
    paper.write("Line 2", date(2025, 3, 1), "C")
    paper.write("Line 2", "01/04/2025", "D")
    paper.write("Line 2", "A visit.")
    paper.write("Point 3", "Went well, third row.")

    [offer] = paper.offers(world.agency_return)

    said = dict(offer.said)
    [entry] = [key for key in said if key.startswith("entry:")]
    [point] = [key for key in said if key.startswith("point:")]
    assert said.pop(entry) == str(Line(date(2025, 3, 1), date(2025, 4, 1), "A visit."))
    assert said.pop(point) == "Went well, third row."
    assert offer.kinds == {point: "went_well"}
    assert said == {
        "known": "child",
        f"answer:{plan.pk}": "yes",
        f"evidence:{plan.pk}": "On file.",
        f"answer:{visits.pk}": "3",
        f"answer:{seen.pk}": "2026-02-03",
        f"answer:{team.pk}": "East, or West",
        f"answer:{sentence.pk}": "Yes.\nOften.",
        "own_grade": "inadequate",
    }
    assert offer.blanks == ()


def test_every_fault_is_named_by_sheet_and_cell(world: Collecting) -> None:
    fill_in(world)
    paper = Paper.of(world.agency_return)
    maybe = paper.write("Was a plan made?", "Maybe", "C")
    formula = paper.write("Was a plan made?", "=B2&B3")
    number = paper.write("How many visits?", "many", "C", case=2)
    day = paper.write("Last seen when?", "last week", "C", case=2)
    end = paper.write("Line 1", "2024-01-01", "D")
    words = paper.write("Present engagement", "Something else.", "B")
    paper.sheet(2)["C2"] = "A stray remark."
    paper.book.create_sheet("Mine")["A1"] = "My notes"

    assert faults(paper, world.agency_return) == [
        f"Case 1, {words}: These words belong to the form and were changed. Put them back.",
        f"Case 1, {maybe}: “Maybe” is not one of: Yes; Partly; No; Not applicable; Not recorded.",
        f"Case 1, {formula}: This is a formula. Write in its place what it should say.",
        f"Case 1, {end}: The end must not come before the beginning.",
        "Case 2, C2: Nothing is asked here. Move these words into a white cell.",
        f"Case 2, {number}: “many” is not a number that fits here. Write it as 3 or 2.5.",
        f"Case 2, {day}: “last week” is not a day. Write it as 3/2/2026.",
        "Mine: This sheet is not one of ours. Move its words to where they belong.",
    ]


def test_moved_rows_are_one_fault(world: Collecting) -> None:
    paper = Paper.of(world.agency_return, world.first)
    paper.sheet().insert_rows(8)
    [fault] = faults(paper, world.agency_return)
    assert fault.startswith("Case 1: Rows or columns were moved")


def test_emptied_cells_are_blanks_and_no_offer_to_delete(world: Collecting) -> None:
    fill_in(world)
    paper = Paper.of(world.agency_return, world.first)
    for words, column in (("Past engagement", "E"), ("Was a plan made?", "C"), ("Point 1", "E")):
        paper.write(words, None, column)
    paper.write("Line 1", "Visits.")
    paper.write("Line 1", None, "C")

    [offer] = paper.offers(world.agency_return)

    point = f"point:{world.first.points.get().pk}"
    entry = f"entry:{world.first.engagement_entries.get().pk}"
    assert set(offer.blanks) == {
        ("engagement_past", ""),
        (f"answer:{world.questions[0].pk}", ""),
        (point, ""),
        (entry, "began"),
    }
    assert offer.said == {entry: str(Line(date(2025, 1, 10), None, "Visits."))}


def test_a_sheet_that_was_taken_out_leaves_its_case_alone(world: Collecting) -> None:
    paper = Paper.of(world.agency_return)
    del paper.book["Case 2"]
    paper.write("Past engagement", "Two visits.")
    found = paper.read(world.agency_return)
    assert (found.missing, len(found.offers)) == (["Case 2"], 1)
