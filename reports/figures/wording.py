"""Figures inside a finding's text."""

import re
from collections.abc import Iterable, Mapping

from reports.figures.values import FigureValue

PLACE = re.compile(r"\{figure:([-\w]+)\}")


def fill_in(text: str, values: Mapping[str, FigureValue]) -> str:
    """`{figure:code}` gives way to its figure; a code that names none stays as it is."""

    def word(match: re.Match[str]) -> str:
        value = values.get(match[1])
        return value.text if value else match[0]

    return PLACE.sub(word, text)


def with_figures(text: str, codes: Iterable[str], values: Mapping[str, FigureValue]) -> str:
    """The text with its figures: named ones in their place, the others in brackets after it."""
    named = set(PLACE.findall(text))
    unnamed = [values[code].text for code in codes if code in values and code not in named]
    filled = fill_in(text, values)
    return f"{filled} [{'; '.join(unnamed)}]" if unnamed else filled
