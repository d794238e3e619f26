"""What stands between two words, and words that stand together made one stretch of text."""

import re
from collections.abc import Iterable, Iterator

from audits.screening.hits import Passage

_CLOSE = re.compile(r"[ \u00a0]|[\-‐‑'’]|\.[ \u00a0]?|[ \u00a0]['’]")
_SENTENCE = re.compile(r"[.!?:;•|“\"\n\r\t]")
_ABBREVIATION = re.compile(
    r"\b(?:mr|mrs|ms|dr|prof|rev|st|cllr|sgt|e\.?g|i\.?e|etc|vs|nr|no|[A-Z])\.$", re.IGNORECASE
)
_LOOK_BACK = 12


def between(passage: Passage, index: int) -> str:
    """The text between this word and the next one, a possessive's ending left out."""
    words = passage.words
    text = passage.text[words[index].end : words[index + 1].start]
    return re.sub(r"^['’‘`ʼ]s?", "", text) if words[index].possessive else text


def adjoining(passage: Passage, index: int) -> bool:
    """Do this word and the next one belong together: a space or a hyphen between, no more?"""
    if index + 1 >= len(passage.words) or passage.words[index].possessive:
        return False
    return bool(_CLOSE.fullmatch(between(passage, index)))


def begins_sentence(passage: Passage, index: int) -> bool:
    """Does a sentence, a line or a bullet begin with this word?"""
    if index == 0:
        return True
    gap = between(passage, index - 1)
    if not _SENTENCE.search(gap):
        return False
    start = passage.words[index].start
    before = passage.text[max(0, start - _LOOK_BACK) : start].rstrip()
    return "\n" in gap or gap.strip() != "." or not _ABBREVIATION.search(before)


def spans(passage: Passage, indices: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Start and end of each run of these words."""
    words, run = passage.words, list[int]()
    for index in sorted(indices):
        if run and (index != run[-1] + 1 or not adjoining(passage, run[-1])):
            yield words[run[0]].start, words[run[-1]].end
            run = []
        run.append(index)
    if run:
        yield words[run[0]].start, words[run[-1]].end
