"""Where somebody lives, and streets that name a surgery or a school."""

import pytest

from tests.audits.screening.found import found


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("They live at 14 Acacia Avenue.", "14 Acacia Avenue"),
        ("Flat 3, 14b High Street", "Flat 3, 14b High Street"),
        ("No. 7 The Green", "No. 7 The Green"),
        ("27-29 Old Mill Lane was visited", "27-29 Old Mill Lane"),
        ("at 14 acacia avenue all night", "14 acacia avenue"),
        ("He lives on Acacia Avenue with his aunt.", "Acacia Avenue"),
        ("The family moved to Marsh End Close in May.", "Marsh End Close"),
        ("Flat 12, Kingfisher Court", "Flat 12, Kingfisher Court"),
    ],
)
def test_an_address(text: str, address: str) -> None:
    assert found(text, "address") == [address]


@pytest.mark.parametrize(
    "text",
    [
        "Mill Lane Surgery and Bridge Street Practice replied.",
        "2 schools on the way home were asked",
        "There were 14 contacts in the street.",
        "In 3 of 12 cases the road was clear.",
        "She lives on her own.",
        "Placed at Thornbury Road Primary School in May",
        "48 of 56 cases met good on the way",
        "2024 Children's Home Place of Safety",
    ],
)
def test_no_address(text: str) -> None:
    assert found(text, "address") == []
