"""Who owes what, since when, and when they were last reminded: the returns of one audit."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from agencies.models import Membership, User
from agencies.roles import Permission
from audits.domain.reminders import Reminder, last_reminders
from audits.domain.transitions import Transition
from audits.models import (
    FINISHED,
    AgencyReturn,
    Audit,
    CaseReturn,
    Correction,
    ReturnStage,
    Stage,
    StatusChange,
    TimeRequest,
)
from audits.reading.agency_returns import CHANGE, IN_SAMPLE, offered

Left = list[tuple[str, int]]
"""Cases that are left, by the name of their auditor, who may have no account to answer with;
empty where nobody has taken them on."""


@dataclass(frozen=True)
class ReturnRow:
    """One agency asked, as the list shows it; `readable` where its words may be read too."""

    agency_return: AgencyReturn
    finished: int
    total: int
    last_moved: Any
    asked_at: Any
    from_paper: int
    readable: bool
    reason: str
    corrected_at: Any
    """When something of it was last corrected after sign-off, for whoever may read it."""
    steps: Sequence[tuple[str, Transition]]
    left: Left = field(default_factory=list)
    reminder: Reminder | None = None
    time_request: UUID | None = None
    """An answer that the agency waits for."""
    reachable: bool = True
    """Whether anybody with an account fills in its returns, so that a reminder has a reader."""

    @property
    def owes(self) -> bool:
        row = self.agency_return
        return row.stage == ReturnStage.OPEN and row.audit.stage == Stage.COLLECTING

    @property
    def late(self) -> bool:
        return self.agency_return.is_late

    @property
    def due_on(self) -> date | None:
        return self.agency_return.due_on

    @property
    def has_own_date(self) -> bool:
        return self.due_on != self.agency_return.audit.return_by

    @property
    def days(self) -> str:
        """How far off the date is, in words, or how long past."""
        if self.due_on is None:
            return ""
        days = (self.due_on - timezone.localdate()).days
        if days < 0:
            return f"{-days} day{'s' if days < -1 else ''} late"
        return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    rows: list[ReturnRow]


def groups(rows: Sequence[ReturnRow]) -> list[Group]:
    """The late first, those longest overdue at the top; what is in comes last."""
    by_due = sorted(rows, key=lambda row: (row.due_on or date.max, row.agency_return.agency.name))
    found = [
        Group("late", "Late", [row for row in by_due if row.late]),
        Group("open", "Still to come", [row for row in by_due if not row.late and _is_open(row)]),
        Group("in", "In", [row for row in rows if not _is_open(row)]),
    ]
    return [group for group in found if group.rows]


def _is_open(row: ReturnRow) -> bool:
    return row.agency_return.stage == ReturnStage.OPEN


def return_rows(audit: Audit, user: User) -> list[ReturnRow]:
    """Whose auditors are named, who was reminded and who asks for time is for the officer."""
    known_of = AgencyReturn.objects.states_visible_to(user)
    readable = set(
        AgencyReturn.objects.visible_to(user).filter(audit=audit).values_list("pk", flat=True)
    )
    rows = _with_counts(
        AgencyReturn.objects.filter(
            Q(pk__in=readable) | Q(pk__in=known_of.values("pk")), audit=audit
        )
    )
    if not user.may(Permission.RUN_AUDIT, audit.partnership_id):
        return [_row(each, user, readable) for each in rows]
    left, reminded, asking = _left(audit), last_reminders(audit), _asking(audit)
    return [
        _row(
            each,
            user,
            readable,
            left=left[each.pk],
            reminder=reminded.get(str(each.pk)),
            time_request=asking.get(each.pk),
        )
        for each in rows
    ]


def _with_counts(rows: QuerySet[AgencyReturn]) -> QuerySet[Any]:
    asked = StatusChange.objects.filter(
        Q(audit=OuterRef("audit"), agency_return=None, transition="circulate")
        | Q(agency_return=OuterRef("pk"), transition="reopen")
    ).order_by("-at", "-pk")
    corrected = Correction.objects.filter(agency_return=OuterRef("pk")).order_by("-at")
    answerers = Membership.objects.giving(Permission.ANSWER_RETURN)
    return (
        rows.select_related("agency", "signed_off_by", "audit")
        .annotate(
            total=Count("case_returns", filter=IN_SAMPLE),
            finished=Count("case_returns", filter=IN_SAMPLE & Q(case_returns__stage__in=FINISHED)),
            from_paper=Count(
                "case_returns", filter=IN_SAMPLE & Q(case_returns__entered_from_paper=True)
            ),
            last_moved=Subquery(_changes(OuterRef("pk")).values("at")[:1]),
            last_change=Subquery(_changes(OuterRef("pk")).values(change=CHANGE)[:1]),
            asked_at=Subquery(asked.values("at")[:1]),
            reachable=Exists(answerers.filter(agency=OuterRef("agency"))),
            corrected_at=Subquery(corrected.values("at")[:1]),
        )
        .order_by("agency__name")
    )


def _changes(agency_return: OuterRef) -> QuerySet[StatusChange]:
    """What happened to a return or to one of its case returns, the last first."""
    return StatusChange.objects.filter(
        Q(agency_return=agency_return) | Q(case_return__agency_return=agency_return)
    ).order_by("-at", "-pk")


def _left(audit: Audit) -> dict[UUID, Left]:
    found: dict[UUID, Left] = defaultdict(list)
    answerers = Membership.objects.giving(Permission.ANSWER_RETURN)
    rows = (
        CaseReturn.objects.in_sample()
        .filter(audit=audit)
        .exclude(stage__in=FINISHED)
        .order_by()
        .annotate(
            is_here=Exists(answerers.filter(agency=OuterRef("agency"), user=OuterRef("auditor")))
        )
        .values_list("agency_return", "auditor__name", "is_here")
        .annotate(number=Count("pk"))
    )
    for agency_return, name, is_here, number in sorted(rows, key=lambda row: row[1] or "\uffff"):
        who = name if is_here or not name else f"{name} (no account)"
        found[agency_return].append((who or "", number))
    return found


def _asking(audit: Audit) -> dict[UUID, UUID]:
    waiting = TimeRequest.objects.waiting().filter(agency_return__audit=audit)
    return dict(waiting.values_list("agency_return", "pk"))


def _row(agency_return: Any, user: User, readable: set[UUID], **of_officer: Any) -> ReturnRow:
    change = agency_return.last_change or {}
    own_step = change.get("transition") in ("decline", "excuse", "reopen")
    return ReturnRow(
        agency_return=agency_return,
        finished=agency_return.finished,
        total=agency_return.total,
        last_moved=agency_return.last_moved,
        asked_at=agency_return.asked_at,
        from_paper=agency_return.from_paper,
        reachable=agency_return.reachable,
        readable=agency_return.pk in readable,
        reason=change.get("reason", "") if own_step and agency_return.pk in readable else "",
        corrected_at=agency_return.corrected_at if agency_return.pk in readable else None,
        steps=[
            (name, step)
            for name, step in offered(agency_return, user)
            if name in ("excuse", "reopen")
        ],
        **of_officer,
    )
