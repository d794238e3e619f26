"""What is capitalised in safeguarding prose and names nobody: acronyms, tools, laws, peoples."""

from functools import cache

from audits.screening.listed import lines, listed
from audits.screening.words import name_key

ACRONYMS = listed("vocabulary", "acronyms")
_SMALL = (
    listed("vocabulary", "words")
    | listed("vocabulary", "counties")
    | {acronym.casefold() for acronym in ACRONYMS}
)


def is_vocabulary(key: str) -> bool:
    return key in _SMALL or (key.endswith("shire") and len(key) > len("shire"))


@cache
def phrases() -> tuple[str, ...]:
    """Keys of names that stand for a rule, a test or a charity, not for the person."""
    return tuple(name_key(line) for line in lines("vocabulary", "phrases"))
