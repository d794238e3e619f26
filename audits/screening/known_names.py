"""The names in the audit's own sealed identities, in capitals or in small letters."""

from collections.abc import Iterator

from audits.screening import cues
from audits.screening.hits import Hit, Passage
from audits.screening.joining import adjoining, begins_sentence, spans
from audits.screening.words import Word

CODE = "known-name"
WHY = "This is a name of a child or of the family in this audit."


def known_names(passage: Passage) -> Iterator[Hit]:
    known = {index for index, word in enumerate(passage.words) if _known(passage, word)}
    for index in range(len(passage.words) - 1):
        if _known_in_two(passage, index):
            known |= {index, index + 1}
    known -= passage.spared
    sure = {index for index in known if not _everyday(passage, index)}
    sure |= {index for index in known - sure if _beside(passage, index, sure, known)}
    for start, end in spans(passage, sure):
        yield passage.hit(CODE, start, end, WHY)


def _known(passage: Passage, word: Word) -> bool:
    key = word.key
    return len(key) > 1 and (
        passage.known(key) or (word.capital and key.endswith("s") and passage.known(key[:-1]))
    )


def _known_in_two(passage: Passage, index: int) -> bool:
    """As in "Mc Donald" for McDonald, "Anna-Maria" for Annamaria."""
    if not adjoining(passage, index):
        return False
    first, second = passage.words[index : index + 2]
    return passage.known(first.key + second.key)


def _everyday(passage: Passage, index: int) -> bool:
    """A word everybody uses: in small letters, or first in a sentence, it is no name yet."""
    word = passage.words[index]
    if word.key not in cues.EVERYDAY:
        return False
    return not word.capital or begins_sentence(passage, index)


def _beside(passage: Passage, index: int, sure: set[int], known: set[int]) -> bool:
    word = passage.words[index]
    if word.possessive and word.capital:
        return True
    if index - 1 in known and adjoining(passage, index - 1):
        return True
    if not adjoining(passage, index):
        return False
    follower = passage.words[index + 1]
    return index + 1 in known or (word.capital and follower.key in cues.SAYING)
