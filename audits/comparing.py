"""What differs between two wordings of a text, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

WORD = re.compile(r"\s+|\w+|[^\w\s]")
# Above this a comparison would take seconds; the two are then shown whole.
TOO_MANY_WORDS = 8000


@dataclass(frozen=True)
class Stretch:
    """A stretch of words that both have, that only the old one has, or only the new one."""

    words: str
    side: Literal["both", "old", "new"]


def stretches(old: str, new: str) -> list[Stretch]:
    """Both texts cut where they part; the old one is all but "new", the new one all but "old"."""
    before, after = WORD.findall(old.replace("\r\n", "\n")), WORD.findall(new.replace("\r\n", "\n"))
    if max(len(before), len(after)) > TOO_MANY_WORDS:
        return [Stretch(old, "old"), Stretch(new, "new")]
    return _joined(list(_cut(before, after)))


def _cut(before: list[str], after: list[str]) -> Iterator[Stretch]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield Stretch("".join(before[a:b]), "both")
            continue
        if b > a:
            yield Stretch("".join(before[a:b]), "old")
        if d > c:
            yield Stretch("".join(after[c:d]), "new")


def _joined(cut: list[Stretch]) -> list[Stretch]:
    """Changes with nothing but a space between them read as one."""
    result: list[Stretch] = []
    old = new = ""
    for at, each in enumerate(cut):
        between = each.side == "both" and each.words.isspace() and 0 < at < len(cut) - 1
        if each.side == "both" and not (between and (old or new)):
            result += _change(old, new)
            result.append(each)
            old = new = ""
            continue
        old += each.words if each.side != "new" else ""
        new += each.words if each.side != "old" else ""
    return result + _change(old, new)


def _change(old: str, new: str) -> list[Stretch]:
    both = ((old, "old"), (new, "new"))
    return [Stretch(words, "old" if side == "old" else "new") for words, side in both if words]
