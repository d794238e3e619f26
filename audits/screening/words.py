"""Words of a text with their places, and the form in which names are compared."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

APOSTROPHES = "'’‘`ʼ"
_WORD = re.compile(rf"[^\W\d_]+(?:[{APOSTROPHES}][^\W\d_]+)*[{APOSTROPHES}]?")
_POSSESSIVE = re.compile(rf"(?:(?<=s)[{APOSTROPHES}]|[{APOSTROPHES}]s)$", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s\-‐‑–.]+")


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that stand together, an apostrophe among them ("O'Brien"), without a possessive."""

    text: str
    start: int
    end: int
    possessive: bool = False

    @property
    def key(self) -> str:
        return name_key(self.text)

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


def words_of(text: str) -> tuple[Word, ...]:
    return tuple(_word(match) for match in _WORD.finditer(text))


def _word(match: re.Match[str]) -> Word:
    bare = _POSSESSIVE.sub("", match[0])
    possessive = bare != match[0]
    bare = bare.rstrip(APOSTROPHES)
    return Word(bare, match.start(), match.start() + len(bare), possessive)


def name_key(name: str) -> str:
    """How names are compared: small letters, no accents or apostrophes, one space between parts.

    "O’Brien" is "obrien", "Zoë" is "zoe", "Anna-María" is "anna maria".
    """
    plain = name.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for apostrophe in APOSTROPHES:
        plain = plain.replace(apostrophe, "")
    return _BETWEEN.sub(" ", plain).strip()


def name_keys(name: str) -> Iterator[str]:
    """The keys under which a person's name is to be known: the whole, and each part of two letters.

    "Anna-María O’Brien" gives "anna maria obrien", "anna", "maria", "obrien".
    """
    whole = name_key(name)
    parts = [part for part in whole.split(" ") if len(part) > 1]
    yield from dict.fromkeys([whole, *parts] if whole else [])
