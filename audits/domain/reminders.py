"""Reminding an agency of the return it owes. Mail says what is due, when, and gives a link."""

from django.db import transaction

from agencies import mail
from agencies.domain import activity
from agencies.models import User
from audits.models import AgencyReturn


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
