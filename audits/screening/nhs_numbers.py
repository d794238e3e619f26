"""NHS numbers: ten digits, the last of them a check digit (NHS Data Dictionary, modulus 11)."""

import re
from collections.abc import Iterator

from audits.screening.hits import Hit, Passage

CODE = "nhs-number"
WHY = "This is an NHS number: its check digit is right."
_TEN = re.compile(r"(?<![\w.])(?<!\d[ \u00a0-])\d{3}([ \u00a0.–-]?)\d{3}\1\d{4}(?!\w|[ \u00a0-]\d)")
_WEIGHTS = range(10, 1, -1)


def nhs_numbers(passage: Passage) -> Iterator[Hit]:
    for match in _TEN.finditer(passage.text):
        if check_digit_holds(re.sub(r"\D", "", match[0])):
            yield passage.hit(CODE, match.start(), match.end(), WHY)


def check_digit_holds(digits: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return len(set(digits)) > 1 and (11 - total % 11) % 11 == int(digits[-1])
