"""What was typed into a box for numbers."""

import pytest

from audits.screening import screen
from audits.screening.numbers import as_typed


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("9434765919", "9434765919"),
        ("7700900123", "07700900123"),
        ("770090.0123", "770090.0123"),
        ("4", "4"),
        ("", ""),
    ],
)
def test_the_nought_that_was_lost_is_put_back(stored: str, typed: str) -> None:
    assert as_typed(stored) == typed


@pytest.mark.parametrize("number", ["0", "4", "12.5", "2026", "-7", "1000000", "123456789"])
def test_an_ordinary_number_says_nobody(number: str) -> None:
    assert screen(as_typed(number)) == []
