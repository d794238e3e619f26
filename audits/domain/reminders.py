"""Reminding an agency of the return it owes. Mail says what is due, when, and gives a link."""

from dataclasses import dataclass

from django.db import transaction

from agencies import mail
from agencies.domain import activity
from agencies.models import Agency, User
from audits.models import AgencyReturn, Audit


@transaction.atomic
def remind(agency_return: AgencyReturn, *, by: User) -> int:
    """Write to everybody who fills in this agency's returns; says to how many people."""
    audit = agency_return.audit
    people = list(User.objects.answering_for(agency_return.agency_id))
    for person in people:
        mail.send(
            person.email,
            "return_reminder",
            {
                "person": person,
                "audit": audit,
                "return_by": audit.return_by,
                "link": mail.link("agency-return-detail", agency_return.pk),
            },
        )
    if people:
        activity.record(
            "reminded the agency of its return",
            by=by,
            partnership=audit.partnership_id,
            subject=agency_return,
            audit_id=audit.pk,
        )
    return len(people)


@dataclass(frozen=True)
class Reminded:
    """How many people were written to, for which agencies, and whose mail nobody would get."""

    people: int
    agencies: list[Agency]
    unanswered: list[Agency]


@transaction.atomic
def remind_all(audit: Audit, *, by: User) -> Reminded:
    """Remind every agency that owes its return."""
    written = {
        owed.agency: remind(owed, by=by)
        for owed in audit.agency_returns.owed().select_related("audit", "agency")
    }
    return Reminded(
        people=sum(written.values()),
        agencies=[agency for agency, people in written.items() if people],
        unanswered=[agency for agency, people in written.items() if not people],
    )
