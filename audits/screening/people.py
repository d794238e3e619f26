"""How the words beside a word speak for a person or for a place."""

from audits.screening import cues
from audits.screening.hits import Passage
from audits.screening.joining import adjoining, begins_sentence, between
from audits.screening.words import Word


def word_before(passage: Passage, index: int) -> Word | None:
    """The word before in the same sentence."""
    if index == 0 or begins_sentence(passage, index):
        return None
    return passage.words[index - 1]


def word_after(passage: Passage, index: int) -> Word | None:
    """The word that follows with nothing but a space or a hyphen between."""
    if index + 1 >= len(passage.words) or between(passage, index).strip(" \u00a0-") != "":
        return None
    return passage.words[index + 1]


def speaks(passage: Passage, index: int) -> bool:
    """As in "Rose told", "Rose's mother"."""
    words, after = passage.words, word_after(passage, index)
    if words[index].possessive:
        return index + 1 < len(words) and words[index + 1].key in cues.FAMILY
    return after is not None and after.text.islower() and after.key in cues.SAYING


def speaks_or_acts(passage: Passage, index: int) -> bool:
    """As in "Rose told", "Rose's mother", "Rose, aged 4", "Rose (4)"."""
    word, after = passage.words[index], word_after(passage, index)
    if word.possessive:
        return True
    if after is not None and after.text.islower() and after.key in cues.SPEAKING:
        return True
    follows = passage.text[word.end : word.end + 12]
    return follows.lstrip(" ,(").startswith("aged ") or (
        follows[:2] == " (" and follows[2:3].isdigit()
    )


def said_of_person(passage: Passage, index: int) -> bool:
    """As in "his sister Rose", "called Rose", "sister: Rose"."""
    if index == 0:
        return False
    before = passage.words[index - 1]
    gap = between(passage, index - 1)
    if "\n" in gap or before.possessive or gap.strip() not in ("", ",", ":", "(", "-", "–"):
        return False
    return before.key in cues.BEFORE_PERSON or before.key in cues.CALLED


def titled(passage: Passage, index: int) -> bool:
    """As in "Mrs Rose", "PC Rose", "Aunt Rose"."""
    if index == 0:
        return False
    before, gap = passage.words[index - 1], between(passage, index - 1)
    if gap.strip() not in ("", ".") or "\n" in gap or before.key not in cues.TITLES:
        return False
    return before.key not in cues.LOOSE_TITLES or before.capital


def said_of_place(passage: Passage, index: int) -> bool:
    """As in "in Chelsea", "Chelsea town centre", "Reading and Swindon"."""
    before, after = word_before(passage, index), word_after(passage, index)
    if before is not None and before.key in cues.AT_PLACE:
        return True
    return after is not None and after.capital and after.key in cues.PLACE_NOUNS


def part_of_organisation(passage: Passage, index: int) -> bool:
    """As in "Oakfield Primary School", "Fenshire and Wexmoor Trust", "St Bede's"."""
    words, here = passage.words, index
    if index and words[index - 1].text in ("St", "Saint", "Our", "Operation", "Op", "Project"):
        return True
    if words[index].possessive and index == here:
        after = words[index + 1] if index + 1 < len(words) else None
        return after is not None and after.capital and after.key in cues.ORGANISATION_NOUNS
    joined = False
    for _ in range(5):
        if not adjoining(passage, here):
            return False
        here += 1
        word = words[here]
        if word.capital and word.key in cues.ORGANISATION_NOUNS:
            return not (joined and word.key in cues.PLACE_NOUNS)
        joined = joined or word.key == "and"
        if not word.capital and word.key not in ("and", "of", "the", "upon", "on", "le", "with"):
            return False
    return False
