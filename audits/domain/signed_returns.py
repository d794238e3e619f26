"""Signed-off returns are held to the activity, which names the fingerprint of each.

So a return and its fingerprint cannot be changed together, and none can vanish, without an entry of
a chain that says otherwise. What never had a fingerprint is left alone, as a return that was loaded
from a file; and one that is open again, until it is signed again.
"""

from collections.abc import Collection, Iterator
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from agencies.chain_format import chain_of
from agencies.domain.verifying import Fault, beside_the_chains
from agencies.models import Activity
from audits.domain.fingerprints import TAKEN, hashes_of
from audits.models import AgencyReturn, Fingerprint, ReturnStage

SIGNED = (ReturnStage.SIGNED_OFF, ReturnStage.NIL)
AT_ONCE = 20
GONE = "the fingerprint of a return that it names is gone, or was altered"


@beside_the_chains
def faults() -> Iterator[Fault]:
    yield from _gone()
    named = Fingerprint.objects.filter(agency_return=OuterRef("pk"))
    rows = AgencyReturn.objects.filter(Exists(named), stage__in=SIGNED).order_by("audit", "pk")
    for some in batched(rows.values_list("pk", "audit_id"), AT_ONCE):
        altered = _altered([pk for pk, _ in some])
        for pk, audit_id in some:
            if pk in altered and _is_altered_still(pk):
                yield Fault(chain_of(None, audit_id), 0, f"return {pk} is not what was signed off")


def _gone() -> Iterator[Fault]:
    """Entries are read before the fingerprints: what is signed meanwhile is no fault."""
    named = list(_entries().values_list("chain", "number", "audit_id", "agency_id", "subject_id"))
    taken = Fingerprint.objects.values_list(
        "agency_return__audit_id", "agency_return__agency_id", "hash"
    )
    there = {(audit, agency, hashed[:40]) for audit, agency, hashed in taken}
    for chain, number, *name in named:
        if tuple(name) not in there:
            yield Fault(chain, number, GONE)


def _altered(keys: Collection[UUID]) -> set[UUID]:
    """Those that are not what their last fingerprint says, or the activity names another last."""
    taken = Fingerprint.objects.filter(agency_return__in=keys).order_by("at", "pk")
    rows = list(taken.select_related("agency_return"))
    newest = {each.agency_return_id: each for each in rows}
    whose: dict[tuple[UUID | None, str], UUID] = {
        (each.agency_return.audit_id, each.named_as): each.agency_return_id for each in rows
    }
    entries = _entries().filter(audit_id__in={audit_id for audit_id, _ in whose})
    named: dict[UUID | None, str] = {
        whose.get((audit_id, name)): name
        for audit_id, name in entries.values_list("audit_id", "subject_id")
    }
    hashes = hashes_of(keys)
    return {
        pk
        for pk, last in newest.items()
        if hashes.get(pk) != last.hash or named.get(pk) != last.named_as
    }


@transaction.atomic
def _is_altered_still(pk: UUID) -> bool:
    """Asked once more while nobody can sign or correct it."""
    held = AgencyReturn.objects.select_for_update(no_key=True).filter(pk=pk, stage__in=SIGNED)
    return bool(held) and pk in _altered([pk])


def _entries() -> QuerySet[Activity]:
    return Activity.objects.filter(verb=TAKEN, subject_type=Fingerprint._meta.label_lower).order_by(
        "chain", "number"
    )
