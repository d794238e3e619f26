"""Names that are no alarm: those of the partnership's own agencies and bodies, and of organisations
that an agency lists as its contributors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from audits.screening import cues
from audits.screening.words import APOSTROPHES, Word, first_word, words_of

_SHORTENED = frozenset({"dr", "st"})
_HYPHENS = frozenset("-‐‑–")
_LONGEST = 12
"""Words of a listed name: a thousand long ones that begin alike would slow every text."""
_SMALL = frozenset({"and", "at", "by", "for", "in", "le", "next", "of", "on", "the", "to", "upon"})


@dataclass(slots=True)
class _Step:
    """One word of allowed names that begin alike, and the words that follow it in them.

    Where they are written differently it is as in the first.
    """

    capital: bool
    gap: str = ""
    """What stands before it."""
    is_end: bool = False
    after: dict[str, "_Step"] = field(default_factory=dict)


class Allowed:
    """Names that are no alarm where they stand whole, as they are written.

    A name is taken apart when a text holds its first word, so what a text costs grows with its
    length and not with the names there are.
    """

    def __init__(self, names: Iterable[str] = (), *, listed: Iterable[str] = ()) -> None:
        """Of those that were `listed` by somebody, the names of organisations count."""
        self._listed = _by_first_word(listed)
        self._names = _by_first_word(names)
        self._steps: dict[str, _Step | None] = {}

    def words_in(self, text: str, words: Sequence[Word]) -> frozenset[int]:
        """Indices of the words of the text that belong to an allowed name."""
        found: set[int] = set()
        for index, word in enumerate(words):
            if step := self._beginning(word.key):
                found.update(range(index, _end(step, text, words, index)))
        return frozenset(found)

    def _beginning(self, key: str) -> _Step | None:
        if key not in self._steps:
            listed = filter(is_organisation, self._listed.get(key, ()))
            self._steps[key] = _together([*self._names.get(key, ()), *listed])
        return self._steps[key]


def is_organisation(name: str) -> bool:
    """Does a name say what it is, as in "Mill Lane Surgery"? A sentence that holds one does not."""
    words = words_of(name)
    capitals = [word for word in words if word.capital]
    return (
        len(words) <= _LONGEST
        and len(capitals) > 1
        and any(word.key in cues.ORGANISATIONS for word in capitals)
        and all(word.capital or word.key in _SMALL for word in words)
    )


def _by_first_word(names: Iterable[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        if word := first_word(name):
            found.setdefault(word.key, []).append(name)
    return found


def _together(names: Sequence[str]) -> _Step | None:
    """Names of one first word as one tree of steps."""
    first = None
    for name in names:
        words = words_of(name)
        step = first = first or _Step(words[0].capital)
        for before, word in pairwise(words):
            new = _Step(word.capital, _gap(name, before, word))
            step = step.after.setdefault(word.key, new)
        step.is_end = True
    return first


def _end(step: _Step | None, text: str, words: Sequence[Word], index: int) -> int:
    """Where the longest name ends that begins here, written with its capitals and unparted.

    "Mill Lane. Surgery" is no "Mill Lane Surgery", nor is "Mill Lane’s surgery".
    """
    here, end = index, index
    while step is not None:
        word = words[here]
        if step.capital and not word.capital:
            break
        if here > index and not _goes_with(text, words[here - 1], word, step.gap):
            break
        here += 1
        end = here if step.is_end else end
        step = step.after.get(words[here].key) if here < len(words) else None
    return end


def _gap(text: str, one: Word, other: Word) -> str:
    """What stands between two words but for spaces, each apostrophe the same."""
    gap = text[one.end : other.start].replace("\n", "|")
    for apostrophe in APOSTROPHES:
        gap = gap.replace(apostrophe, "'")
    return "".join(gap.split())


def _goes_with(text: str, before: Word, word: Word, wanted: str) -> bool:
    gap = _gap(text, before, word)
    if gap in ("", wanted) or gap in _HYPHENS:
        return True
    return gap == "." and before.key in _SHORTENED
