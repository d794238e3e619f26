"""Names by dictionary: capitalised words that are no English word, and names that are words too.

A capital first in a sentence, in a heading or in a line of capitals says nothing, so there a name
that is also a word is one only where the words beside it speak for a person.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from audits.screening import also_names, cues
from audits.screening.headings import headings
from audits.screening.hits import Hit, Passage
from audits.screening.joining import adjoining, begins_sentence, between, spans
from audits.screening.lexicon import is_english, is_name, places
from audits.screening.people import (
    part_of_organisation,
    said_of_person,
    said_of_place,
    speaks,
    speaks_or_acts,
    titled,
    word_after,
    word_before,
)
from audits.screening.placing import plain_places
from audits.screening.vocabulary import ACRONYMS, is_vocabulary
from audits.screening.words import Word

CODE = "name"
WHY = "This looks like somebody’s name."
_NAME_CAPITALS = re.compile(
    r"(?:Mc|Mac|De|Le|La|Fitz|Van|Di|Du|Da|Al|El|O['’‘`ʼ]|D['’‘`ʼ])[A-Z][a-z]+"
)
_ACRONYM = re.compile(r"[A-Z]{2,}s?|[A-Z]{2,5}['’]s|[a-z]?[A-Z]{2,}[a-z]?")
_ABSTRACT = re.compile(r"(?:tion|sion|ment|ness|ty|ence|ance|ship|ing|ism|ist|ian|ology|ed|ly|s)$")
_SHORT = 5
_FIRST = also_names.FIRST | also_names.COMMON


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage with what was found out about its lines and places."""

    passage: Passage
    places: frozenset[int]
    headings: frozenset[int]
    shouted: frozenset[int]

    def word(self, index: int) -> Word:
        return self.passage.words[index]

    def inside(self, index: int) -> bool:
        """Is this in the middle of a sentence, where a capital means something?"""
        return not (
            begins_sentence(self.passage, index) or index in self.headings or index in self.shouted
        )


def likely_names(passage: Passage) -> Iterator[Hit]:
    reading = Reading(passage, plain_places(passage), *headings(passage))
    found = {i for i in range(len(passage.words)) if _is_name(reading, i)}
    _widen(reading, found)
    for start, end in spans(passage, found):
        yield passage.hit(CODE, start, end, WHY)


def _is_name(reading: Reading, index: int) -> bool:
    word = reading.word(index)
    if index in reading.passage.allowed or len(word.text) < 2:
        return False
    if not word.capital:
        return _in_small_letters(reading, index)
    if _titled_name(reading, index) or _the_family(reading.passage, index):
        return True
    if index in reading.places:
        return False
    if _is_acronym(reading, index) or _is_brand(word) or _rating(reading, index):
        return False
    return _kind(word.key)(reading, index)


def _kind(key: str) -> Callable[[Reading, int], bool]:
    """Which question to ask of a capitalised word."""
    if key in also_names.WEAK:
        return _weak
    if key in also_names.PLACES:
        return _place_or_person
    if key in _FIRST:
        return _first_name
    if is_vocabulary(key) or key in cues.PREFIXES or key in cues.ROLES:
        return _nobody
    if key in also_names.LAST:
        return _surname
    if is_english(key):
        return _by_cue
    return _foreign


def _nobody(reading: Reading, index: int) -> bool:
    return False


def _is_acronym(reading: Reading, index: int) -> bool:
    word = reading.word(index)
    if not _ACRONYM.fullmatch(word.text):
        return False
    if word.text.rstrip("s") in ACRONYMS or is_vocabulary(word.key):
        return True
    if index in reading.shouted or len(word.text) > _SHORT:
        return False
    return not (is_name(word.key) or word.key in _FIRST or speaks(reading.passage, index))


def _is_brand(word: Word) -> bool:
    """Capitals inside a word, other than those of names: "SystmOne", "RiO"."""
    if word.text.isupper() or word.text[1:].islower():
        return False
    return not (_NAME_CAPITALS.fullmatch(word.text) or "'" in word.text or "’" in word.text)


def _titled_name(reading: Reading, index: int) -> bool:
    if not titled(reading.passage, index):
        return False
    key = reading.word(index).key
    loose = reading.word(index - 1).key in cues.LOOSE_TITLES
    plain = is_vocabulary(key) or key in cues.TITLES or (loose and is_english(key))
    return not plain or key in also_names.LAST or key in also_names.FIRST


def _by_cue(reading: Reading, index: int) -> bool:
    """An English word with a capital, where only the words beside it can tell: "called Winsome"."""
    passage, word = reading.passage, reading.word(index)
    before, after = word_before(passage, index), word_after(passage, index)
    if before is None or not reading.inside(index) or word.text.isupper():
        return False
    if word.key in cues.ORGANISATION_NOUNS or _ABSTRACT.search(word.key):
        return False
    if _hyphenated_name(reading, index) or said_of_person(passage, index):
        return True
    acts = after is not None and after.text.islower() and after.key in cues.SPEAKING
    return acts and not before.capital and before.key in cues.TO_PERSON - {"of"}


def _hyphenated_name(reading: Reading, index: int) -> bool:
    """As in "Heaven-Leigh": the second half is a name, whatever the first is."""
    passage = reading.passage
    if not adjoining(passage, index) or "-" not in between(passage, index):
        return False
    after = reading.word(index + 1)
    names = _FIRST | also_names.PLACES
    return after.capital and (after.key in names or is_name(after.key))


