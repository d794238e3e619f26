"""Mail about an audit: what is due, by when, and a link; never anything about a case."""

from collections.abc import Collection

from django.db.models import Q

from agencies import mail
from agencies.models import Membership, User
from agencies.roles import Permission, roles_with
from audits.domain import calendars
from audits.domain.calendars import Dated
from audits.models import AgencyReturn, Audit, DateMove, ReturnStage, Stage, TimeRequest

RETURN_BY, MEETING_ON = DateMove.Field.RETURN_BY.value, DateMove.Field.MEETING_ON.value


def cases_to_audit(audit: Audit, asked: list[AgencyReturn]) -> None:
    """Tell everybody who answers for these agencies that a return waits for them."""
    day_of_meeting = calendars.meeting(audit)
    for agency_return in asked:
        number = agency_return.case_returns.count()
        calendar = calendars.written([*calendars.return_due(agency_return), *day_of_meeting])
        for person in User.objects.answering_for(agency_return.agency_id):
            mail.send(
                person.email,
                "audit_circulated",
                {
                    "person": person,
                    "audit": audit,
                    "agency": agency_return.agency,
                    "due_on": agency_return.due_on,
                    "link": mail.link("agency-return-detail", agency_return.pk),
                },
                key=f"circulated:{agency_return.pk}:{number}:{person.pk}",
                partnership=audit.partnership,
                calendar=calendar,
            )


def dates_moved(audit: Audit, moved: Collection[str]) -> None:
    """Send everybody who had a date in their calendar the one that takes its place.

    The return's to the agencies that owe one; the meeting's to those asked and those who hold it.
    """
    events: dict[User, list[Dated]] = {}
    if RETURN_BY in moved and audit.stage == Stage.COLLECTING:
        owed = audit.agency_returns.filter(stage=ReturnStage.OPEN).select_related("agency")
        for agency_return in owed:
            agency_return.audit = audit
            for person in User.objects.answering_for(agency_return.agency_id):
                events.setdefault(person, []).extend(calendars.return_due(agency_return))
    if MEETING_ON in moved and audit.stage in (Stage.COLLECTING, Stage.MEETING):
        day_of_meeting = calendars.meeting(audit)
        for person in _at_the_meeting(audit):
            events.setdefault(person, []).extend(day_of_meeting)
    for person, dated in events.items():
        _tell_moved(audit, person, dated)


def _tell_moved(audit: Audit, person: User, dated: list[Dated]) -> None:
    occasion = ",".join(f"{each.uid.split('-')[0]}{each.sequence}" for each in dated)
    mail.send(
        person.email,
        "dates_moved",
        {
            "person": person,
            "audit": audit,
            "dated": dated,
            "link": mail.link("audit-detail", audit.pk),
        },
        key=f"moved:{audit.pk}:{occasion}:{person.pk}",
        partnership=audit.partnership,
        calendar=calendars.written(dated),
    )


def _at_the_meeting(audit: Audit) -> list[User]:
    """Who fills in returns for an agency asked; the chair; the members of the sub-group."""
    of_agencies = Q(
        role__in=roles_with(Permission.ANSWER_RETURN),
        agency__in=audit.agency_returns.exclude(stage=ReturnStage.EXCUSED).values("agency"),
    )
    invited = Q(role__in=["chair", "member"], partnership=audit.partnership_id)
    held = Membership.objects.current().filter(of_agencies | invited)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")))


def time_asked(request: TimeRequest) -> None:
    """At once to whoever can grant it; why stands on the page and never in a mail."""
    owed = request.agency_return
    may_grant = User.objects.who_may(
        Permission.RUN_AUDIT, partnership=owed.audit.partnership_id, agency=owed.agency_id
    )
    for person in may_grant:
        mail.send(
            person.email,
            "time_asked",
            {
                "person": person,
                "request": request,
                "owed": owed,
                "link": mail.link("time-request-answer", owed.pk, request.pk),
            },
            key=f"time-asked:{request.pk}:{person.pk}",
            partnership=owed.audit.partnership,
        )


def time_answered(request: TimeRequest) -> None:
    """To everybody who fills in the agency's returns, with the new day for their calendar."""
    owed = request.agency_return
    granted = request.answer == TimeRequest.Answer.GRANTED
    calendar = calendars.written(calendars.return_due(owed)) if granted else None
    for person in User.objects.answering_for(owed.agency_id):
        mail.send(
            person.email,
            "time_answered",
            {
                "person": person,
                "owed": owed,
                "granted": granted,
                "link": mail.link("agency-return-detail", owed.pk),
            },
            key=f"time-answered:{request.pk}:{person.pk}",
            partnership=owed.audit.partnership,
            calendar=calendar,
        )
