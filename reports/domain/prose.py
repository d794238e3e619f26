from django.db import transaction

from agencies.domain import activity
from agencies.models import User
from audits.domain.leading import hold_audit
from audits.domain.writing import NotNowError, StaleError
from audits.models import Audit, Stage
from reports.models import Prose


def _hold(audit: Audit) -> None:
    """Lock the audit for this write. Raises NotNowError once its documents are published."""
    locked = hold_audit(audit.pk)
    if locked.stage in (Stage.PUBLISHED, Stage.CLOSED):
        raise NotNowError(
            "The documents are published, so nothing was saved. Take the audit back to drafting "
            "to change what they say."
        )


@transaction.atomic
def write_passage(
    audit: Audit, passage: Prose.Passage, *, by: User, text: str, based_on: int
) -> Prose:
    """Save a passage; `based_on` is the revision it was written from, 0 for the default text.

    Raises NotNowError or StaleError.
    """
    _hold(audit)
    row = Prose.objects.filter(audit=audit, passage=passage).first()
    if row is None:
        row = Prose(audit=audit, passage=passage)
    if row.revision != based_on:
        raise StaleError(row)
    row.text = text
    row.revision += 1
    row.save()
    _record("wrote a passage of the documents", audit, by)
    return row


@transaction.atomic
def restore_default(audit: Audit, passage: Prose.Passage, *, by: User) -> None:
    """Raises NotNowError."""
    _hold(audit)
    deleted, _ = Prose.objects.filter(audit=audit, passage=passage).delete()
    if deleted:
        _record("went back to the default text of a passage", audit, by)


def _record(verb: str, audit: Audit, by: User) -> None:
    activity.record(verb, by=by, partnership=audit.partnership_id, subject=audit, audit_id=audit.pk)
