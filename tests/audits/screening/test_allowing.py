"""Names that are no alarm: as they are written, and of organisations where somebody lists them."""

import pytest

from audits.screening import Allowed, allowing, screen
from audits.screening.allowing import is_organisation
from audits.screening.words import words_of


def allowed_in(text: str, *names: str) -> str:
    words = words_of(text)
    found = Allowed(names).words_in(text, words)
    return " ".join(word.text for index, word in enumerate(words) if index in found)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Mill Lane Surgery", "We rang Mill Lane Surgery twice."),
        ("Mill Lane Surgery", "MILL LANE SURGERY’S list"),
        ("Mill Lane Surgery", "the Mill-Lane Surgery"),
        ("St Mary’s School", "St. Mary's School"),
        ("Skills, Learning and Youth", "Skills, Learning and Youth met"),
        ("Skills, Learning and Youth", "Skills Learning and Youth met"),
        ("early help", "Early help began."),
    ],
)
def test_a_name_is_known_where_it_is_written_so(name: str, text: str) -> None:
    assert len(allowed_in(text, name).split()) == len(words_of(name))


@pytest.mark.parametrize(
    "text",
    [
        "Jayden Okonkwo. School was told.",
        "Jayden Okonkwo, School said",
        "Jayden Okonkwo\nSchool was told.",
        "Jayden Okonkwo’s School",
        "Jayden Okonkwo school",
        "jayden okonkwo school",
        "Jayden School",
    ],
)
def test_words_that_are_parted_or_written_otherwise_are_another_name(text: str) -> None:
    assert allowed_in(text, "Jayden Okonkwo School") == ""


def test_of_names_that_begin_alike_the_longest_counts() -> None:
    names = ("Fen", "Fen Hill", "Fen Hill Medical Trust")
    assert allowed_in("Fen Hill Medical said no to Fen Hill Medical Trust.", *names) == (
        "Fen Hill Fen Hill Medical Trust"
    )


@pytest.mark.parametrize(
    ("name", "says_so"),
    [
        ("Mill Lane Surgery", True),
        ("The Surgery at Mill Lane", True),
        ("St Mary’s Church of England School", True),
        ("Dr Patel and Partners", True),
        ("Jayden Okonkwo", False),
        ("School", False),
        ("mill lane surgery", False),
        ("Jayden Okonkwo was seen at School", False),
        ("", False),
        (f"{'Aa ' * 11}Surgery", True),
        (f"{'Aa ' * 12}Surgery", False),
    ],
)
def test_what_is_recognisably_an_organisation(name: str, says_so: bool) -> None:
    assert is_organisation(name) is says_so


def test_what_somebody_listed_counts_where_it_is_an_organisation() -> None:
    listed = Allowed(listed=["Dr Patel’s Surgery", "Orlan Hexley"])
    assert screen("We rang Dr Patel's Surgery.", allowed=listed) == []
    assert [hit.text for hit in screen("Orlan Hexley came.", allowed=listed)] == ["Orlan Hexley"]


def test_a_known_name_is_spared_in_an_allowed_one_where_it_must_not_be_told() -> None:
    text, names = "Hexley Surgery rang hexley.", Allowed(["Hexley Surgery"])

    def found(*, spares: bool) -> list[int]:
        hits = screen(text, known=lambda key: key == "hexley", allowed=names, spares_known=spares)
        return [hit.start for hit in hits]

    assert found(spares=False) == [0, 20]
    assert found(spares=True) == [20]


def test_names_that_begin_otherwise_are_not_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Allowed(listed=[f"Hexley{'x' * each} Lane Surgery" for each in range(50)])
    taken: list[str] = []

    def counted(text: str) -> object:
        taken.append(text)
        return words_of(text)

    monkeypatch.setattr(allowing, "words_of", counted)
    for text in ("We rang Hexley Lane Surgery.", "Again Hexley Lane Surgery, and Hexley."):
        names.words_in(text, words_of(text))
    assert set(taken) == {"Hexley Lane Surgery"}
    assert len(taken) == 2
