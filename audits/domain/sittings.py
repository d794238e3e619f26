"""One entry of the activity a person, return and sitting: saving while one types makes no more.

What was written, save by save, is kept as `TextRevision`s; the activity says that somebody sat
down to write. A sitting lasts two hours from whatever the activity says of them in this return.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from agencies.domain import activity
from agencies.models import Activity, ActivityKind, User
from audits.models import AgencyReturn, CaseReturn

SITTING = timedelta(hours=2)
WROTE = "wrote in the return"


def seated(by: User) -> Exists:
    """For a query of returns or of case returns: whether this person's sitting has its entry."""
    return Exists(
        Activity.objects.filter(
            audit_id=OuterRef("audit_id"),
            agency_id=OuterRef("agency_id"),
            by=by,
            kind=ActivityKind.CHANGE,
            at__gte=timezone.now() - SITTING,
        )
    )


def note(
    agency_return: AgencyReturn,
    *,
    by: User,
    case_return: CaseReturn | None = None,
    is_seated: bool | None = None,
) -> None:
    """Record that they write in this return, unless this sitting has its entry.

    `is_seated` is what `seated` said, where the row was read with it.
    """
    if activity.gathers(by=by, audit_id=agency_return.audit_id, agency_id=agency_return.agency_id):
        return
    if is_seated is None:
        is_seated = _is_seated(agency_return, by)
    if not is_seated:
        audit = case_return.audit if case_return else agency_return.audit
        activity.record(
            WROTE,
            by=by,
            partnership=audit.partnership_id,
            subject=agency_return,
            audit_id=audit.pk,
        )


def _is_seated(agency_return: AgencyReturn, by: User) -> bool:
    return AgencyReturn.objects.filter(seated(by), pk=agency_return.pk).exists()
