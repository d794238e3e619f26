"""Two wordings of a text, cut where they part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.comparing import TOO_MANY_WORDS, Stretch, stretches


def cut(old: str, new: str) -> list[tuple[str, str]]:
    return [(each.side, each.words) for each in stretches(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("Same.", "Same.", [("both", "Same.")]),
        ("", "Written.", [("new", "Written.")]),
        ("Gone.", "", [("old", "Gone.")]),
        (
            "Seen twice at home.",
            "Seen once at home.",
            [("both", "Seen "), ("old", "twice"), ("new", "once"), ("both", " at home.")],
        ),
        (
            "The child was seen.",
            "The family had been seen.",
            [
                ("both", "The "),
                ("old", "child was"),
                ("new", "family had been"),
                ("both", " seen."),
            ],
        ),
        ("One.\r\nTwo.", "One.\nTwo.", [("both", "One.\nTwo.")]),
    ],
)
def test_words_are_told_apart(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert cut(old, new) == expected


def test_texts_too_long_to_compare_stand_whole() -> None:
    old, new = "old " * TOO_MANY_WORDS, "new " * TOO_MANY_WORDS
    assert stretches(old, new) == [Stretch(old, "old"), Stretch(new, "new")]


WORDS = st.text(alphabet="ab .\n", max_size=40)


@given(WORDS, WORDS)
def test_nothing_of_either_is_lost(old: str, new: str) -> None:
    found = stretches(old, new)
    assert "".join(each.words for each in found if each.side != "new") == old
    assert "".join(each.words for each in found if each.side != "old") == new
