"""The word lists: every entry is found, and nothing else."""

import pytest

from audits.screening import lexicon
from audits.screening.lexicon import WordList, by_first_word, is_english, is_name, places


@pytest.mark.parametrize("entry", ["a", "ab", "b", "café", "zebra"])
def test_each_entry_of_a_list_is_found(entry: str) -> None:
    assert entry in WordList("a\nab\nb\ncafé\nzebra\n".encode())


@pytest.mark.parametrize("word", ["", "aa", "c", "zebras", "zz", "é"])
def test_other_words_are_not(word: str) -> None:
    assert word not in WordList("a\nab\nb\ncafé\nzebra\n".encode())


def test_an_empty_list_has_nothing() -> None:
    assert "a" not in WordList(b"")


def test_every_hundredth_english_word_is_found() -> None:
    words = lexicon._unpacked("words").decode().splitlines()  # noqa: SLF001
    assert len(words) > 80_000
    assert words == sorted(words, key=str.encode)
    assert all(is_english(word) for word in words[::100])


def test_what_is_english_a_name_or_a_place() -> None:
    assert (is_english("safeguarding"), is_english("kayleigh")) == (True, False)
    assert (is_name("zimmerman"), is_name("rose")) == (True, False)
    assert places()["milton"][0] == ("milton", "keynes")


def test_names_by_their_first_word_the_longest_first() -> None:
    assert by_first_word(["a", "b c", "a b"]) == {"a": (("a", "b"), ("a",)), "b": (("b", "c"),)}
