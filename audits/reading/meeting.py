"""What the page of a meeting puts together: its cases, its people, how far it has come."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from agencies.models import Membership, User
from agencies.roles import Permission
from audits.models import Attendance, Audit, Case, Discussion, Meeting, Point, PointKind, Stage

TO_DISCUSS = ("", "To discuss")


@dataclass(frozen=True)
class CaseLine:
    """One case on the agenda; `state` is empty until it was discussed or passed over."""

    id: UUID
    number: int
    name: str
    state: str
    state_label: str
    introduced_by: str
    reason: str
    agreed: int

    @property
    def tone(self) -> str:
        return {"discussed": "good", "passed_over": "quiet"}.get(self.state, "neutral")


@dataclass(frozen=True)
class Agenda:
    cases: list[CaseLine]

    @property
    def settled(self) -> int:
        return sum(bool(case.state) for case in self.cases)

    @property
    def is_finished(self) -> bool:
        return bool(self.cases) and self.settled == len(self.cases)

    @property
    def next_case(self) -> CaseLine | None:
        return next((case for case in self.cases if not case.state), None)

    def around(self, case_id: UUID) -> tuple[CaseLine | None, CaseLine | None]:
        """The case before and the case after."""
        index = next(i for i, case in enumerate(self.cases) if case.id == case_id)
        after = self.cases[index + 1] if index + 1 < len(self.cases) else None
        return (self.cases[index - 1] if index else None, after)


def agenda_of(audit: Audit, user: User) -> Agenda:
    """Every case in the sample, in one query of cases and one of what was agreed."""
    cases = Case.objects.visible_to(user).filter(audit=audit).in_sample()
    rows = cases.select_related("discussion")
    agreed = Counter[UUID | None](
        Point.objects.filter(audit=audit, placements__agreed=True).values_list("case", flat=True)
    )
    return Agenda([_line(case, agreed[case.pk]) for case in rows])


def _line(case: Case, agreed: int) -> CaseLine:
    discussion: Discussion | None = getattr(case, "discussion", None)
    state = discussion.state if discussion else ""
    return CaseLine(
        id=case.pk,
        number=case.number,
        name=str(case),
        state=state,
        state_label=str(Discussion.State(state).label) if state else TO_DISCUSS[1],
        introduced_by=discussion.introduced_by if discussion else "",
        reason=discussion.passed_over_reason if discussion else "",
        agreed=agreed,
    )


@dataclass(frozen=True)
class AgreedSoFar:
    """How many points the meeting agreed under each kind, on cases and on the whole audit."""

    kinds: list[tuple[str, int]]
    whole_audit: int

    @property
    def total(self) -> int:
        return sum(count for _, count in self.kinds)


def agreed_so_far(audit: Audit) -> AgreedSoFar:
    counts = Point.objects.filter(audit=audit).aggregate(
        whole=Count("placements", filter=Q(placements__agreed=True, case=None)),
        **{
            str(kind): Count("placements", filter=Q(placements__agreed=True, placements__kind=kind))
            for kind in PointKind
        },
    )
    return AgreedSoFar(
        [(str(kind.label), counts[str(kind)]) for kind in PointKind], counts["whole"]
    )


def attendance_of(meeting: Meeting | None) -> list[Attendance]:
    if meeting is None:
        return []
    return list(meeting.attendance.select_related("agency", "body"))


@dataclass(frozen=True)
class Suggestion:
    name: str
    job_title: str
    agency_id: UUID


def suggested_people(audit: Audit, present: list[Attendance]) -> list[Suggestion]:
    """The leads of the agencies asked who are not on the list yet."""
    listed = {row.name.casefold() for row in present}
    leads = (
        Membership.objects.giving(Permission.LEAD_RETURN)
        .filter(partnership=audit.partnership_id, agency__in=audit.agency_returns.values("agency"))
        .select_related("user", "agency")
        .order_by("agency__name", "user__name")
    )
    return [
        Suggestion(lead.user.name, "", lead.agency_id)
        for lead in leads
        if lead.agency_id is not None and lead.user.name.casefold() not in listed
    ]


def may_edit_meeting(audit: Audit, user: User) -> bool:
    return audit.stage == Stage.MEETING and user.may(Permission.RUN_MEETING, audit.partnership_id)


def may_edit_attendance(audit: Audit, user: User) -> bool:
    return audit.stage in (Stage.MEETING, Stage.DRAFTING) and user.may(
        Permission.RUN_MEETING, audit.partnership_id
    )
