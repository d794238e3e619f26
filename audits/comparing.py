"""What differs between two wordings of a text, word by word."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

WORD = re.compile(r"\s+|\w+|[^\w\s]")
# Two texts that differ in more words, spaces and marks than this are shown whole: nobody reads
# what is left of the one in the other, and the search takes the square of it.
TOO_DIFFERENT = 500


@dataclass(frozen=True)
class Stretch:
    """A stretch of words that both have, that only the old one has, or only the new one."""

    words: str
    side: Literal["both", "old", "new"]


def stretches(old: str, new: str) -> list[Stretch]:
    """Both texts cut where they part; the old one is all but "new", the new one all but "old"."""
    before, after = WORD.findall(old.replace("\r\n", "\n")), WORD.findall(new.replace("\r\n", "\n"))
    # From the end, so that the space before a word goes with the words that both have.
    same = None if _too_different(before, after) else _same(before[::-1], after[::-1])
    if same is None:
        return _change(old, new)
    last = (len(before) - 1, len(after) - 1)
    same = [(last[0] - a, last[1] - b) for a, b in reversed(same)]
    return _joined(list(_cut(before, after, same)))


def _too_different(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether so many words are in one text alone that no search needs to begin."""
    old, new = Counter(before), Counter(after)
    return (old - new).total() + (new - old).total() > TOO_DIFFERENT


def _same(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]] | None:
    """Where each word that both have stands in the one and in the other, in order.

    Myers' search: with ever more words left out, how far one comes in `before` on each diagonal.
    Its time is bound by TOO_DIFFERENT whatever the texts are; None beyond that.
    """
    reach = {1: 0}
    trail: list[dict[int, int]] = []
    for left_out in range(TOO_DIFFERENT + 1):
        trail.append(dict(reach))
        for diagonal in range(-left_out, left_out + 1, 2):
            old = _begin(reach, diagonal, left_out)
            new = old - diagonal
            while old < len(before) and new < len(after) and before[old] == after[new]:
                old, new = old + 1, new + 1
            reach[diagonal] = old
            if old >= len(before) and new >= len(after):
                return _traced(trail, len(before), len(after))
    return None


def _begin(reach: dict[int, int], diagonal: int, left_out: int) -> int:
    """How far one is in the old text before any word in common, from the better neighbour."""
    if _comes_down(reach, diagonal, left_out):
        return reach[diagonal + 1]
    return reach[diagonal - 1] + 1


def _comes_down(reach: dict[int, int], diagonal: int, left_out: int) -> bool:
    if abs(diagonal) == left_out:
        return diagonal == -left_out
    return reach[diagonal - 1] < reach[diagonal + 1]


def _traced(trail: list[dict[int, int]], old: int, new: int) -> list[tuple[int, int]]:
    """The way back from the end of both."""
    same: list[tuple[int, int]] = []
    for left_out in range(len(trail) - 1, -1, -1):
        diagonal = old - new
        begin = _begin(trail[left_out], diagonal, left_out) if left_out else 0
        while old > begin and new > 0:
            old, new = old - 1, new - 1
            same.append((old, new))
        if left_out:
            down = _comes_down(trail[left_out], diagonal, left_out)
            old, new = (old, new - 1) if down else (old - 1, new)
    return same[::-1]


def _cut(
    before: Sequence[str], after: Sequence[str], same: list[tuple[int, int]]
) -> Iterator[Stretch]:
    """Runs of words that both have, and between them what only one has, the old one first."""
    at_old = at_new = 0
    run: list[str] = []
    for old, new in [*same, (len(before), len(after))]:
        if run and (old > at_old or new > at_new):
            yield Stretch("".join(run), "both")
            run = []
        yield from _change("".join(before[at_old:old]), "".join(after[at_new:new]))
        run += before[old : old + 1]
        at_old, at_new = old + 1, new + 1
    if run:
        yield Stretch("".join(run), "both")


def _joined(cut: list[Stretch]) -> list[Stretch]:
    """Changes with nothing but a space between them read as one."""
    result: list[Stretch] = []
    old = new = ""
    for at, each in enumerate(cut):
        between = each.side == "both" and each.words.isspace() and 0 < at < len(cut) - 1
        if each.side == "both" and not (between and (old or new)):
            _add(result, old, new)
            result.append(each)
            old = new = ""
            continue
        old += each.words if each.side != "new" else ""
        new += each.words if each.side != "old" else ""
    _add(result, old, new)
    return result


def _add(result: list[Stretch], old: str, new: str) -> None:
    """A change, without the space that both begin with: that goes to the words before it."""
    space = min((each[: len(each) - len(each.lstrip())] for each in (old, new)), key=len)
    if old.startswith(space) and new.startswith(space) and result and result[-1].side == "both":
        result[-1] = Stretch(result[-1].words + space, "both")
        old, new = old[len(space) :], new[len(space) :]
    result += _change(old, new)


def _change(old: str, new: str) -> list[Stretch]:
    both = ((old, "old"), (new, "new"))
    return [Stretch(words, "old" if side == "old" else "new") for words, side in both if words]
