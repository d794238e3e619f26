"""What a workbook of case returns is made of, in as many queries for one case as for sixty."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from agencies.models import User
from audits.domain.case_texts import Standing
from audits.domain.drafts import Text
from audits.models import (
    AgencyReturn,
    Answer,
    Audit,
    CaseReturn,
    EngagementEntry,
    Grade,
    PointKind,
    PointPlacement,
    Question,
    ReturnStage,
)
from audits.questions import asked_of
from audits.reading.points import ListedPoint, listed


@dataclass(frozen=True)
class CaseContent:
    """One case return with everything it says."""

    case_return: CaseReturn
    answers: Mapping[UUID, Answer]
    placements: Sequence[PointPlacement]
    entries: Sequence[EngagementEntry]

    @property
    def number(self) -> int:
        return self.case_return.case.number

    @cached_property
    def points(self) -> dict[str, list[ListedPoint]]:
        return listed(self.placements)

    @property
    def standing(self) -> Standing:
        return Standing(
            self.case_return,
            self.answers,
            {each.point_id: each.point for each in self.placements},
            {each.pk: each for each in self.entries},
        )

    @property
    def texts(self) -> dict[str, Text]:
        return self.standing.texts

    @property
    def closed_because(self) -> str:
        """Why nothing in it can be changed, in words; empty while it can."""
        row = self.case_return
        if row.agency_return.stage != ReturnStage.OPEN:
            return f"the return is {row.agency_return.get_stage_display().lower()}"
        if row.case.is_withdrawn:
            return "the case was withdrawn"
        if row.is_finished:
            return f"it is finished: {row.get_stage_display().lower()}"
        return ""


@dataclass(frozen=True)
class ReturnContent:
    """Some cases of one agency's return, with the questions and grades that they share."""

    agency_return: AgencyReturn
    questions: Sequence[Question]
    grades: Sequence[Grade]
    cases: Sequence[CaseContent]

    @property
    def audit(self) -> Audit:
        return self.agency_return.audit

    @property
    def is_sealed(self) -> bool:
        return self.audit.seals.standing().exists()

    @property
    def other_kinds(self) -> list[str]:
        """Kinds of points that no question put to the agency asks for."""
        asked = {each.point_kind for each in self.questions if each.kind == Question.Kind.POINTS}
        return [kind for kind in PointKind.values if kind not in asked]


def returns_for(user: User) -> QuerySet[AgencyReturn]:
    """Returns that this person may read, with what a workbook of them names."""
    return AgencyReturn.objects.visible_to(user).select_related(
        "audit__partnership", "audit__toolkit", "agency"
    )


def case_returns_of(agency_return: AgencyReturn) -> QuerySet[CaseReturn]:
    return CaseReturn.objects.filter(agency_return=agency_return).select_related(
        "agency_return", "agency", "audit", "case", "own_grade"
    )


def content_of(agency_return: AgencyReturn, rows: Iterable[CaseReturn]) -> ReturnContent:
    """`rows`: case returns of this return, as `case_returns_of` reads them."""
    chosen = list(rows)
    answers, placements, entries = _answers(chosen), _placements(chosen), _entries(chosen)
    audit = agency_return.audit
    return ReturnContent(
        agency_return,
        list(
            asked_of(agency_return.agency_id, audit.toolkit_id)
            .select_related("follows")
            .order_by("position")
        ),
        list(audit.grades.all()),
        [
            CaseContent(
                row,
                {each.question_id: each for each in answers.get(row.pk, [])},
                placements.get(row.pk, []),
                entries.get(row.pk, []),
            )
            for row in chosen
        ],
    )


def _answers(rows: list[CaseReturn]) -> dict[UUID, list[Answer]]:
    found: dict[UUID, list[Answer]] = {}
    for answer in Answer.objects.filter(case_return__in=rows).order_by("pk"):
        found.setdefault(answer.case_return_id, []).append(answer)
    return found


def _placements(rows: list[CaseReturn]) -> dict[UUID, list[PointPlacement]]:
    found: dict[UUID, list[PointPlacement]] = {}
    listed_here = PointPlacement.objects.filter(point__case_return__in=rows, agreed=False)
    for placement in listed_here.select_related("point").order_by("position", "pk"):
        case_return_id = placement.point.case_return_id
        if case_return_id is not None:
            found.setdefault(case_return_id, []).append(placement)
    return found


def _entries(rows: list[CaseReturn]) -> dict[UUID, list[EngagementEntry]]:
    found: dict[UUID, list[EngagementEntry]] = {}
    for entry in EngagementEntry.objects.filter(case_return__in=rows):
        found.setdefault(entry.case_return_id, []).append(entry)
    return found
