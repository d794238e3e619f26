"""Proposing cases, declining them, and noting that their identities were sent."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.models import Agency, User
from audits.domain.leading import hold_audit
from audits.models import Audit, IdentityNotice, Nomination, Stage

CLOSED = "Cases are nominated while the audit is nominating."


@transaction.atomic
def nominate(*, audit: Audit, by: User, reason: str, agency: Agency | None = None) -> Nomination:
    locked = hold_audit(audit.pk)
    if locked.stage != Stage.NOMINATING:
        raise RefusedError(CLOSED)
    nomination = Nomination.objects.create(
        audit=locked, by=by, reason=reason.strip(), agency=agency
    )
    _record("nominated a case", nomination=nomination, by=by)
    return nomination


@transaction.atomic
def decline_nomination(*, nomination: Nomination, by: User, reason: str) -> Nomination:
    locked = Nomination.objects.select_for_update(of=("self",), no_key=True).get(pk=nomination.pk)
    if locked.stage != Nomination.Stage.PROPOSED:
        raise RefusedError("This nomination was already decided.")
    locked.stage = Nomination.Stage.DECLINED
    locked.decline_reason = reason.strip()
    locked.save(update_fields=["stage", "decline_reason"])
    _record("declined a nomination", nomination=locked, by=by)
    return locked


@transaction.atomic
def note_identities_sent(
    *, audit: Audit, by: User, agencies: Iterable[Agency], sent_on: date
) -> list[IdentityNotice]:
    """That these agencies were told, outside the application, who the cases are."""
    notices = IdentityNotice.objects.bulk_create(
        IdentityNotice(audit=audit, agency=agency, sent_on=sent_on, by=by) for agency in agencies
    )
    activity.record(
        "noted that identities were sent",
        by=by,
        partnership=audit.partnership_id,
        subject=audit,
        audit_id=audit.pk,
    )
    return notices


def _record(verb: str, *, nomination: Nomination, by: User) -> None:
    audit = nomination.audit
    activity.record(
        verb, by=by, partnership=audit.partnership_id, subject=nomination, audit_id=audit.pk
    )
