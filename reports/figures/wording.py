"""Figures inside a finding's text."""

import re
from collections.abc import Iterable, Iterator, Mapping

from audits.text import HINT, figure_codes
from reports.figures.values import WITHHELD, FigureValue

Part = tuple[str, bool]
"""Words as they print, and whether they are a figure's."""

SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
SAYS_A_COUNT = re.compile(
    r"\b(?:all|every|everyone|everybody|each|entire(?:ly)?|whole|always|without exception|both"
    r"|none|no|nobody|neither|never|not (?:one|a single|any)|(?:only|but|except) one"
    r"|one of|half|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"|(?<![\w.,/–-])\d{1,3}(?![\w./%–-])",
    re.IGNORECASE,
)
"""Words from which a count can be told beside what it is out of: “every case met good”."""
LEFT_OUT = "A sentence is left out here, because its words would give a withheld number away."
RESTED_ON = " It rested on: "


def printed_parts(text: str, codes: Iterable[str], values: Mapping[str, FigureValue]) -> list[Part]:
    """The text cut at its figures; those of `codes` it does not name follow in brackets.

    A code that names no figure stays as it was typed. Where a figure's count is withheld, so is
    each sentence about it that says the count in words.
    """
    parts = [part for part in _named(text, values) if part[0]]
    named = set(figure_codes(text))
    unnamed = [values[code].text for code in codes if code in values and code not in named]
    parts = _without_counts(parts, of_all=any(WITHHELD in each for each in unnamed))
    return [*parts, (" ", False), (f"[{'; '.join(unnamed)}]", True)] if unnamed else parts


def _without_counts(parts: list[Part], *, of_all: bool) -> list[Part]:
    """`of_all`: a withheld figure follows the text, and any of its sentences may be about it."""
    if not of_all and not any(_is_withheld(part) for part in parts):
        return parts
    printed: list[Part] = []
    for sentence in _sentences(parts):
        about = of_all or any(_is_withheld(part) for part in sentence)
        tells = any(not is_figure and SAYS_A_COUNT.search(words) for words, is_figure in sentence)
        if printed:
            printed.append((" ", False))
        if about and tells:
            figures = "; ".join(words for words, is_figure in sentence if is_figure)
            printed.append((LEFT_OUT, False))
            printed += [(RESTED_ON, False), (figures, True), (".", False)] if figures else []
        else:
            printed += sentence
    return printed


def _is_withheld(part: Part) -> bool:
    words, is_figure = part
    return is_figure and WITHHELD in words


def _sentences(parts: list[Part]) -> Iterator[list[Part]]:
    sentence: list[Part] = []
    for words, is_figure in parts:
        first, *rest = [words] if is_figure else SENTENCE_ENDS.split(words)
        sentence.append((first, is_figure))
        for begun in rest:
            yield sentence
            sentence = [(begun, False)]
    yield [part for part in sentence if part[0]]


def _named(text: str, values: Mapping[str, FigureValue]) -> Iterable[Part]:
    begin = 0
    for match in HINT.finditer(text):
        yield text[begin : match.start()], False
        value = values.get(match[1].strip())
        yield (value.text, True) if value else (match[0], False)
        begin = match.end()
    yield text[begin:], False
