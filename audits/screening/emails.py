"""E-mail addresses, also those written so that a machine would miss them."""

import re
from collections.abc import Iterator

from audits.screening.hits import Hit, Passage

CODE = "email"
WHY = "This is an e-mail address."
_NAME = r"[\w.+'’-]{1,64}"
_HOST = r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.[A-Za-z]{2,24}"
_SPELT_AT = r"\s?[\[(]\s?at\s?[\])]\s?"
_ADDRESS = re.compile(
    rf"(?<![\w.]){_NAME}(?:\s?@\s?|{_SPELT_AT}){_HOST}\b"
    rf"|(?<![\w.]){_NAME} at [\w-]{{1,63}}(?: dot [\w-]{{1,63}}){{1,6}}\b",
    re.IGNORECASE,
)


def emails(passage: Passage) -> Iterator[Hit]:
    for match in _ADDRESS.finditer(passage.text):
        yield passage.hit(CODE, match.start(), match.end(), WHY)
