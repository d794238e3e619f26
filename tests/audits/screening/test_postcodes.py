"""Postcodes, whole or called so."""

import pytest

from tests.audits.screening.found import found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("They moved to NN1 4QB in May.", "NN1 4QB"),
        ("nn14qb", "nn14qb"),
        ("(SW1A 2AA)", "SW1A 2AA"),
        ("EC1A 1BB.", "EC1A 1BB"),
        ("M1 1AE, Manchester", "M1 1AE"),
        ("B33  8TH", "B33  8TH"),
        ("GIR 0AA", "GIR 0AA"),
        ("The postcode was PE12 and no more.", "PE12"),
        ("Postcode: le4", "le4"),
    ],
)
def test_a_postcode(text: str, code: str) -> None:
    assert found(text, "postcode") == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Year 9 and Year 10",
        "S47 was begun, and S17 was not.",
        "MA1 2291B",
        "QQ1 1AA is no area",
        "NN1 4CI has letters that no postcode ends with",
        "In PE12 the lesson was missed.",
        "Form B12 3 pages",
    ],
)
def test_no_postcode(text: str) -> None:
    assert found(text, "postcode") == []
