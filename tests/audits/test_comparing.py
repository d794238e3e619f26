"""Two wordings of a text, cut where they part."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits import comparing
from audits.comparing import TOO_DIFFERENT, Stretch, stretches


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


def test_texts_too_different_to_compare_stand_whole() -> None:
    old, new = "old " * TOO_DIFFERENT, "new " * TOO_DIFFERENT
    assert stretches(old, new) == [Stretch(old, "old"), Stretch(new, "new")]


def test_long_texts_with_little_in_common_are_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "_same", lambda *_texts: pytest.fail("It was searched."))
    old = " ".join(f"a{n % 997}" for n in range(4000))
    new = " ".join(f"b{n % 997}" for n in range(4000))
    assert stretches(old, new) == [Stretch(old, "old"), Stretch(new, "new")]


def test_a_long_text_with_a_few_changes_is_compared_word_by_word() -> None:
    words = [f"w{n % 700}" for n in range(9000)]
    changed = ["X" if n % 900 == 5 else word for n, word in enumerate(words)]

    found = cut(" ".join(words), " ".join(changed))

    assert [words for side, words in found if side == "new"] == ["X"] * 10


@pytest.mark.parametrize(
    ("old", "new"),
    [("a " * 4000, "a b " * 2000), ("a " * 4000, "b a " * 4000), ("ab" * 9000, "b." * 9000)],
)
def test_words_that_repeat_themselves_keep_no_page_waiting(old: str, new: str) -> None:
    began = process_time()

    found = stretches(old, new)

    # What tries every pairing takes minutes; a loaded machine takes no longer by this clock.
    assert process_time() - began < 5
    assert "".join(each.words for each in found if each.side != "old") == new


WORDS = st.text(alphabet="ab .\n", max_size=40)


@given(WORDS, WORDS)
def test_nothing_of_either_is_lost(old: str, new: str) -> None:
    found = stretches(old, new)
    assert "".join(each.words for each in found if each.side != "new") == old
    assert "".join(each.words for each in found if each.side != "old") == new
