"""A number from a box for numbers, as it was typed: such a box drops the nought it begins with."""

from audits.screening.nhs_numbers import check_digit_holds

_TELEPHONE = 10
"""Digits of a telephone number without its nought; no count has as many."""


def as_typed(number: str) -> str:
    if len(number) == _TELEPHONE and number.isdecimal() and not check_digit_holds(number):
        return f"0{number}"
    return number
