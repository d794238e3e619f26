"""Dates as a calendar file: the day a return is due, the day of the meeting; nothing of a case.

An event keeps its identity, and its number rises with each move of its date, so that a calendar
which took it in before moves it. Both are read from the rows that a move leaves behind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings

from agencies import mail
from agencies.domain import activity
from agencies.models import ActivityKind, User
from agencies.roles import Permission
from audits.models import AgencyReturn, Audit, DateMove, TimeRequest

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//MACA//Multi-agency case audits//EN"
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Dated:
    """A day in somebody's calendar."""

    uid: str
    sequence: int
    day: date
    summary: str
    link: str
    cancelled: bool = False


def return_due(agency_return: AgencyReturn) -> list[Dated]:
    """The day by which one agency's return is due, its own where it was given time."""
    audit = agency_return.audit
    granted = agency_return.time_requests.filter(answer=TimeRequest.Answer.GRANTED).count()
    return _event(
        f"return-{agency_return.pk}@maca",
        _moves(audit, DateMove.Field.RETURN_BY),
        agency_return.due_on,
        f"Return due: {audit.title} ({agency_return.agency.short_name})",
        mail.link("agency-return-detail", agency_return.pk),
        raised_by=granted,
    )


def all_returns_due(audit: Audit) -> list[Dated]:
    return _event(
        f"returns-{audit.pk}@maca",
        _moves(audit, DateMove.Field.RETURN_BY),
        audit.return_by,
        f"Returns due: {audit.title}",
        mail.link("audit-detail", audit.pk),
    )


def meeting(audit: Audit) -> list[Dated]:
    return _event(
        f"meeting-{audit.pk}@maca",
        _moves(audit, DateMove.Field.MEETING_ON),
        audit.meeting_on,
        f"Audit meeting: {audit.title}",
        mail.link("audit-detail", audit.pk),
    )


def for_person(audit: Audit, user: User) -> list[Dated]:
    """The dates of an audit that concern this person: their agencies' own, or all of them."""
    own = audit.agency_returns.filter(agency__in=user.agencies_with(Permission.ANSWER_RETURN))
    found = [
        event
        for row in AgencyReturn.objects.visible_to(user)
        .filter(pk__in=own)
        .select_related("audit", "agency")
        for event in return_due(row)
    ]
    if user.may(Permission.SEE_STATES, audit.partnership_id):
        found += all_returns_due(audit)
    return found + meeting(audit)


def written(events: Iterable[Dated]) -> bytes:
    """One file. Days, not hours: the application knows no hour of either."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for each in events:
        calendar.add_component(_written(each))
    return bytes(calendar.to_ical())


def _written(each: Dated) -> "Event":
    from icalendar import Event, vCalAddress
    from icalendar.enums import STATUS, TRANSP

    return Event.new(
        uid=each.uid,
        sequence=each.sequence,
        summary=each.summary,
        description=each.link,
        url=each.link,
        start=each.day,
        end=each.day + timedelta(days=1),
        status=STATUS.CANCELLED if each.cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT,
        organizer=vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"),
    )


def _moves(audit: Audit, field: DateMove.Field) -> list[DateMove]:
    return list(audit.date_moves.filter(field=field))


def _event(
    uid: str,
    moves: list[DateMove],
    day: date | None,
    summary: str,
    link: str,
    raised_by: int = 0,
) -> list[Dated]:
    """None where there never was a date; called off where there is none any more.

    A date that is set again leaves no move, so each one taken away counts twice by then.
    """
    sequence = len(moves) + sum(move.to_date is None for move in moves) + raised_by
    if day is not None:
        return [Dated(uid, sequence, day, summary, link)]
    if moves and moves[-1].from_date:
        return [Dated(uid, sequence - 1, moves[-1].from_date, summary, link, cancelled=True)]
    return []


def record_download(audit: Audit, *, by: User) -> None:
    activity.record(
        "downloaded dates for a calendar",
        by=by,
        partnership=audit.partnership_id,
        subject=audit,
        audit_id=audit.pk,
        kind=ActivityKind.EXPORT,
    )
