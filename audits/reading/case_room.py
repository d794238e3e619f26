"""One case as the meeting sees it: every agency's answers and grades side by side."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from agencies.models import User
from audits.models import (
    AgencyReturn,
    AgreedGrade,
    Answer,
    Audit,
    Case,
    CaseReturn,
    CaseReturnStage,
    EngagementEntry,
    Question,
    ReturnStage,
)
from audits.reading.case_returns import voices_of
from audits.reading.chronology import entries_from, lines_of


@dataclass(frozen=True)
class Cell:
    """One agency's answer to one question; `code` picks the mark, `words` say it."""

    words: str
    code: str
    evidence: str


@dataclass(frozen=True)
class QuestionRow:
    number: int
    text: str
    follows: int | None
    cells: list[Cell]


@dataclass(frozen=True)
class Column:
    """One agency that knows the family, with its grade and the one the meeting agreed."""

    case_return: CaseReturn
    agreed: AgreedGrade | None
    entries: list[EngagementEntry]
    voices: list[tuple[str, str]]

    @property
    def name(self) -> str:
        return self.case_return.agency.short_name


@dataclass(frozen=True)
class CaseRoom:
    columns: list[Column]
    rows: list[QuestionRow]
    silent: list[tuple[str, list[str]]]
    """Agencies without a column, by the reason: not known, nil return, declined, excused …"""


def case_room(audit: Audit, case: Case, user: User) -> CaseRoom:
    """Five queries, whatever the number of agencies and questions."""
    returns = list(
        AgencyReturn.objects.visible_to(user).filter(audit=audit).select_related("agency")
    )
    case_returns = list(
        CaseReturn.objects.visible_to(user)
        .filter(case=case)
        .select_related("agency", "own_grade", "agreed_grade__grade", "agreed_grade__moderator")
        .annotate(chronology=lines_of())
        .order_by("agency__name")
    )
    columns = [
        Column(
            row,
            getattr(row, "agreed_grade", None),
            entries_from(getattr(row, "chronology", None)),
            [(label, words) for label, words in voices_of(row, audit) if words],
        )
        for row in case_returns
        if row.stage == CaseReturnStage.COMPLETE
    ]
    rows = _rows(audit, columns) if columns else []
    return CaseRoom(columns, rows, _silent(returns, case_returns))


def _rows(audit: Audit, columns: list[Column]) -> list[QuestionRow]:
    questions = list(audit.toolkit.questions.exclude(kind=Question.Kind.POINTS))
    answers = {
        (answer.case_return_id, answer.question_id): answer
        for answer in Answer.objects.filter(
            case_return__in=[column.case_return.pk for column in columns]
        )
    }
    numbers = {question.pk: question.number for question in questions}
    return [
        QuestionRow(
            number=question.number,
            text=question.text,
            follows=numbers.get(question.follows_id) if question.follows_id else None,
            cells=[
                _cell(question, answers.get((column.case_return.pk, question.pk)))
                for column in columns
            ],
        )
        for question in questions
    ]


def _cell(question: Question, answer: Answer | None) -> Cell:
    if answer is None or not answer.value:
        return Cell("Not answered", "none", answer.evidence if answer else "")
    if question.kind == Question.Kind.YES_NO:
        words = dict(question.answers).get(answer.value, answer.value)
        return Cell(words, answer.value, answer.evidence)
    return Cell(_plain(question, answer.value), "words", answer.evidence)


def _plain(question: Question, value: str) -> str:
    if question.kind != Question.Kind.DATE:
        return value
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%B %Y}"


def _silent(
    returns: list[AgencyReturn], case_returns: list[CaseReturn]
) -> list[tuple[str, list[str]]]:
    by_return: dict[UUID, CaseReturn] = {row.agency_return_id: row for row in case_returns}
    reasons: dict[str, list[str]] = {}
    for agency_return in returns:
        row = by_return.get(agency_return.pk)
        if row is None or row.stage != CaseReturnStage.COMPLETE:
            reason = _reason(agency_return, row)
            reasons.setdefault(reason, []).append(agency_return.agency.short_name)
    return list(reasons.items())


def _reason(agency_return: AgencyReturn, row: CaseReturn | None) -> str:
    if row is not None and row.stage == CaseReturnStage.NOT_KNOWN:
        return "Not known to"
    return {
        ReturnStage.NIL: "Nil return from",
        ReturnStage.DECLINED: "Declined by",
        ReturnStage.EXCUSED: "Excused",
    }.get(ReturnStage(agency_return.stage), "Nothing finished by")
