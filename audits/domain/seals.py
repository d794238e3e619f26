"""The seal of an audit: begun by the officer, kept until a day, held when the law asks."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.key_folder import key_folder
from agencies.models import User
from audits.domain.known_names import standing_seal
from audits.domain.leading import hold_audit
from audits.models import Audit, LegalHold, Seal, Stage

TOO_LATE = "Identities are sealed before the audit is published."
HELD = "The identities are on legal hold. Lift the hold first."
GONE = "This audit has no seal: its identities were destroyed, or it never had one."


class SealGoneError(RefusedError):
    """It was destroyed meanwhile."""


def takes_seal(audit: Audit) -> bool:
    return not audit.has_reached(Stage.PUBLISHED)


def usual_end(audit: Audit) -> date:
    """By the partnership's rule: so many months after the last date that the audit names."""
    last = audit.report_by or audit.meeting_on or audit.return_by or timezone.localdate()
    return later(max(last, timezone.localdate()), months=audit.partnership.keep_identities_months)


def later(day: date, *, months: int) -> date:
    """The same day of a later month, or the last one it has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)


def standing_hold(audit: Audit) -> LegalHold | None:
    return audit.legal_holds.filter(lifted_at=None).first()


def refuse_if_held(audit: Audit) -> None:
    """Whatever takes away what is sealed asks this, with the audit held."""
    if standing_hold(audit) is not None:
        raise RefusedError(HELD)


@transaction.atomic
def begin_seal(*, audit: Audit, by: User | None, keep_until: date) -> Seal:
    """From now on this audit's children are named here, and nowhere else in the application."""
    locked = hold_audit(audit.pk)
    if not takes_seal(locked):
        raise RefusedError(TOO_LATE)
    if standing_seal(locked) is not None:
        raise RefusedError("This audit is sealed already.")
    seal = Seal.objects.create(audit=locked, begun_by=by, keep_until=keep_until)
    key_folder().make(seal.pk)
    _record("began to seal who the cases are", locked, by=by)
    return seal


@transaction.atomic
def move_end(*, seal: Seal, by: User, day: date) -> Seal:
    locked = locked_seal(seal)
    locked.keep_until = day
    locked.save(update_fields=["keep_until"])
    _record("moved the day on which identities are destroyed", locked.audit, by=by)
    return locked


@transaction.atomic
def put_on_hold(*, audit: Audit, by: User, reason: str) -> LegalHold:
    locked = hold_audit(audit.pk)
    if standing_hold(locked) is not None:
        raise RefusedError("This audit is on hold already.")
    made = LegalHold.objects.create(audit=locked, by=by, reason=reason.strip())
    _record("put the identities on legal hold", locked, by=by)
    return made


@transaction.atomic
def lift_hold(*, audit: Audit, by: User, reason: str) -> LegalHold:
    locked = hold_audit(audit.pk)
    standing = standing_hold(locked)
    if standing is None:
        raise RefusedError("This audit is not on hold.")
    standing.lifted_at = timezone.now()
    standing.lifted_by = by
    standing.lifted_reason = reason.strip()
    standing.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    _record("lifted the legal hold", locked, by=by)
    return standing


def locked_seal(seal: Seal) -> Seal:
    """The seal, held with its audit so that neither a hold nor a destruction comes between.

    Raises SealGoneError where it no longer stands.
    """
    audit = hold_audit(seal.audit_id)
    row = Seal.objects.get(pk=seal.pk)
    row.audit = audit
    if not row.stands:
        raise SealGoneError(GONE)
    return row


def _record(verb: str, audit: Audit, *, by: User | None) -> None:
    activity.record(verb, by=by, partnership=audit.partnership_id, subject=audit, audit_id=audit.pk)
