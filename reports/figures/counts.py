"""Counts of one audit, from its rows.

Only complete case returns count, once drafting begins those of signed-off returns alone.
Withdrawn cases are out of the sample; a grade is the agency's own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet

from audits.models import (
    KNOWN_TO_AGENCY,
    AgencyReturn,
    Audit,
    Case,
    CaseReturn,
    CaseReturnStage,
    ContributorAnswer,
    ContributorRequest,
    Grade,
    ReturnStage,
    Stage,
    YesNoAnswer,
)
from audits.models.case_return import CaseReturnQuerySet

NO_ANSWER = ""


@dataclass(frozen=True)
class Count:
    """`numerator` of `denominator` units; a denominator of None is not known."""

    numerator: int
    denominator: int | None
    unit: str

    def __str__(self) -> str:
        if self.denominator is None:
            return f"{self.numerator} {self.unit}"
        return f"{self.numerator} of {self.denominator} {self.unit}"


@dataclass(frozen=True)
class AgencyTally:
    """What one agency's counting case returns add up to, in cases."""

    audited: int
    grades: Mapping[int, int]
    """Cases by id of the agency's own grade; ungraded cases are in `audited` alone."""

    @property
    def graded(self) -> int:
        return sum(self.grades.values())

    @property
    def ungraded(self) -> int:
        return self.audited - self.graded


NOTHING = AgencyTally(audited=0, grades={})


@cache
def _audited() -> CaseReturnQuerySet:
    """Case returns of any audit that count (design, section 5), if their agency's return stands:
    known to the agency and complete.

    What is counted of them is the same for every audit, so each way is put together once.
    """
    return CaseReturn.objects.filter(known__in=KNOWN_TO_AGENCY, stage=CaseReturnStage.COMPLETE)


@cache
def _graded() -> QuerySet[CaseReturn, tuple[UUID, int | None, int]]:
    rows = _audited().values_list("agency", "own_grade").annotate(number=CountOf("pk"))
    return rows.order_by()


@cache
def _answered() -> QuerySet[CaseReturn, tuple[UUID, UUID, str, int]]:
    given = _audited().filter(
        answers__question__kind__in=["yes_no", "choice"], answers__value__gt=NO_ANSWER
    )
    rows = given.values_list("answers__question", "agency", "answers__value")
    return rows.annotate(number=CountOf("answers")).order_by()


