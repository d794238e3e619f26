"""Lines written with capitals throughout, where a capital says nothing."""

from collections.abc import Iterator
from itertools import pairwise

from audits.screening.hits import Passage

_LEAST = 3
_SHARE = 0.7


def headings(passage: Passage) -> tuple[frozenset[int], frozenset[int]]:
    """Indices of words in lines where nearly every longer word begins with a capital; and of those
    in lines where nearly every word is in capitals throughout."""
    titled, shouted = set[int](), set[int]()
    for line in _lines(passage):
        long = [word for word in passage.words[line.start : line.stop] if len(word.text) > 3]
        if _most([word.capital for word in long]) and not _stops(passage, line):
            titled.update(line)
        every = [word for word in passage.words[line.start : line.stop] if len(word.text) > 1]
        if len(every) > _LEAST and _most([word.text.isupper() for word in every]):
            shouted.update(line)
    return frozenset(titled), frozenset(shouted)


def _lines(passage: Passage) -> Iterator[range]:
    words, begin = passage.words, 0
    for index, (word, after) in enumerate(pairwise(words), start=1):
        if "\n" in passage.text[word.end : after.start]:
            yield range(begin, index)
            begin = index
    yield range(begin, len(words))


def _stops(passage: Passage, line: range) -> bool:
    """Does it end with a full stop, as sentences do and headings do not?"""
    end = passage.words[line.stop - 1].end if line else 0
    return passage.text[end : end + 2].strip("\"'”’)")[:1] == "."


def _most(answers: list[bool]) -> bool:
    return len(answers) >= _LEAST and sum(answers) >= _SHARE * len(answers)
