"""Initials that stand for somebody: "J.S.", "AB told the school", "Mrs K".

A letter as a label ("Child A", "Mother B", "Case C") is how such reports leave names out: no alarm.
"""

import re
from collections.abc import Iterator

from audits.screening import cues
from audits.screening.headings import headings
from audits.screening.hits import Hit, Passage
from audits.screening.joining import between
from audits.screening.people import word_after
from audits.screening.vocabulary import ACRONYMS

CODE = "initials"
WHY = "These look like somebody’s initials."
_DOTTED = re.compile(r"(?<![\w.])(?:[A-Z]\.[ \u00a0]?){2,3}(?![\w])|(?<![\w.])[A-Z]\.[A-Z]\b(?!\.)")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? (?P<letter>[A-Z])\b(?!['’]?\w)")
_NOBODY = frozenset({"U.K", "U.S", "N.B", "D.O.B", "G.P"})


def initials(passage: Passage) -> Iterator[Hit]:
    for match in _DOTTED.finditer(passage.text):
        text = match[0].strip()
        letters = re.sub(r"\s", "", text).rstrip(".")
        if letters not in _NOBODY and not _hour(passage.text, match.start(), letters):
            yield passage.hit(CODE, match.start(), match.start() + len(text), WHY)
    for match in _TITLED.finditer(passage.text):
        yield passage.hit(CODE, match.start("letter"), match.end("letter"), WHY)
    _, shouted = headings(passage)
    skipped = shouted | passage.allowed
    for index, word in enumerate(passage.words):
        if word.text.isupper() and index not in skipped and _stands_for(passage, index):
            yield passage.hit(CODE, word.start, word.end, WHY)


def _hour(text: str, start: int, letters: str) -> bool:
    """As in "9 A.M."."""
    return letters in ("A.M", "P.M") and text[max(0, start - 2) : start].rstrip()[-1:].isdigit()


def _stands_for(passage: Passage, index: int) -> bool:
    word = passage.words[index]
    letters = word.text
    if not letters.isascii() or len(letters) > 3 or letters in ACRONYMS or letters in ("I", "OK"):
        return False
    if _touches_digit(passage, index) or _labelled(passage, index):
        return False
    if len(letters) == 1:
        return letters != "A" and (_acts(passage, index) or _possesses_family(passage, index))
    if _acts(passage, index) or _possesses_family(passage, index):
        return True
    return len(letters) == 2


def _touches_digit(passage: Passage, index: int) -> bool:
    word, text = passage.words[index], passage.text
    around = text[max(0, word.start - 1) : word.start] + text[word.end : word.end + 1]
    return any(letter.isdigit() or letter in "_/&+#@" for letter in around)


def _labelled(passage: Passage, index: int) -> bool:
    if index == 0:
        return False
    gap = between(passage, index - 1)
    return passage.words[index - 1].key in cues.LABELS and gap.strip(" -–") == ""


def _acts(passage: Passage, index: int) -> bool:
    after = word_after(passage, index)
    if after is None or not after.text.islower():
        return False
    return after.key in cues.CERTAINLY_DOING


def _possesses_family(passage: Passage, index: int) -> bool:
    if not passage.words[index].possessive or index + 1 >= len(passage.words):
        return False
    return passage.words[index + 1].key in cues.FAMILY
