"""Does screening find who somebody is, and leave the rest alone? Counted on labelled snippets."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from audits.screening import Allowed, Hit, name_keys, screen
from tests.endurance import Figures
from tests.security.screening.halves import HALVES, HELD_OUT
from tests.security.screening.making import (
    INITIALS,
    KINDS,
    KNOWN,
    NAMES,
    PLACES,
    STRUCTURED,
    WORDS,
    Maker,
    Snippet,
    allowed,
)

SMALL = 1_000
LONG = 20_000

LEAST = {"structured": 0.995, "names": 0.97, "known names": 1.0}
MOST_FALSE_ALARMS = 3.0
_GROUPS = {
    "structured": (STRUCTURED, INITIALS),
    "names": (NAMES, WORDS, PLACES),
    "known names": (KNOWN,),
}


@dataclass
class Tally:
    """What was marked and found in one half of the lists."""

    words: int = 0
    snippets: int = 0
    false_alarms: int = 0
    marked: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def count(self, snippet: Snippet, hits: list[Hit]) -> None:
        self.snippets += 1
        self.words += len(snippet.text.split())
        for mark in snippet.marks:
            self.marked[mark.kind] += 1
            if covered(snippet.text, mark.start, mark.end, hits):
                self.found[mark.kind] += 1
            else:
                self.missed.append(
                    f"{mark.kind}: {snippet.text[mark.start : mark.end]} in {snippet.text}"
                )
        for hit in hits:
            if not any(hit.start < m.end and m.start < hit.end for m in snippet.marks):
                self.false_alarms += 1
                self.wrong.append(f"{hit.rule}: {hit.text} in {snippet.text}")

    def recall(self, group: str) -> float:
        kinds = _GROUPS[group]
        return sum(self.found[kind] for kind in kinds) / sum(self.marked[kind] for kind in kinds)

    @property
    def false_alarms_a_thousand(self) -> float:
        return 1000 * self.false_alarms / self.words


def covered(text: str, start: int, end: int, hits: list[Hit]) -> bool:
    """Is every letter and digit of this stretch inside some hit?"""
    return all(
        any(hit.start <= place < hit.end for hit in hits)
        for place in range(start, end)
        if text[place].isalnum()
    )


class Screened(Figures):
    """Figures of recall are shares: printed as such, a line for each half."""

    def __init__(self) -> None:
        super().__init__("screening", bad=tuple(f"{group} below target" for group in _GROUPS))
        self.bad += ("too many false alarms",)
        self.halves: dict[str, Tally] = {}

    def judge(self, tally: Tally) -> None:
        for group, least in LEAST.items():
            self.add(f"{group} below target", int(tally.recall(group) < least))
        over = tally.false_alarms_a_thousand > MOST_FALSE_ALARMS
        self.add("too many false alarms", int(over))

    def __str__(self) -> str:
        return "\n".join((super().__str__(), *map(self._line, self.halves)))

    def _line(self, half: str) -> str:
        tally = self.halves[half]
        groups = ", ".join(f"{group} {tally.recall(group):.2%}" for group in _GROUPS)
        kinds = ", ".join(
            f"{kind} {tally.found[kind]:,} of {tally.marked[kind]:,}" for kind in KINDS
        )
        return (
            f"  {half}: {tally.snippets:,} snippets, {tally.words:,} words; {groups}; "
            f"{tally.false_alarms_a_thousand:.2f} false alarms per 1,000 words\n    ({kinds})"
        )


def run(rounds: int) -> Screened:
    """So many snippets of each half; what is promised is judged on the one nobody tuned by."""
    figures = Screened()
    for half in HALVES:
        figures.halves[half] = tally_of(half, rounds)
    figures.judge(figures.halves[HELD_OUT])
    return figures


def tally_of(half: str, rounds: int) -> Tally:
    maker, tally, names = Maker(half, seed=1), Tally(), Allowed(allowed())
    for _ in range(rounds):
        snippet = maker.snippet()
        tally.count(snippet, screen(snippet.text, known=hashed(snippet.known), allowed=names))
    return tally


def hashed(people: tuple[str, ...]) -> Callable[[str], bool]:
    """Known names as an audit keeps them: keyed hashes, which say yes or no and nothing else."""
    held = {_hash(key) for person in people for key in name_keys(person)}
    return lambda key: _hash(key) in held


def _hash(key: str) -> bytes:
    return hmac.digest(b"an audit's own key", key.encode(), "sha256")


def test_what_screening_finds_and_leaves_alone() -> None:
    figures = run(SMALL)
    assert figures.held, str(figures)
    assert figures.halves[HELD_OUT].snippets == SMALL
