"""Who owes what of the agencies' returns, and who is to be told that something is late."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from agencies import mail
from agencies.models import User
from agencies.roles import Permission
from audits.domain.chasing_days import Chase, is_new, is_weekly_day
from audits.domain.waiting import Waiting, counted
from audits.models import AgencyReturn, CaseReturn, ContributorPoint, ContributorRequest


def returns_owed(user: User, today: date) -> Iterator[Waiting]:
    """What a person owes of their agencies' returns: their cases, nobody's cases, the sign-off."""
    leading = user.agencies_with(Permission.LEAD_RETURN)
    owed: QuerySet[Any] = (
        AgencyReturn.objects.visible_to(user)
        .owed()
        .filter(agency__in=user.agencies_with(Permission.ANSWER_RETURN))
        .select_related("audit__partnership", "agency")
        .with_what_is_left(user)
    )
    for row in owed:
        yield from _owed(row, today, leads=row.agency_id in leading)


def _owed(row: Any, today: date, *, leads: bool) -> Iterator[Waiting]:
    chase = _chase(row) if row.due_on else None
    asks = chase is not None and chase.asks_on(today)
    if row.mine_left:
        yield _line(row, f"{counted(row.mine_left, 'case')} for you to audit", asks=asks)
    if row.unassigned:
        words = f"{counted(row.unassigned, 'case')} that nobody has taken on yet"
        yield _line(row, words, asks=asks)
    if leads and not row.left:
        yield _line(row, "the return to sign off: every case is finished", asks=asks)
    elif leads and chase is not None and chase.tells_lead_on(today):
        done = f"{row.total - row.left} of {counted(row.total, 'case')} finished"
        yield _line(row, f"the return is late, {done}", asks=True)


def _line(row: AgencyReturn, words: str, *, asks: bool) -> Waiting:
    return Waiting(
        partnership=row.audit.partnership,
        words=f"{row.agency.short_name}, “{row.audit.title}”: {words}",
        link=mail.link("agency-return-detail", row.pk),
        due=row.due_on,
        asks=asks,
        about=row.pk,
    )


def sent_back(user: User, today: date) -> Iterator[Waiting]:
    """Cases their lead wants changed; why stands on the page and never in a mail."""
    returned: QuerySet[Any] = CaseReturn.objects.sent_back_to(user).select_related(
        "case", "agency_return__audit__partnership"
    )
    for row in returned:
        yield Waiting(
            partnership=row.agency_return.audit.partnership,
            words=f"{row.case} of “{row.agency_return.audit.title}” was sent back to you",
            link=mail.link("case-return-edit", row.agency_return_id, row.pk),
            due=row.agency_return.due_on,
            asks=is_new(timezone.localdate(row.last_at), today),
        )


def replies_to_collate(user: User, today: date) -> Iterator[Waiting]:
    """What contributors wrote and nobody has taken over into the agency's case returns yet."""
    written = (
        ContributorPoint.objects.filter(
            taken_over=False,
            request__stage=ContributorRequest.Stage.REPLIED,
            request__case_return__case__withdrawn_at=None,
            request__case_return__agency_return__in=AgencyReturn.objects.visible_to(user)
            .owed()
            .filter(agency__in=user.agencies_with(Permission.LEAD_RETURN)),
        )
        .order_by()
        .values("request__case_return__agency_return")
        .annotate(
            contributors=Count("request__contributor", distinct=True),
            last=Max("request__answered_on"),
        )
    )
    replies = {row["request__case_return__agency_return"]: row for row in written}
    rows = AgencyReturn.objects.filter(pk__in=replies).select_related("audit__partnership")
    for row in rows.select_related("agency"):
        found = replies[row.pk]
        agency = row.agency
        noun = counted(
            found["contributors"], agency.contributor_noun, agency.contributor_noun_plural
        )
        yield Waiting(
            partnership=row.audit.partnership,
            words=f"{agency.short_name}, “{row.audit.title}”: what {noun} replied, to take over",
            link=mail.link("contributor-request-list", row.pk),
            due=row.due_on,
            asks=is_new(found["last"], today),
        )


def returns_late(user: User, today: date) -> Iterator[Waiting]:
    """For the officer and, later, the chair: which agencies are late, in states and counts."""
    running = user.partnerships_with(Permission.RUN_AUDIT)
    steering = user.partnerships_with(Permission.PUBLISH)
    owed = (
        AgencyReturn.objects.states_visible_to(user)
        .owed()
        .filter(audit__partnership__in=running | steering)
        .select_related("audit__partnership", "agency")
    )
    by_audit: dict[UUID, list[AgencyReturn]] = defaultdict(list)
    for row in owed:
        if row.due_on is not None and row.due_on < today:
            by_audit[row.audit_id].append(row)
    for late in by_audit.values():
        if late[0].audit.partnership_id in running:
            yield _late(late, today, asks=_asks_the_officer(late, today))
        elif told := [row for row in late if _chase(row).chair_from <= today]:
            asks = any(_chase(row).tells_chair_on(today) for row in told)
            yield _late(told, today, asks=asks)


def _chase(row: AgencyReturn) -> Chase:
    """Of a return that has a date."""
    return Chase.of(row.audit.partnership, row.due_on or date.max)


def _asks_the_officer(late: list[AgencyReturn], today: date) -> bool:
    return is_weekly_day(today) or any(is_new(row.due_on, today) for row in late)


def _late(late: list[AgencyReturn], today: date, *, asks: bool) -> Waiting:
    audit = late[0].audit
    late = sorted(late, key=lambda row: (row.due_on or today, row.agency.short_name))
    names = ", ".join(f"{row.agency.short_name} ({_days_late(row, today)})" for row in late)
    number = counted(len(late), "return")
    verb = "is" if len(late) == 1 else "are"
    return Waiting(
        partnership=audit.partnership,
        words=f"“{audit.title}”: {number} {verb} late: {names}",
        link=mail.link("agency-return-list", audit.pk),
        due=late[0].due_on,
        asks=asks,
    )


def _days_late(row: AgencyReturn, today: date) -> str:
    return counted((today - row.due_on).days, "day") if row.due_on else ""
