"""The word lists under data/: English words, places, names. Compact, and read when first asked.

A list is one block of sorted lines searched by halves: 0.7 MB for 81,000 words, where a set of
strings would take ten times that in every web worker. `bin/vendor-words` makes them.
"""

import gzip
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


class WordList:
    """Sorted entries, each ended by a newline."""

    def __init__(self, block: bytes) -> None:
        self._block = block

    def __contains__(self, key: str) -> bool:
        wanted, block = key.encode(), self._block
        low, high = 0, len(block)
        while low < high:
            middle = (low + high) // 2
            start = block.rfind(b"\n", low, middle) + 1 or low
            end = block.index(b"\n", start)
            entry = block[start:end]
            if entry == wanted:
                return True
            if entry < wanted:
                low = end + 1
            else:
                high = start
        return False


@cache
def word_list() -> WordList:
    return WordList(_unpacked("words"))


def is_english(key: str) -> bool:
    return key in word_list()


def is_name(key: str) -> bool:
    """A common first name or surname that is no English word."""
    return key in _names()


def places() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Names of places as the words they are written in, the longest first, by their first word."""
    return _places()


@cache
def _names() -> frozenset[str]:
    return frozenset(_entries("names"))


@cache
def _places() -> dict[str, tuple[tuple[str, ...], ...]]:
    return by_first_word(_entries("places"))


def by_first_word(names: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        parts = tuple(name.split(" "))
        found.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(held, key=len, reverse=True)) for first, held in found.items()}


def _entries(name: str) -> list[str]:
    return _unpacked(name).decode().splitlines()


def _unpacked(name: str) -> bytes:
    return gzip.decompress((DATA / f"{name}.txt.gz").read_bytes())
