"""What happened is written down here, and only here, as links of hash chains.

A chain has one head, which whoever writes to it locks; so it is locked last, when everything else
of the transaction is done. A domain function that goes on after something was recorded (because it
calls another one, or writes to several chains) is decorated with `gathered` in place of
`transaction.atomic`: then its entries, and those of all that it calls, are written at its end,
chain by chain in one order, so that two of them cannot wait for each other.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agencies.chain_format import COLUMNS, REGISTER, chain_of, entry_hash, opening_hash
from agencies.models import Activity, ActivityChain, ActivityKind, Agency, Partnership, User

_waiting: ContextVar[list[Activity] | None] = ContextVar("waiting", default=None)


@dataclass(frozen=True)
class Named:
    """A subject that is named by what it says, where its id would say too little."""

    kind: str
    name: str


def record(
    verb: str,
    *,
    by: User | None,
    partnership: Partnership | UUID | None,
    subject: Any = None,
    audit_id: UUID | None = None,
    agency: Agency | None = None,
    kind: ActivityKind = ActivityKind.CHANGE,
) -> None:
    """Append to the activity; call inside the transaction of the write it records, as its last
    act, or inside `gathered`.

    `verb` is a fixed phrase such as "signed off the return": never text somebody typed. The
    subject is an object, `Named`, or the name of a route; an object may say itself what it is
    `named_as`.
    `agency` says whose part it is about where the subject does not.
    """
    partnership_id = partnership.pk if isinstance(partnership, Partnership) else partnership
    entry = Activity(
        chain=chain_of(partnership_id, audit_id),
        at=timezone.now(),
        kind=kind,
        verb=verb,
        by=by,
        partnership_id=partnership_id,
        audit_id=audit_id,
        agency_id=_agency_of(agency or subject),
        **_names_of(subject),
    )
    waiting = _waiting.get()
    if waiting is None:
        _append([entry])
    else:
        waiting.append(entry)


@contextmanager
def gathered() -> Iterator[None]:
    """A transaction at whose end the entries recorded in it are written; also a decorator.

    Inside another one its entries go to the outer, or nowhere if it fails.
    """
    outer = _waiting.get()
    own: list[Activity] = []
    token = _waiting.set(own)
    try:
        with transaction.atomic():
            yield
            if outer is None:
                _append(own)
    finally:
        _waiting.reset(token)
    if outer is not None:
        outer.extend(own)


def gathers(*, by: User, audit_id: UUID, agency_id: UUID) -> bool:
    """Whether an entry that waits to be written says already that they did something there."""
    wanted = (by.pk, audit_id, agency_id)
    return any((e.by_id, e.audit_id, e.agency_id) == wanted for e in _waiting.get() or ())


def _names_of(subject: Any) -> dict[str, str]:
    if subject is None:
        return {}
    if isinstance(subject, Named):
        return {"subject_type": subject.kind, "subject_id": subject.name}
    if isinstance(subject, str):
        return {"subject_type": "route", "subject_id": subject[:40]}
    name = getattr(subject, "named_as", None) or str(subject.pk)
    return {"subject_type": subject._meta.label_lower, "subject_id": name}


def _agency_of(subject: Any) -> UUID | None:
    """The agency whose part of an audit, or of the partnership, an entry is about."""
    found = subject.pk if isinstance(subject, Agency) else getattr(subject, "agency_id", None)
    return found if isinstance(found, UUID) else None


def _append(entries: Sequence[Activity]) -> None:
    """Chains are opened and then locked in the order of their keys, so that nobody waits in a
    circle; within a chain entries stay in the order in which they were recorded."""
    ordered = sorted(entries, key=lambda entry: entry.chain)
    chains = [(key, list(each)) for key, each in groupby(ordered, key=lambda entry: entry.chain)]
    with transaction.atomic(savepoint=False):
        if len(chains) > 1:
            _open_missing([key for key, _ in chains])
        for key, links in chains:
            _link(links, _held(key) or _opened(key))


def _open_missing(keys: list[str]) -> None:
    there = set(ActivityChain.objects.filter(key__in=keys).values_list("key", flat=True))
    for key in keys:
        if key not in there:
            _opened(key)


def _link(entries: list[Activity], head: tuple[int, str]) -> None:
    count, previous = head
    for number, entry in enumerate(entries, count + 1):
        entry.number, entry.previous = number, previous
        entry.hash = previous = entry_hash({name: getattr(entry, name) for name in COLUMNS})
    Activity.objects.bulk_create(entries)


def _held(key: str) -> tuple[int, str] | None:
    """Number and hash of the last entry of this chain, which is locked until the transaction
    ends."""
    rows = ActivityChain.objects.select_for_update(no_key=True).filter(key=key)
    return rows.values_list("count", "hash").first()


def _opened(key: str) -> tuple[int, str]:
    ActivityChain.objects.get_or_create(key=REGISTER)
    count, last = _held(REGISTER) or (0, "")
    if (there := _held(key)) is not None:
        return there
    opening = opening_hash(key, count + 1, last)
    ActivityChain.objects.create(key=key, opened=count + 1, opening=opening)
    return 0, ""
