"""Words of a text with their places, and the form in which names are compared."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

APOSTROPHES = "'’‘`ʼ"
_WORD = re.compile(rf"[^\W\d_]+(?:[{APOSTROPHES}][^\W\d_]+)*[{APOSTROPHES}]?")
_POSSESSIVE = re.compile(rf"(?:(?<=s)[{APOSTROPHES}]|[{APOSTROPHES}]s)$", re.IGNORECASE)
_PARTICLES = frozenset(
    {"al", "bin", "bint", "da", "de", "del", "den", "der", "di", "do", "du", "el", "ibn", "la"}
    | {"le", "san", "st", "van", "von"}
)
_BETWEEN = re.compile(r"[\s\-‐‑–.]+")


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that stand together, an apostrophe among them ("O'Brien"), without a possessive."""

    text: str
    key: str
    start: int
    end: int
    possessive: bool
    capital: bool


def words_of(text: str) -> tuple[Word, ...]:
    return tuple(_word(match) for match in _WORD.finditer(text))


def first_word(text: str) -> Word | None:
    match = _WORD.search(text)
    return _word(match) if match else None


def _word(match: re.Match[str]) -> Word:
    bare, possessive = match[0], False
    if not bare.isalpha():
        bare = _POSSESSIVE.sub("", bare)
        possessive = bare != match[0]
        bare = bare.rstrip(APOSTROPHES)
    start = match.start()
    return Word(bare, name_key(bare), start, start + len(bare), possessive, bare[0].isupper())


def name_key(name: str) -> str:
    """How names are compared: small letters, no accents or apostrophes, one space between parts.

    "O’Brien" is "obrien", "Zoë" is "zoe", "Anna-María" is "anna maria".
    """
    plain = name.casefold()
    if plain.isascii() and plain.isalpha():
        return plain
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for apostrophe in APOSTROPHES:
        plain = plain.replace(apostrophe, "")
    return _BETWEEN.sub(" ", plain).strip()


def name_keys(name: str) -> Iterator[str]:
    """The keys under which a person's name is to be known: the whole, and each part of two letters.

    "Anna-María O’Brien" gives "anna maria obrien", "anna", "maria", "obrien", "annamaria". Parts
    such as "van" and "de" are no name by themselves.
    """
    whole = name_key(name)
    parts = [part for part in whole.split(" ") if len(part) > 1 and part not in _PARTICLES]
    together = [name_key(part).replace(" ", "") for part in name.split()]
    keys = [whole, *parts, *(key for key in together if key not in _PARTICLES)]
    yield from dict.fromkeys(key for key in keys if len(key) > 1)
