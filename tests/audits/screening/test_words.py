"""Words with their places, and the form in which names are compared."""

import pytest

from audits.screening import name_key, name_keys
from audits.screening.words import words_of


def test_words_stand_where_they_are_and_lose_their_possessive() -> None:
    text = "Zoë’s bag, the parents' O'Brien-Ray"
    words = words_of(text)
    assert [word.text for word in words] == ["Zoë", "bag", "the", "parents", "O'Brien", "Ray"]
    assert [text[word.start : word.end] for word in words] == [word.text for word in words]
    assert [word.possessive for word in words] == [True, False, False, True, False, False]
    assert [word.capital for word in words] == [True, False, False, False, True, True]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("O’Brien", "obrien"),
        ("Zoë", "zoe"),
        ("Anna-María", "anna maria"),
        ("  Anna   Maria ", "anna maria"),
        ("STRAßE", "strasse"),
        ("", ""),
    ],
)
def test_the_key_of_a_name(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Anna-María O’Brien", ["anna maria obrien", "anna", "maria", "obrien", "annamaria"]),
        ("Jo van der Berg", ["jo van der berg", "jo", "berg"]),
        ("J Ray", ["j ray", "ray"]),
        ("X", []),
        ("", []),
    ],
)
def test_the_keys_under_which_a_name_is_known(name: str, keys: list[str]) -> None:
    assert list(name_keys(name)) == keys
