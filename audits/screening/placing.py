"""Places among the words of a text, and names that stand for a rule, not for the person."""

from collections.abc import Iterator, Mapping
from functools import cache

from audits.screening import also_names
from audits.screening.hits import Passage
from audits.screening.lexicon import by_first_word, places
from audits.screening.vocabulary import phrases

Spelt = Mapping[str, tuple[tuple[str, ...], ...]]


def plain_places(passage: Passage) -> frozenset[int]:
    """Indices of words that spell a place nobody is called after, a law, a test or a charity."""
    keys = [word.key for word in passage.words]
    return frozenset((*_spelling(passage, keys, _plain()), *_spelling(passage, keys, _phrases())))


def _spelling(passage: Passage, keys: list[str], spelt: Spelt) -> Iterator[int]:
    for index, word in enumerate(passage.words):
        for parts in spelt.get(word.key, ()) if word.capital else ():
            if tuple(keys[index : index + len(parts)]) == parts:
                yield from range(index, index + len(parts))
                break


@cache
def _plain() -> Spelt:
    people = also_names.PLACES | also_names.FIRST | also_names.COMMON
    return {
        first: tuple(parts for parts in held if len(parts) > 1 or first not in people)
        for first, held in places().items()
    }


@cache
def _phrases() -> Spelt:
    return by_first_word(phrases())
