"""E-mail addresses."""

import pytest

from tests.audits.screening.found import found


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Write to a.person@school.example today.", "a.person@school.example"),
        ("<mum_1@mail.fenshire.example>", "mum_1@mail.fenshire.example"),
        ("o'neil@mail.example", "o'neil@mail.example"),
        ("It was sent to x [at] mail.example, we think.", "x [at] mail.example"),
        ("x(at)mail.example", "x(at)mail.example"),
        ("kel at mailbox dot example", "kel at mailbox dot example"),
    ],
)
def test_an_address(text: str, address: str) -> None:
    assert found(text, "email") == [address]


@pytest.mark.parametrize(
    "text",
    [
        "She was seen at school. Dot was there.",
        "A visit @ home",
        "at 4.30 and at 5.00",
        "user@host",
    ],
)
def test_no_address(text: str) -> None:
    assert found(text, "email") == []
