"""Mail about an audit: what is due, by when, and a link; never anything about a case."""

from agencies import mail
from agencies.models import User
from audits.models import AgencyReturn, Audit


def cases_to_audit(audit: Audit, asked: list[AgencyReturn]) -> None:
    """Tell everybody who answers for these agencies that a return waits for them."""
    for agency_return in asked:
        for person in User.objects.answering_for(agency_return.agency_id):
            context = {
                "person": person,
                "audit": audit,
                "agency": agency_return.agency,
                "link": mail.link("agency-return-detail", agency_return.pk),
            }
            mail.send(person.email, "audit_circulated", context)
