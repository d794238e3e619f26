"""What stands on the sheet of one case, line by line, and which cells are to be filled in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django.utils.formats import date_format

from audits.forms.case_return import CaseReturnForm
from audits.forms.points import KIND_HEADINGS
from audits.models import Known, PointKind, Question
from reports.reading.workbook import CaseContent, ReturnContent

ABOUT = "About"
LISTS = "Lists"
SPARE_POINTS = 5
SPARE_ENTRIES = 5


class Shape(StrEnum):
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    WORDS = "words"


@dataclass(frozen=True)
class Slot:
    """A cell to fill in.

    `key` names its text as a draft does; `part` says which of a chronology line's three cells it
    is, `kind` under which kind a point stands. `value` is as stored; `choices` pairs stored
    values with labels; `name` is what people are told it is.
    """

    key: str
    shape: Shape
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()
    part: str = ""
    kind: str = ""
    name: str = ""


class Look(StrEnum):
    SECTION = "section"
    HEADINGS = "headings"
    LINE = "line"
    ROW = "row"


@dataclass(frozen=True)
class Line:
    """One row of the sheet: number, words, a cell or two for answers, a wide cell for words.

    Where it has no slot, words may stand in its place; `waits_for` is the key of the
    answer that brings it up, with the labels that do.
    """

    look: Look
    words: str = ""
    number: str = ""
    mark: str = ""
    help: str = ""
    answer: Slot | None = None
    second: Slot | None = None
    wide: Slot | None = None
    answer_words: str = ""
    second_words: str = ""
    wide_words: str = ""
    waits_for: tuple[str, tuple[str, ...]] | None = None


def case_lines(content: ReturnContent, case: CaseContent) -> list[Line]:
    return [
        *_known(case),
        *_engagement(case),
        *_questions(content, case),
        *_more_points(content, case),
        *_voices(content, case),
        *_grade(content, case),
    ]


def _text(key: str, value: str, **parts: Any) -> Line:
    """A text of the case return itself, asked for in the words of its page."""
    field = CaseReturnForm.base_fields[key]
    label, hint = str(field.label), str(field.help_text)
    slot = Slot(key, Shape.WORDS, value, name=label)
    return Line(**{"look": Look.LINE, "words": label, "help": hint, "wide": slot, **parts})


def _known(case: CaseContent) -> Iterator[Line]:
    row = case.case_return
    choices = tuple((value, str(label)) for value, label in Known.choices)
    yield Line(Look.SECTION, "Known to you?")
    known = Slot("known", Shape.CHOICE, row.known, choices, name="Known to you?")
    yield _text("known", row.known, answer=known, wide=None)
    yield _text(
        "not_known_reason",
        row.not_known_reason,
        mark="If No",
        waits_for=("known", (str(Known.NO.label),)),
    )


def _engagement(case: CaseContent) -> Iterator[Line]:
    row = case.case_return
    yield Line(Look.SECTION, "Engagement")
    yield _text("engagement_past", row.engagement_past)
    yield _text("engagement_present", row.engagement_present)
    yield Line(
        Look.HEADINGS,
        "Chronology: one line a spell, the earliest first",
        answer_words="From",
        second_words="Until, if over",
        wide_words="What you did",
    )
    for number, entry in enumerate(case.entries, start=1):
        began, ended = (day.isoformat() if day else "" for day in (entry.began_on, entry.ended_on))
        yield _entry(number, entry.pk, began, ended, entry.words)
    for spare in range(SPARE_ENTRIES):
        yield _entry(len(case.entries) + spare + 1, uuid4())


def _entry(number: int, pk: UUID, began: str = "", ended: str = "", words: str = "") -> Line:
    key, name = f"entry:{pk}", f"Chronology, line {number}"
    return Line(
        Look.ROW,
        f"Line {number}",
        answer=Slot(key, Shape.DATE, began, part="began", name=name),
        second=Slot(key, Shape.DATE, ended, part="ended", name=name),
        wide=Slot(key, Shape.WORDS, words, part="words", name=name),
    )


def _questions(content: ReturnContent, case: CaseContent) -> Iterator[Line]:
    if content.questions:
        yield Line(Look.SECTION, "Questions")
    placed: set[str] = set()
    asked = {question.pk for question in content.questions}
    for question in content.questions:
        if question.kind != Question.Kind.POINTS:
            yield from _question(question, case, asked)
        else:
            yield _asked(question, asked)
            if question.point_kind not in placed:
                yield from _points(case, question.point_kind)
            placed.add(question.point_kind)


def _asked(question: Question, asked: set[UUID], **parts: object) -> Line:
    line = Line(Look.LINE, question.text, number=str(question.number), help=question.help_text)
    follows = question.follows
    if follows is not None and follows.pk in asked:
        labels = dict(follows.answers)
        wanted = tuple(labels.get(each, each) for each in question.follows_answers)
        parts |= {
            "mark": f"If {' or '.join(wanted)} to question {follows.number}",
            "waits_for": (f"answer:{follows.pk}", wanted),
        }
    return Line(**{**vars(line), **parts})


def _question(question: Question, case: CaseContent, asked: set[UUID]) -> Iterator[Line]:
    said = case.answers.get(question.pk)
    name = f"Question {question.number}"
    shape = SHAPES[Question.Kind(question.kind)]
    answer = Slot(
        f"answer:{question.pk}",
        shape,
        said.value if said else "",
        tuple(question.answers),
        name=name,
    )
    evidence = Slot(
        f"evidence:{question.pk}",
        Shape.WORDS,
        said.evidence if said else "",
        name=f"{name}, evidence",
    )
    if shape != Shape.WORDS:
        wide = evidence if question.asks_evidence else None
        yield _asked(question, asked, answer=answer, wide=wide)
        return
    first = _asked(question, asked, wide=answer)
    yield first
    if question.asks_evidence:
        words = f"Evidence for question {question.number}"
        yield Line(Look.LINE, words, wide=evidence, waits_for=first.waits_for)


SHAPES = {
    Question.Kind.YES_NO: Shape.CHOICE,
    Question.Kind.CHOICE: Shape.CHOICE,
    Question.Kind.NUMBER: Shape.NUMBER,
    Question.Kind.DATE: Shape.DATE,
    Question.Kind.TEXT: Shape.WORDS,
}


def _points(case: CaseContent, kind: str) -> Iterator[Line]:
    listed = case.points.get(kind, [])
    heading = KIND_HEADINGS[PointKind(kind)]
    for number, each in enumerate(listed, start=1):
        words = f"Point {number}"
        if each.editable:
            name = f"{heading}, point {number}"
            key = f"point:{each.point.pk}"
            slot = Slot(key, Shape.WORDS, each.point.text, kind=kind, name=name)
            yield Line(Look.ROW, words, wide=slot)
        else:
            yield Line(Look.ROW, words, wide_words=f"(The same point as above) {each.point.text}")
    for spare in range(SPARE_POINTS):
        number = len(listed) + spare + 1
        name = f"{heading}, point {number}"
        slot = Slot(f"point:{uuid4()}", Shape.WORDS, kind=kind, name=name)
        yield Line(Look.ROW, f"Point {number}", wide=slot)


def _more_points(content: ReturnContent, case: CaseContent) -> Iterator[Line]:
    kinds = content.other_kinds
    if kinds:
        yield Line(Look.SECTION, "Points" if len(kinds) == len(PointKind) else "More points")
    for kind in kinds:
        yield Line(Look.HEADINGS, KIND_HEADINGS[PointKind(kind)], wide_words="One point a row")
        yield from _points(case, kind)


def _voices(content: ReturnContent, case: CaseContent) -> Iterator[Line]:
    if voices := content.audit.voices:
        yield Line(Look.SECTION, "Voices")
        for key in voices:
            yield _text(key, getattr(case.case_return, key))


def _grade(content: ReturnContent, case: CaseContent) -> Iterator[Line]:
    row = case.case_return
    yield Line(Look.SECTION, "Grade")
    slot = Slot(
        "own_grade",
        Shape.CHOICE,
        row.own_grade.code if row.own_grade else "",
        tuple((grade.code, grade.label) for grade in content.grades),
        name="Grade",
    )
    hint = (
        "How well did your own agency work in this case? The sheet “About” says what each grade "
        "means."
    )
    yield _text("own_grade", "", answer=slot, wide=None, help=hint)
    yield _text("grade_reason", row.grade_reason)


def title(case: CaseContent) -> str:
    """The name of the case's sheet: its number, and never who it is about."""
    return f"Case {case.number}"


