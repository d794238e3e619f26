"""NHS numbers: the check digit decides."""

import pytest

from audits.screening import screen
from audits.screening.nhs_numbers import check_digit_holds


def found(text: str) -> list[tuple[str, str]]:
    return [(hit.rule, hit.text) for hit in screen(text)]


@pytest.mark.parametrize(
    "written", ["9434765919", "943 476 5919", "943-476-5919", "NHS no. 943 476 5919."]
)
def test_a_number_with_a_right_check_digit_is_found(written: str) -> None:
    [(rule, text)] = found(written)
    assert rule == "nhs-number"
    assert text.replace(" ", "").replace("-", "") == "9434765919"


def test_it_says_where_it_stands_and_why() -> None:
    [hit] = screen("NHS number: 943 476 5919, seen twice")
    assert (hit.start, hit.end) == (12, 24)
    assert hit.why == "This is an NHS number: its check digit is right."


@pytest.mark.parametrize(
    ("digits", "right"),
    [
        ("9434765919", True),
        ("4010232137", True),
        ("9434765918", False),
        ("0000000000", False),
        ("1111111111", False),
    ],
)
def test_the_check_digit(digits: str, right: bool) -> None:
    assert check_digit_holds(digits) is right


@pytest.mark.parametrize(
    "text", ["9434765918 forms", "1 943 476 5919 22", "943476591", "94347659190"]
)
def test_other_digits_are_no_nhs_number(text: str) -> None:
    assert "nhs-number" not in [rule for rule, _ in found(text)]
