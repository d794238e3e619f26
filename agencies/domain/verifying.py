"""Going through the activity's chains: was anything altered, removed, put in or moved?

Every entry's hash is worked out afresh and held against the next entry, the last against the head
of its chain, and the chains against the register; what chains name in other apps, those look at
themselves. Nobody is kept from writing meanwhile: heads are read before the entries and after, and
what came in between counts as neither missing nor too much.

Somebody who may write to the database and knows this code can rewrite a chain from any entry on,
with its head. That is found only by what left the database before: see `agencies.domain.anchors`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils import timezone

from agencies.chain_format import COLUMNS, REGISTER, entry_hash, opening_hash
from agencies.models import Activity, ActivityChain, ActivityCheck

ENTRIES_AT_ONCE = 2000
FAULTS_KEPT = 100
"""So many are stored of one check; where all is wrong, more say nothing new."""

Place = tuple[str, int]
Row = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """Where something is wrong, and what; an entry's number is 0 where it is about a chain."""

    chain: str
    number: int
    words: str

    def __str__(self) -> str:
        place = f"{self.chain}, entry {self.number}" if self.number else self.chain
        return f"{place}: {self.words}"


Check = Callable[[], Iterable[Fault]]
_beside: list[Check] = []


def beside_the_chains(check: Check) -> Check:
    """Have this look done too whenever all chains are gone through; a decorator."""
    _beside.append(check)
    return check


@dataclass
class Outcome:
    chains: int = 0
    entries: int = 0
    faults: list[Fault] = field(default_factory=list)

    def say(self, chain: str, number: int, words: str) -> None:
        self.faults.append(Fault(chain, number, words))


@dataclass(frozen=True)
class Head:
    count: int
    hash: str
    opened: int | None
    opening: str


def verify(anchored: Mapping[Place, str] | None = None, chain: str = "") -> Outcome:
    """Every chain, or the one that is named; `anchored` says which hash an entry had once."""
    outcome = Outcome()
    before = heads(chain)
    wanted = dict(anchored or {})
    there: dict[str, Place] = {}
    for key, rows in groupby(_rows(chain), key=lambda row: str(row["chain"])):
        there[key] = _walk(key, rows, before.get(key), wanted, outcome)
    after = heads(chain)
    for key in sorted({*before, *after, *there} - {REGISTER}):
        _end(key, there.get(key, ("", 0)), before.get(key), after.get(key), outcome)
    if not chain:
        _check_register(before, outcome)
        for check in _beside:
            outcome.faults.extend(check())
    for key, number in sorted(wanted):
        outcome.say(key, number, "it was anchored, and is gone")
    outcome.chains = len(there)
    return outcome


def keep(outcome: Outcome) -> ActivityCheck:
    """What came of going through every chain, for the pages that say so."""
    faults = [str(each) for each in outcome.faults[:FAULTS_KEPT]]
    return ActivityCheck.objects.create(
        at=timezone.now(), chains=outcome.chains, entries=outcome.entries, faults=faults
    )


def heads(chain: str = "") -> dict[str, Head]:
    rows = ActivityChain.objects.filter(key=chain) if chain else ActivityChain.objects.all()
    return {each.key: Head(each.count, each.hash, each.opened, each.opening) for each in rows}


def _rows(chain: str) -> Iterator[Row]:
    rows = Activity.objects.order_by("chain", "number")
    if chain:
        rows = rows.filter(chain=chain)
    yield from rows.values("id", "hash", *COLUMNS).iterator(chunk_size=ENTRIES_AT_ONCE)


def _walk(
    key: str, rows: Iterable[Row], head: Head | None, wanted: dict[Place, str], outcome: Outcome
) -> Place:
    """The hash and number of the chain's last entry, each one held against the one before."""
    last, number, pk = "", 0, 0
    for row in rows:
        outcome.entries += 1
        for words in _wrong(row, last, number, pk):
            outcome.say(key, row["number"], words)
        last, number, pk = row["hash"], row["number"], row["id"]
        if head and head.count == number and head.hash != last:
            outcome.say(key, number, "the head of the chain says another hash")
        if wanted.pop((key, number), last) != last:
            outcome.say(key, number, "it was anchored with another hash")
    return last, number


def _wrong(row: Row, last: str, number: int, pk: int) -> Iterator[str]:
    if entry_hash(row) != row["hash"]:
        yield "what it says is not what its hash was made of"
    if row["number"] != number + 1:
        yield f"it follows entry {number}: something is missing"
    if row["previous"] != last:
        yield "it does not continue the entry before it"
    if row["id"] <= pk:
        yield "it was written before the entry that it follows"


def _end(key: str, last: Place, before: Head | None, after: Head | None, outcome: Outcome) -> None:
    hashed, number = last
    if after is None:
        outcome.say(key, 0, "its head is gone" if before else "it has no head")
        return
    if number < (before.count if before else 0):
        outcome.say(key, 0, f"it ends at entry {number}, and had {before.count if before else 0}")
    elif number > after.count:
        outcome.say(key, 0, f"it goes on to entry {number}, and its head says {after.count}")
    elif number == after.count and hashed != after.hash:
        outcome.say(key, number, "the head of the chain says another hash")


def _check_register(before: Mapping[str, Head], outcome: Outcome) -> None:
    """Chains are numbered as they were opened, each place resting on the one before."""
    opened = {key: head for key, head in before.items() if key != REGISTER}
    last = ""
    ordered = sorted(opened.items(), key=lambda item: item[1].opened or 0)
    for place, (key, head) in enumerate(ordered, 1):
        if head.opened != place or head.opening != opening_hash(key, place, last):
            outcome.say(key, 0, "its place in the register is not the one it was given")
        last = head.opening
    register = before.get(REGISTER)
    if register is None:
        if opened:
            outcome.say(REGISTER, 0, "it is gone")
    elif (register.count, register.hash) != (len(opened), last):
        outcome.say(REGISTER, 0, f"it counts {register.count} chains, and there are {len(opened)}")
