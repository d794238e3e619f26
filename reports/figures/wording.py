"""Figures inside a finding's text."""

from collections.abc import Iterable, Mapping

from audits.text import HINT, figure_codes
from reports.figures.values import FigureValue

Part = tuple[str, bool]
"""Words as they print, and whether they are a figure's."""


def printed_parts(text: str, codes: Iterable[str], values: Mapping[str, FigureValue]) -> list[Part]:
    """The text cut at its figures; those of `codes` it does not name follow in brackets.

    A code that names no figure stays as it was typed.
    """
    parts = [part for part in _named(text, values) if part[0]]
    named = set(figure_codes(text))
    unnamed = [values[code].text for code in codes if code in values and code not in named]
    return [*parts, (" ", False), (f"[{'; '.join(unnamed)}]", True)] if unnamed else parts


def _named(text: str, values: Mapping[str, FigureValue]) -> Iterable[Part]:
    begin = 0
    for match in HINT.finditer(text):
        yield text[begin : match.start()], False
        value = values.get(match[1].strip())
        yield (value.text, True) if value else (match[0], False)
        begin = match.end()
    yield text[begin:], False
