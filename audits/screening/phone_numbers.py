"""Telephone numbers as they are written in the United Kingdom (Ofcom, national numbering plan).

Freephone numbers and the public's short ones (0800, 0808, 101, 111, 999) say nobody's name: a
helpline may stand in a document.
"""

import re
from collections.abc import Iterator

from audits.screening.hits import Hit, Passage

CODE = "phone-number"
WHY = "This looks like a telephone number."
_GAP = r"[ \u00a0.\-–()]{0,2}"
_INLAND = rf"\(?0{_GAP}[1-9](?:{_GAP}\d){{8,9}}"
_ABROAD = rf"(?:\+|\b00){_GAP}[1-9]\d{{0,2}}{_GAP}(?:\(0\){_GAP})?\d(?:{_GAP}\d){{7,10}}"
_NUMBER = re.compile(rf"(?<![\w/.,£-])(?:{_ABROAD}|{_INLAND})(?![\d/]|[.,-]\d)")
_PUBLIC = re.compile(r"^(?:\+44\D*|0)8(?:00|08)")


def phone_numbers(passage: Passage) -> Iterator[Hit]:
    for match in _NUMBER.finditer(passage.text):
        if not _PUBLIC.match(re.sub(r"[^\d+]", "", match[0])):
            yield passage.hit(CODE, match.start(), match.end(), WHY)