class AuditCounts:
    """All counts of one audit; each kind is read once, when first asked for, in one query."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit

    @cached_property
    def agency_returns(self) -> list[AgencyReturn]:
        return list(self.audit.agency_returns.select_related("agency"))

    @cached_property
    def _all_cases(self) -> list[Case]:
        return list(self.audit.cases.all())

    @cached_property
    def cases(self) -> list[Case]:
        """The sample, in the order of its numbers."""
        return [case for case in self._all_cases if case.withdrawn_at is None]

    @cached_property
    def withdrawn(self) -> list[UUID]:
        """Ids of the cases that left the sample."""
        return [case.pk for case in self._all_cases if case.withdrawn_at is not None]

    @property
    def sample(self) -> int:
        return len(self.cases)

    @cached_property
    def scale(self) -> list[Grade]:
        return list(self.audit.grades.all())

    @cached_property
    def _good(self) -> set[int]:
        return {grade.pk for grade in self.scale if grade.meets_good}

    def of(self, agency_id: UUID) -> AgencyTally:
        return self.tallies.get(agency_id, NOTHING)

    def known(self, agency_id: UUID | None) -> Count:
        """The same as audited: a case counts as known once its return is complete."""
        return self.audited(agency_id)

    def audited(self, agency_id: UUID | None) -> Count:
        """Cases known and complete of the sample; over all agencies, by at least one."""
        if agency_id is None:
            return Count(self.audited_cases, self.sample, "cases")
        return Count(self.of(agency_id).audited, self.sample, "cases")

    def met_good(self, agency_id: UUID | None) -> Count:
        """Cases graded good or better of the cases graded; over all agencies, case returns."""
        tallies = self._chosen(agency_id)
        good = sum(
            number
            for tally in tallies
            for grade_id, number in tally.grades.items()
            if grade_id in self._good
        )
        graded = sum(tally.graded for tally in tallies)
        return Count(good, graded, "cases" if agency_id else "case returns")

    def answered_yes(self, question_id: UUID, agency_id: UUID | None) -> Count:
        """Cases answered yes of the cases audited; over all agencies, case returns."""
        if agency_id is None:
            yes = sum(
                counter[YesNoAnswer.YES]
                for (question, _agency), counter in self.answers.items()
                if question == question_id
            )
            audited = sum(tally.audited for tally in self.tallies.values())
            return Count(yes, audited, "case returns")
        yes = self.answers[question_id, agency_id][YesNoAnswer.YES]
        return Count(yes, self.of(agency_id).audited, "cases")

    def answer_counts(
        self, question_id: UUID, agency_id: UUID, values: Iterable[str]
    ) -> tuple[int, ...]:
        """Cases for each value in turn, and last those audited without an answer."""
        counter = self.answers[question_id, agency_id]
        counts = [counter.get(value, 0) for value in values]
        return (*counts, self.of(agency_id).audited - sum(counts))

    def is_answered(self, question_id: UUID, agency_id: UUID, values: Iterable[str]) -> bool:
        """Whether any case of the agency has one of these answers."""
        given = self.answers.get((question_id, agency_id))
        return given is not None and not given.keys().isdisjoint(values)

    def contributors_replied(self, agency_id: UUID | None, unit: str = "contributors") -> Count:
        pairs = (
            list(self.contributors.values())
            if agency_id is None
            else [self.contributors.get(agency_id, (0, 0))]
        )
        asked = sum(asked for asked, _replied in pairs)
        return Count(sum(replied for _asked, replied in pairs), asked or None, unit)

    def contributors_answered_yes(
        self, question_id: UUID, agency_id: UUID | None, unit: str = "contributors"
    ) -> Count:
        """Distinct contributors who answered yes about one case at least, of those who replied."""
        replied = self.contributors_replied(agency_id).numerator
        found = self.contributors_yes
        yes = sum(
            number
            for (question, agency), number in found.items()
            if question == question_id and agency_id in (None, agency)
        )
        return Count(yes, replied, unit)

    def _chosen(self, agency_id: UUID | None) -> list[AgencyTally]:
        return list(self.tallies.values()) if agency_id is None else [self.of(agency_id)]

    def _here[Rows: QuerySet[Any, Any]](self, rows: Rows) -> Rows:
        """Of these case returns the ones of this audit that stand.

        What does not count is named, from rows that are read anyway: joined to, the cases and
        returns of every audit there ever was would be read to find those of this one.
        """
        rows = rows.filter(audit=self.audit)
        if self.withdrawn:
            rows = rows.exclude(case__in=self.withdrawn)
        return rows.exclude(agency_return__in=self._apart) if self._apart else rows

    @cached_property
    def _apart(self) -> list[UUID]:
        """Ids of the agencies' returns that do not count: nil, declined or excused, and once the
        report is drafted those that nobody signed off."""
        stand = {ReturnStage.SIGNED_OFF}
        if not self.audit.has_reached(Stage.DRAFTING):
            stand.add(ReturnStage.OPEN)
        return [row.pk for row in self.agency_returns if row.stage not in stand]

    @cached_property
    def tallies(self) -> dict[UUID, AgencyTally]:
        audited: Counter[UUID] = Counter()
        grades: defaultdict[UUID, Counter[int]] = defaultdict(Counter)
        for agency_id, grade_id, number in self._here(_graded()):
            audited[agency_id] += number
            if grade_id is not None:
                grades[agency_id][grade_id] += number
        return {
            agency_id: AgencyTally(audited=number, grades=dict(grades[agency_id]))
            for agency_id, number in audited.items()
        }

    @cached_property
    def audited_cases(self) -> int:
        return self._here(_audited()).values("case").distinct().count()

    @cached_property
    def answers(self) -> defaultdict[tuple[UUID, UUID], Counter[str]]:
        counts: defaultdict[tuple[UUID, UUID], Counter[str]] = defaultdict(Counter)
        for question_id, agency_id, value, number in self._here(_answered()):
            counts[question_id, agency_id][value] = number
        return counts

    @cached_property
    def contributors(self) -> dict[UUID, tuple[int, int]]:
        """Distinct contributors asked and replied, by agency; of returns that count."""
        replied = Q(stage__in=ContributorRequest.REPLIED_STAGES)
        rows = (
            ContributorRequest.objects.filter(
                case_return__audit=self.audit, case_return__case__withdrawn_at=None
            )
            .exclude(case_return__agency_return__in=self._apart)
            .values_list("case_return__agency")
            .annotate(
                asked=CountOf("contributor", distinct=True),
                replied=CountOf("contributor", distinct=True, filter=replied),
            )
            .order_by()
        )
        return {agency_id: (asked, answered) for agency_id, asked, answered in rows}

    @cached_property
    def contributors_yes(self) -> dict[tuple[UUID, UUID], int]:
        """Distinct contributors by question and agency; only what was sent in counts."""
        rows = (
            ContributorAnswer.objects.filter(
                request__case_return__audit=self.audit,
                request__case_return__case__withdrawn_at=None,
                request__stage=ContributorRequest.Stage.REPLIED,
                question__kind="yes_no",
                value=YesNoAnswer.YES,
            )
            .exclude(request__case_return__agency_return__in=self._apart)
            .values_list("question", "request__case_return__agency")
            .annotate(number=CountOf("request__contributor", distinct=True))
            .order_by()
        )
        return {(question, agency): number for question, agency, number in rows}
