"""Telephone numbers, and other long numbers."""

import pytest

from tests.audits.screening.found import found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Call 01632 960123.", "01632 960123"),
        ("Call (01632) 960 123 now", "(01632) 960 123"),
        ("020 7946 0018", "020 7946 0018"),
        ("mobile 07700900461", "07700900461"),
        ("07700-900-461", "07700-900-461"),
        ("+44 (0)7700 900461", "+44 (0)7700 900461"),
        ("0044 1632 960123", "0044 1632 960123"),
        ("+40 21 555 0123", "+40 21 555 0123"),
    ],
)
def test_a_telephone_number(text: str, number: str) -> None:
    assert found(text, "phone-number") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "0800 1111 and 0808 800 5000 are for everybody; so are 101 and 999.",
        "0800 555 0123",
        "On 01/02/2024 and on 2024-02-01, at 10.30.",
        "Reference 20240317-44, log 2045",
        "0.123456789012",
        "Cases 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 11",
        "£01234567890",
    ],
)
def test_no_telephone_number(text: str) -> None:
    assert found(text, "phone-number") == []
