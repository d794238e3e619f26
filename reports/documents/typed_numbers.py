"""Numbers typed by hand into a finding, which no figure answers for."""

import re

from reports.figures.wording import PLACE

# Dates, years, section numbers and ages in words are no counts; a count of cases is.
COUNT = re.compile(r"\b(\d+)(?:\s*(?:of|out of|/)\s*(\d+))", re.IGNORECASE)
PERCENTAGE = re.compile(r"\b(\d+)(?:\.\d+)?\s*(?:%|per cent)", re.IGNORECASE)
COUNTED = re.compile(
    r"\b(\d+)\s+(?:cases?|children|families|practices|agencies|audits|returns|young people)\b",
    re.IGNORECASE,
)


def unaccounted_numbers(text: str, numbers: set[int]) -> list[int]:
    """Counts written in `text` (its `{figure:code}` left aside) that are not among `numbers`."""
    plain = PLACE.sub(" ", text)
    typed: list[int] = []
    for pattern in (COUNT, PERCENTAGE, COUNTED):
        for match in pattern.finditer(plain):
            typed += [int(group) for group in match.groups() if group]
    return sorted(set(typed) - numbers)
