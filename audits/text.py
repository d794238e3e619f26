"""What a finding's text says about figures: the codes it names, and digits typed by hand."""

import re
from collections.abc import Collection, Iterable

HINT = re.compile(r"\{figure:([^{}]*)\}")
OUT_OF = re.compile(r"\b(\d+)\s*(?:of|out of|/)\s*(?:the\s+)?(\d+)\b")
NUMBER = re.compile(r"(?<![\w.,/])(?:\d{1,3}(?:,\d{3})+|\d{2,})(?![\w/])%?")

# Digits that count nothing: a section of an Act, a year, a day with its month.
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NO_COUNT = re.compile(
    rf"\b(?:section|sections|s\.?|article|regulation|chapter)\s?\d+\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})(?:\s+\d{{4}})?\b"
    rf"|\b(?:19|20)\d{{2}}(?:\s?[/–-]\s?\d{{2,4}})?\b",
    re.IGNORECASE,
)


def figure_codes(text: str) -> list[str]:
    """The codes named as `{figure:code}`, in the order they stand, each once."""
    return list(dict.fromkeys(code.strip() for code in HINT.findall(text)))


def unknown_codes(text: str, known: Collection[str]) -> list[str]:
    return [code for code in figure_codes(text) if code not in known]


def typed_numbers(text: str, figures: Iterable[tuple[int | None, int | None]] = ()) -> list[str]:
    """Counts typed by hand that match none of the finding's figures, as they are typed.

    A count is "n of m" or a number of two or more digits. `figures` holds numerator and
    denominator of each figure whose value is known; a figure that names them is a match.
    """
    pairs = set(figures)
    singles = {number for pair in pairs for number in pair if number is not None}
    left = NO_COUNT.sub(" ", HINT.sub(" ", text))
    found = [
        (match.start(), match[0])
        for match in OUT_OF.finditer(left)
        if (int(match[1]), int(match[2])) not in pairs
    ]
    left = OUT_OF.sub(lambda match: " " * len(match[0]), left)
    found += [
        (match.start(), match[0])
        for match in NUMBER.finditer(left)
        if int(match[0].strip("%").replace(",", "")) not in singles
    ]
    return [words for _, words in sorted(found)]