def about(content: ReturnContent) -> list[tuple[str, str]]:
    """The sheet about the request: headings with words under each, and the grade scale."""
    audit = content.audit
    period = ""
    if audit.lookback_from:
        until = date_format(audit.lookback_to, "j F Y") if audit.lookback_to else "today"
        period = f"{date_format(audit.lookback_from, 'j F Y')} to {until}"
    due = content.agency_return.due_on
    channel = audit.identity_channel
    told = [
        ("Why you are asked", audit.purpose or "Not stated yet."),
        ("Legal power to share", audit.legal_power or "Not stated yet."),
        ("How you are told who the cases are", TOLD if content.is_sealed else channel),
        ("Period looked at", period),
        ("Due", date_format(due, "j F Y") if due else ""),
        ("If a child is at immediate risk", audit.partnership.immediate_risk_advice),
        ("How to fill this in", HOW),
        ("What the answers mean", ANSWERS),
    ]
    return [(heading, words) for heading, words in told if words.strip()]


TOLD = (
    "They are sealed in the system. While your return is open, look them up from its page, saying "
    "why. Write nothing of it here."
)
HOW = (
    "Write in the white cells. Leave a cell empty if you have nothing to say: an empty cell never "
    "deletes what the system holds. One point a row; rows left over stay empty. Never write a "
    "name, an address or a date of birth: a case is its number. Save the workbook as .xlsx and "
    "upload it on the page from which you downloaded it. You are shown every difference before "
    "anything is taken over. Keep it where case files are kept, and delete it once it is uploaded."
)
ANSWERS = (
    "Not recorded: the file says nothing about it. No: the file shows that it did not happen. "
    "Not applicable: the question does not arise in this case."
)
