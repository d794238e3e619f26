"""Everything that waits for a person, in all their partnerships, as one mail a day names it.

Worked out from who owes what and who may see it: each question starts from what the person may
see, so nobody is ever told of something they could not open.
"""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from agencies import mail
from agencies.models import User
from agencies.roles import Permission
from audits.domain.chasing_days import is_new, is_weekly_day
from audits.domain.chasing_identities import identities_to_go
from audits.domain.chasing_returns import (
    replies_to_collate,
    returns_late,
    returns_owed,
    sent_back,
)
from audits.domain.waiting import Waiting, counted
from audits.models import (
    Audit,
    Concern,
    Nomination,
    ReturnStage,
    Stage,
    StatusChange,
    TimeRequest,
)


def waiting_for(user: User, today: date) -> list[Waiting]:
    """In the order in which it is due, what has no date last."""
    found = chain.from_iterable(question(user, today) for question in QUESTIONS)
    return sorted(found, key=lambda each: each.due or date.max)


def concerns_open(user: User, today: date) -> Iterator[Waiting]:
    """Asked each day, weekends too, until somebody has put their name to it."""
    answered_by = Q(agency__in=user.agencies_with(Permission.LEAD_RETURN)) | Q(
        audit__partnership__in=user.partnerships_with(Permission.RUN_AUDIT)
    )
    found = Concern.objects.visible_to(user).open().filter(answered_by).exclude(raised_by=user)
    for concern in found.select_related("audit__partnership"):
        yield Waiting(
            partnership=concern.audit.partnership,
            words=f"“{concern.audit.title}”: a concern about immediate risk to acknowledge",
            link=mail.link("concern-detail", concern.pk),
            due=timezone.localdate(concern.raised_at),
            due_word="since",
            asks=True,
        )


def time_to_grant(user: User, today: date) -> Iterator[Waiting]:
    """Until it is answered an agency does not know by when to be ready, so it is asked daily."""
    found = (
        TimeRequest.objects.visible_to(user)
        .waiting()
        .filter(
            agency_return__audit__partnership__in=user.partnerships_with(Permission.RUN_AUDIT),
            agency_return__stage=ReturnStage.OPEN,
            agency_return__audit__stage=Stage.COLLECTING,
        )
        .select_related("agency_return__agency", "agency_return__audit__partnership")
    )
    for each in found:
        owed = each.agency_return
        yield Waiting(
            partnership=owed.audit.partnership,
            words=f"“{owed.audit.title}”: {owed.agency.short_name} asks for "
            f"{counted(each.days, 'more day', 'more days')}",
            link=mail.link("time-request-answer", owed.pk, each.pk),
            due=owed.due_on,
            asks=today.weekday() < 5,
        )


def nominations_to_decide(user: User, today: date) -> Iterator[Waiting]:
    audits: QuerySet[Any] = _run_by(user, stage=Stage.NOMINATING).annotate(
        proposed=Count("nominations", filter=Q(nominations__stage=Nomination.Stage.PROPOSED)),
        newest=Max("nominations__at", filter=Q(nominations__stage=Nomination.Stage.PROPOSED)),
    )
    for audit in audits.filter(proposed__gt=0):
        asks = is_new(timezone.localdate(audit.newest), today) or audit.nominate_by == today
        yield Waiting(
            partnership=audit.partnership,
            words=f"“{audit.title}”: {counted(audit.proposed, 'nomination')} to decide on",
            link=mail.link("case-list", audit.pk),
            due=audit.nominate_by,
            asks=asks or is_weekly_day(today),
        )


def returns_all_in(user: User, today: date) -> Iterator[Waiting]:
    """The last return came in: the audit can go to its meeting."""
    last = StatusChange.objects.filter(agency_return__audit=OuterRef("pk")).order_by("-at", "-pk")
    audits: QuerySet[Any] = _run_by(user, stage=Stage.COLLECTING).annotate(
        asked=Count("agency_returns"),
        owing=Count("agency_returns", filter=Q(agency_returns__stage=ReturnStage.OPEN)),
        settled_at=Subquery(last.values("at")[:1]),
    )
    for audit in audits.filter(asked__gt=0, owing=0):
        since = timezone.localdate(audit.settled_at) if audit.settled_at else None
        yield Waiting(
            partnership=audit.partnership,
            words=f"“{audit.title}”: every return is in, so it can go to its meeting",
            link=mail.link("audit-detail", audit.pk),
            due=audit.meeting_on,
            due_word="on",
            asks=is_new(since, today) or is_weekly_day(today),
        )


def approvals_waiting(user: User, today: date) -> Iterator[Waiting]:
    """Drafts with the chair; and those the chair sent back, for the officer."""
    chairing = user.partnerships_with(Permission.PUBLISH)
    running = user.partnerships_with(Permission.RUN_AUDIT)
    moved = StatusChange.objects.filter(
        audit=OuterRef("pk"), agency_return=None, case_return=None
    ).order_by("-at", "-pk")
    drafts: QuerySet[Any] = (
        Audit.objects.visible_to(user)
        .filter(stage=Stage.DRAFTING, partnership__in=chairing | running)
        .select_related("partnership")
        .annotate(
            last_step=Subquery(moved.values("transition")[:1]),
            last_at=Subquery(moved.values("at")[:1]),
        )
    )
    for audit in drafts:
        if audit.awaiting_approval and audit.partnership_id in chairing:
            yield _draft(audit, "both documents wait for your approval", today)
        elif audit.last_step == "send-back-draft" and audit.partnership_id in running:
            yield _draft(audit, "the chair sent the drafts back with comments", today)


def _draft(audit: Any, words: str, today: date) -> Waiting:
    asked = timezone.localdate(audit.last_at) if audit.last_at else None
    return Waiting(
        partnership=audit.partnership,
        words=f"“{audit.title}”: {words}",
        link=mail.link("audit-documents", audit.pk),
        due=audit.report_by,
        asks=is_new(asked, today) or audit.report_by == today or is_weekly_day(today),
    )


def _run_by(user: User, *, stage: Stage) -> QuerySet[Audit]:
    return (
        Audit.objects.visible_to(user)
        .filter(stage=stage, partnership__in=user.partnerships_with(Permission.RUN_AUDIT))
        .select_related("partnership")
    )


QUESTIONS = (
    concerns_open,
    returns_owed,
    sent_back,
    replies_to_collate,
    time_to_grant,
    returns_late,
    nominations_to_decide,
    returns_all_in,
    approvals_waiting,
    identities_to_go,
)
