"""Who the child of a case is: put into the seal, and shown to whoever gives a reason."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.key_folder import key_folder
from agencies.models import ActivityKind, Agency, User
from agencies.roles import Permission
from audits.domain.known_names import hashed
from audits.domain.leading import hold_audit
from audits.domain.mailed_names import refuse_sealing
from audits.domain.seals import locked_seal, refuse_if_held
from audits.identity import Identity
from audits.models import Audit, Case, IdentityView, Seal, SealedIdentity
from audits.models.seal import still_looking


@dataclass(frozen=True)
class Revealed:
    """Never kept: drawn into one page, and gone with it."""

    case: Case
    identity: Identity


@activity.gathered()
def seal_identities(
    *,
    seal: Seal,
    by: User | None,
    identities: Mapping[Case, Identity],
    replacing: Collection[Case] = (),
) -> int:
    """Put each into its box; the number of cases sealed. All or nothing.

    What is sealed already is replaced for the cases named in `replacing`, and refused for others;
    for all of them while a legal hold stands, which keeps what was there. Raises RefusedError, of
    which NamesSomebodyError is one, EncryptionError or ScreeningDownError.
    """
    locked = locked_seal(seal)
    cipher = key_folder().cipher(locked.pk)
    if any(case.audit_id != locked.audit_id for case in identities):
        raise RefusedError("This case belongs to another audit.")
    standing = standing_among(locked, identities)
    if standing:
        refuse_if_held(locked.audit)
    if unasked := standing - set(replacing):
        numbers = ", ".join(str(case.number) for case in sorted(unasked, key=by_number))
        raise RefusedError(f"Something was sealed meanwhile for case {numbers}. Look again.")
    for case, other in numbers_taken(locked, identities).items():
        raise RefusedError(f"{case}: {taken_words(other)}")
    for case, identity in identities.items():
        row = SealedIdentity(seal=locked, case=case)
        SealedIdentity.objects.update_or_create(
            case=case,
            defaults={
                "seal": locked,
                "box": cipher.encrypt(identity.to_bytes(), bound_to=row.bound_to),
                "name_hashes": hashed(cipher, identity.name_keys()),
                "sealed_by": by,
                "sealed_at": timezone.now(),
            },
        )
    refuse_sealing(locked.audit)
    for case in identities:
        _record("sealed who a case is", case, locked.audit, by=by)
    return len(identities)


def by_number(case: Case) -> int:
    return case.number or 0


def standing_among(seal: Seal, cases: Collection[Case]) -> set[Case]:
    """Those for which something is sealed already."""
    ids = set(
        SealedIdentity.objects.filter(seal=seal, case__in=list(cases)).values_list(
            "case", flat=True
        )
    )
    return {case for case in cases if case.pk in ids}


def taken_words(other: Case) -> str:
    return f"{other} has this NHS number already."


def numbers_taken(seal: Seal, identities: Mapping[Case, Identity]) -> dict[Case, Case]:
    """Whose NHS number stands for another case of the audit, and for which.

    Compared with the others given and with what is sealed of the rest, which is opened for that,
    shown to nobody, and forgotten. Raises EncryptionError.
    """
    if not any(each.nhs_number for each in identities.values()):
        return {}
    rows = SealedIdentity.objects.filter(seal=seal).exclude(case__in=list(identities))
    rest = _opened(seal, rows.select_related("case").order_by("case__number"))
    holders: dict[str, Case] = {}
    for case, identity in rest.items():
        holders.setdefault(identity.nhs_number, case)
    taken = {}
    for case in sorted(identities, key=by_number):
        number = identities[case].nhs_number
        if number and holders.setdefault(number, case) != case:
            taken[case] = holders[number]
    return taken


@transaction.atomic
def remove_identity(*, case: Case, by: User) -> None:
    """Take out what was sealed of one case, for example because it was of the wrong child."""
    refuse_if_held(hold_audit(case.audit_id))
    gone, _ = SealedIdentity.objects.standing().filter(case=case).delete()
    if not gone:
        raise RefusedError(f"Nothing is sealed for {case}.")
    _record("took out who a case is", case, case.audit, by=by)


def looks_for(audit: Audit, user: User) -> Agency | None:
    """The agency for which this person still has to find the children, if they do."""
    rows = still_looking(user).filter(audit=audit).select_related("agency")
    row = rows.first()
    return row.agency if row else None


@activity.gathered()
def reveal(*, seal: Seal, by: User, cases: Iterable[Case], reason: str) -> list[Revealed]:
    """Who these children are, as far as this person needs it, by case number.

    Each view is written down with its reason, or nothing is shown. Raises RefusedError, or
    EncryptionError where the key is not there.
    """
    runs = by.may(Permission.RUN_AUDIT, seal.audit.partnership_id)
    agency = None if runs else looks_for(seal.audit, by)
    rows = list(
        SealedIdentity.objects.visible_to(by)
        .standing()
        .filter(seal=seal, case__in=list(cases))
        .select_related("case")
    )
    if not rows:
        raise RefusedError("Nothing is sealed for these cases.")
    now = timezone.now()
    IdentityView.objects.bulk_create(
        IdentityView(seal=seal, case=row.case, agency=agency, by=by, at=now, reason=reason.strip())
        for row in rows
    )
    opened = _opened(seal, rows)
    for row in rows:
        _record_look(row.case, seal.audit, by=by, agency=agency)
    return [
        Revealed(case, identity.for_agency(agency) if agency else identity)
        for case, identity in opened.items()
    ]


def _opened(seal: Seal, rows: Iterable[SealedIdentity]) -> dict[Case, Identity]:
    cipher = key_folder().cipher(seal.pk)
    return {
        row.case: Identity.from_bytes(cipher.decrypt(bytes(row.box), bound_to=row.bound_to))
        for row in rows
    }


def _record(verb: str, case: Case, audit: Audit, *, by: User | None) -> None:
    activity.record(verb, by=by, partnership=audit.partnership_id, subject=case, audit_id=audit.pk)


def _record_look(case: Case, audit: Audit, *, by: User, agency: Agency | None) -> None:
    """With the agency for which it was, whose lead may read of it."""
    activity.record(
        "looked at who a case is",
        by=by,
        partnership=audit.partnership_id,
        subject=case,
        audit_id=audit.pk,
        agency=agency,
        kind=ActivityKind.VIEW,
    )