def _weak(reading: Reading, index: int) -> bool:
    passage, key = reading.passage, reading.word(index).key
    before, after = word_before(passage, index), word_after(passage, index)
    if before is not None and (before.key in cues.DETERMINERS or _dated(before, key)):
        return False
    if said_of_person(passage, index):
        return True
    if _surname_follows(reading, index):
        return True
    says = after is not None and after.text.islower() and after.key in cues.SAYING
    if not reading.inside(index):
        possesses = reading.word(index).possessive and key not in cues.MONTHS
        return says or possesses or _family_follows(passage, index)
    if before is None:
        return says
    if key in cues.MONTHS:
        return speaks_or_acts(passage, index) or before.key in cues.TO_PERSON
    begun = before.capital and not begins_sentence(passage, index - 1)
    return not (begun or (after is not None and after.capital))


def _dated(before: Word, key: str) -> bool:
    return key in cues.MONTHS and before.key in cues.MONTH_BEFORE


def _first_name(reading: Reading, index: int) -> bool:
    passage, before = reading.passage, word_before(reading.passage, index)
    if said_of_person(passage, index) or _surname_follows(reading, index):
        return True
    if part_of_organisation(passage, index):
        return False
    if not reading.inside(index):
        after = word_after(passage, index)
        says = after is not None and after.text.islower() and after.key in cues.SPEAKING
        return says or _family_follows(passage, index) or not is_english(reading.word(index).key)
    return before is None or before.key not in cues.DETERMINERS


def _rating(reading: Reading, index: int) -> bool:
    """As in "graded Amber, then Green"."""
    if reading.word(index).key not in cues.RATINGS:
        return False
    around = (
        reading.passage.words[max(0, index - 4) : index] + reading.passage.words[index + 1 :][:4]
    )
    return any(word.key in cues.RATINGS for word in around)


def _surname(reading: Reading, index: int) -> bool:
    return _by_cue(reading, index)


def _the_family(passage: Passage, index: int) -> bool:
    """As in "the Baker family"."""
    before, after = passage.words[index - 1] if index else None, word_after(passage, index)
    if (
        before is None
        or after is None
        or before.key not in ("the", "both", "these", "three", "two")
    ):
        return False
    return after.text in ("family", "families", "children", "siblings", "household", "brothers")


def _place_or_person(reading: Reading, index: int) -> bool:
    passage = reading.passage
    if said_of_person(passage, index) or _surname_follows(reading, index):
        return True
    if part_of_organisation(passage, index):
        return False
    if said_of_place(passage, index):
        return speaks(passage, index)
    key = reading.word(index).key
    if is_english(key) and not reading.inside(index):
        return speaks_or_acts(passage, index)
    return True


def _foreign(reading: Reading, index: int) -> bool:
    passage = reading.passage
    return said_of_person(passage, index) or not part_of_organisation(passage, index)


def _in_small_letters(reading: Reading, index: int) -> bool:
    key, before = reading.word(index).key, word_before(reading.passage, index)
    if len(key) > 2 and _family_follows(reading.passage, index):
        return not (is_english(key) or is_vocabulary(key))
    if len(key) < 4 or is_vocabulary(key) or index in reading.places:
        return False
    if before is not None and before.key in ("called", "named"):
        return not is_english(key)
    return (is_name(key) or key in also_names.COMMON) and not is_english(key)


def _surname_follows(reading: Reading, index: int) -> bool:
    """As in "Rose Baker", "Mark Oyelaran": a name of two words, even first in a sentence."""
    if index + 1 >= len(reading.passage.words) or not adjoining(reading.passage, index):
        return False
    after = reading.word(index + 1)
    if not after.capital or after.text.isupper() or is_vocabulary(after.key):
        return False
    if part_of_organisation(reading.passage, index):
        return False
    return after.key in also_names.LAST or not (
        is_english(after.key) or (after.key,) in places().get(after.key, ())
    )


def _family_follows(passage: Passage, index: int) -> bool:
    """As in "Rose's mother"."""
    if not passage.words[index].possessive or index + 1 >= len(passage.words):
        return False
    return passage.words[index + 1].key in cues.FAMILY


def _widen(reading: Reading, found: set[int]) -> None:
    """Take in the words beside a name that belong to it: a first name, a surname, particles."""
    for index in sorted(found):
        here = index
        while here + 1 not in found and _goes_on(reading, here):
            here += 1
            found.add(here)
        if index and adjoining(reading.passage, index - 1) and _leads(reading, index - 1):
            found.add(index - 1)


def _goes_on(reading: Reading, index: int) -> bool:
    if not adjoining(reading.passage, index):
        return False
    after = reading.word(index + 1)
    if after.key in cues.PARTICLES:
        return index + 2 < len(reading.passage.words) and reading.word(index + 2).capital
    if not after.capital or index + 1 in reading.passage.allowed or after.text.isupper():
        return False
    plain = is_vocabulary(after.key) or after.key in cues.ORGANISATION_NOUNS
    return after.key in also_names.LAST or not plain


def _leads(reading: Reading, index: int) -> bool:
    word = reading.word(index)
    if index in reading.passage.allowed or not word.capital:
        return False
    if "-" in between(reading.passage, index):
        return True
    names = _FIRST | also_names.WEAK | also_names.PLACES
    return word.key in names or (len(word.text) == 1 and word.text not in "AI")
