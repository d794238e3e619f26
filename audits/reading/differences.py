"""Where auditors of one agency grade and answer cases differently, for its lead to look into.

Numbers of cases, never shares alone: two cases that differ prove nothing about two people. Only
complete case returns of families known to the agency count, as everywhere.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Count

from audits.models import (
    KNOWN_TO_AGENCY,
    AgencyReturn,
    Answer,
    CaseReturn,
    CaseReturnStage,
    PointPlacement,
    Question,
    YesNoAnswer,
)
from audits.models.case_return import CaseReturnQuerySet
from audits.questions import asked_of

# Auditors stand apart from here on: a quarter of their cases, and of more than one case each.
APART = 1 / 4
ENOUGH = 2
NOBODY = "Nobody named"


@dataclass(frozen=True)
class Auditor:
    """One column. `cases` is how many case returns of theirs count."""

    id: UUID | None
    name: str
    cases: int


@dataclass(frozen=True)
class Cell:
    """`says`: "3 of 4 cases"; `beside`: the other answers, "1 partly"."""

    says: str
    beside: str = ""


@dataclass(frozen=True)
class Row:
    label: str
    number: int | None
    cells: list[Cell]
    spread: float = 0
    """How far the shares of two auditors with cases enough lie apart, at most."""

    @property
    def apart(self) -> bool:
        return self.spread >= APART


def can_differ(case_returns: list[CaseReturn]) -> bool:
    """Whether at least two people have finished cases that count."""
    done = [
        each
        for each in case_returns
        if each.stage == CaseReturnStage.COMPLETE and each.known in KNOWN_TO_AGENCY
    ]
    return len({each.auditor_id for each in done}) > 1


class Differences:
    """Reads lazily, each part once, in a fixed number of queries."""

    def __init__(self, agency_return: AgencyReturn) -> None:
        self.agency_return = agency_return

    def _counting(self) -> CaseReturnQuerySet:
        return (
            CaseReturn.objects.filter(agency_return=self.agency_return)
            .in_sample()
            .filter(stage=CaseReturnStage.COMPLETE, known__in=KNOWN_TO_AGENCY)
        )

    @cached_property
    def auditors(self) -> list[Auditor]:
        rows = (
            self._counting()
            .values_list("auditor", "auditor__name")
            .annotate(number=Count("pk"))
            .order_by("auditor__name")
        )
        found = [Auditor(pk, name or NOBODY, number) for pk, name, number in rows]
        return sorted(found, key=lambda each: (each.id is None, each.name))

    @cached_property
    def _grades(self) -> Mapping[UUID | None, Counter[int]]:
        grades: defaultdict[UUID | None, Counter[int]] = defaultdict(Counter)
        rows = (
            self._counting()
            .exclude(own_grade=None)
            .values_list("auditor", "own_grade")
            .annotate(number=Count("pk"))
            .order_by()
        )
        for auditor, grade, number in rows:
            grades[auditor][grade] = number
        return grades

    @cached_property
    def grades(self) -> list[Row]:
        """Met good first, then every grade of the scale."""
        scale = list(self.agency_return.audit.grades.all())
        good = {grade.pk for grade in scale if grade.meets_good}
        met = [
            (sum(self._grades[each.id][pk] for pk in good), self._graded(each))
            for each in self.auditors
        ]
        rows = [_row("Met good", None, met, "cases graded")]
        for grade in scale:
            numbers = [self._grades[each.id][grade.pk] for each in self.auditors]
            cells = [Cell(str(number)) for number in numbers]
            rows.append(Row(grade.label, None, cells))
        left = [Cell(str(each.cases - self._graded(each))) for each in self.auditors]
        return [*rows, Row("Not graded", None, left)]

    def _graded(self, auditor: Auditor) -> int:
        return self._grades[auditor.id].total()

    @property
    def marks(self) -> list[Row]:
        return [*self.grades, self.points]

    @cached_property
    def points(self) -> Row:
        rows = (
            PointPlacement.objects.filter(point__case_return__in=self._counting(), agreed=False)
            .values_list("point__case_return__auditor")
            .annotate(number=Count("point", distinct=True))
            .order_by()
        )
        by = dict(rows)
        cells = [Cell(f"{by.get(each.id, 0)} in {_cases(each.cases)}") for each in self.auditors]
        return Row("Points written", None, cells)

    @cached_property
    def _answers(self) -> Mapping[tuple[UUID, UUID | None], Counter[str]]:
        answers: defaultdict[tuple[UUID, UUID | None], Counter[str]] = defaultdict(Counter)
        rows = (
            Answer.objects.filter(case_return__in=self._counting())
            .filter(question__kind=Question.Kind.YES_NO)
            .exclude(value="")
            .values_list("question", "case_return__auditor", "value")
            .annotate(number=Count("pk"))
            .order_by()
        )
        for question, auditor, value, number in rows:
            answers[question, auditor][value] = number
        return answers

    @cached_property
    def questions(self) -> list[Row]:
        asked = asked_of(self.agency_return.agency_id, self.agency_return.audit.toolkit_id)
        yes_no = asked.filter(kind=Question.Kind.YES_NO).order_by("position")
        return [self._question(each) for each in yes_no]

    def _question(self, question: Question) -> Row:
        counts = [self._answers[question.pk, each.id] for each in self.auditors]
        yes = [
            (count[YesNoAnswer.YES], each.cases)
            for count, each in zip(counts, self.auditors, strict=True)
        ]
        row = _row(question.text, question.number, yes, "cases")
        cells = [
            Cell(cell.says, _others(count, each.cases))
            for cell, count, each in zip(row.cells, counts, self.auditors, strict=True)
        ]
        return Row(row.label, row.number, cells, row.spread)

    @property
    def apart(self) -> list[Row]:
        """Those furthest apart first."""
        return sorted((row for row in self.questions if row.apart), key=lambda row: -row.spread)

    @property
    def alike(self) -> list[Row]:
        return [row for row in self.questions if not row.apart]


def _cases(number: int) -> str:
    return f"{number} case{'' if number == 1 else 's'}"


def _row(label: str, number: int | None, counts: list[tuple[int, int]], unit: str) -> Row:
    """`counts`: so many of so many, for each auditor."""
    cells = [Cell(f"{some} of {all_} {unit}") for some, all_ in counts]
    shares = [some / all_ for some, all_ in counts if all_ >= ENOUGH]
    return Row(label, number, cells, max(shares, default=0) - min(shares, default=0))


def _others(count: Counter[str], cases: int) -> str:
    words = [
        f"{count[value]} {value.label.lower()}"
        for value in YesNoAnswer
        if value != YesNoAnswer.YES and count[value]
    ]
    if unanswered := cases - count.total():
        words.append(f"{unanswered} without an answer")
    return ", ".join(words)
