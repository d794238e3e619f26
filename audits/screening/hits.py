"""What screening finds, and what it is told: pure data, without Django."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from audits.screening.words import Word


class KnownNames(Protocol):
    """Is this a name in the audit's own sealed identities?

    Asked with a key of `audits.screening.name_key`: one word ("brien"), or up to four with a space
    between ("anna maria"). Answered from keyed hashes of `name_keys`, so nothing is told but yes
    or no.
    """

    def __call__(self, key: str, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """Something in a text that may say who somebody is: `text[start:end]`."""

    rule: str
    start: int
    end: int
    text: str
    why: str


def nobody(key: str, /) -> bool:
    """The known names of an audit that knows none."""
    return False


@dataclass(frozen=True, slots=True)
class Passage:
    """A text as the rules read it: its words found once, and what they are told beside it."""

    text: str
    words: tuple[Word, ...]
    known: KnownNames = nobody
    allowed: frozenset[int] = frozenset()
    """Indices of words that belong to a name which is allowed, such as an agency's."""
    spared: frozenset[int] = frozenset()
    """Those of them in which not even a known name is told."""

    def hit(self, rule: str, start: int, end: int, why: str) -> Hit:
        return Hit(rule, start, end, self.text[start:end], why)


def joined(passage: Passage, hits: Iterable[Hit]) -> list[Hit]:
    """In order, and what overlaps as one hit: of the rule that came first, over all they cover."""
    kept: list[tuple[int, Hit]] = []
    for strength, hit in sorted(enumerate(hits), key=lambda pair: pair[1].start):
        if not kept or hit.start >= kept[-1][1].end:
            kept.append((strength, hit))
            continue
        strongest, first = min(kept[-1], (strength, hit), key=lambda pair: pair[0])
        _, last = kept.pop()
        end = max(last.end, hit.end)
        kept.append((strongest, passage.hit(first.rule, last.start, end, first.why)))
    return [hit for _, hit in kept]


Rule = Callable[[Passage], Iterator[Hit]]
