"""Identities are destroyed: their key, then their rows. Findings and counts stay.

The key goes first. Whatever goes wrong after that, the identities can no longer be read, and doing
it again finishes the rest.
"""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agencies.domain import activity
from agencies.key_folder import key_copies, key_folder
from agencies.models import User
from audits.domain.seals import locked_seal, refuse_if_held
from audits.models import Seal, SealedIdentity


@transaction.atomic
def destroy(*, seal: Seal, by: User | None, reason: str = "") -> Seal:
    """Destroy every identity of the seal, here and in the copies of the key folder.

    `by` is None when the timetable does it, on the seal's day. Raises RefusedError under a hold.
    """
    locked = locked_seal(seal)
    refuse_if_held(locked.audit)
    return _destroyed(locked, by=by, reason=reason)


def _destroyed(locked: Seal, *, by: User | None, reason: str) -> Seal:
    _destroy_key(locked.pk)
    rows = SealedIdentity.objects.filter(seal=locked)
    locked.destroyed_cases = sorted(rows.values_list("case__number", flat=True))
    rows.delete()
    locked.destroyed_at = timezone.now()
    locked.destroyed_by = by
    locked.destroyed_because = Seal.Because.BY_HAND if by else Seal.Because.RETENTION
    locked.destroyed_reason = reason.strip()
    locked.save()
    activity.record(
        "destroyed the identities of the cases",
        by=by,
        partnership=locked.audit.partnership_id,
        subject=locked.audit,
        audit_id=locked.audit_id,
    )
    return locked


def destroy_all_due(*, today: date, by: User | None) -> list[Seal]:
    """Each seal whose day has come, in a transaction of its own.

    One that cannot be destroyed, because a copy of its key is out of reach, stops no other; the
    first such trouble is raised when all have been tried, so that the job shows as failed and is
    tried again.
    """
    done: list[Seal] = []
    trouble: OSError | None = None
    for seal in Seal.objects.due_by(today):
        try:
            done.append(destroy(seal=seal, by=by))
        except OSError as error:
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    return done


def clear_away(*, by: User | None) -> int:
    """Sealed rows whose key was destroyed, as a restored older database brings back.

    The number of seals cleared. They open for nobody any more, so a hold keeps nothing.
    """
    gone = key_folder().destroyed()
    back = list(Seal.objects.standing().filter(pk__in=gone))
    for seal in back:
        with transaction.atomic():
            _destroyed(locked_seal(seal), by=by, reason="")
    return len(back)


def destroyed_keys() -> set[UUID]:
    """Ids of the keys that must be nowhere any more, by the ledger and by the database."""
    rows = Seal.objects.exclude(destroyed_at=None).values_list("pk", flat=True)
    return key_folder().destroyed() | set(rows)


def _destroy_key(key_id: UUID) -> None:
    """In the copies too; one that cannot be reached stops it, so that nobody believes it done."""
    for folder in [*key_copies(), key_folder()]:
        folder.destroy(key_id)
