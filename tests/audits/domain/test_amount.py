"""How much the stops look through in one go."""

import pytest

from audits.domain import amount
from audits.domain.amount import too_long
from audits.domain.clearing import stop_at_words
from audits.domain.guards import GuardError, words_undecided
from audits.domain.screened_texts import Passage, Place
from reports.domain import screened_texts
from tests.audits.collecting import collecting


def passage(group: str, label: str, length: int) -> Passage:
    return Passage(Place(group, label, "case-return-edit", ()), "w" * length)


def test_what_can_be_looked_through_is_not_too_long() -> None:
    assert too_long([passage("Case 1", "Point", amount.MOST)]) == []


def test_says_how_long_and_where_most_of_it_stands() -> None:
    half = amount.MOST // 2
    (sentence,) = too_long(
        [
            passage("Case 1", "Point", half),
            passage("Case 2", "Point", 3),
            passage("Case 1", "Point", half),
            passage("Case 3", "Chronology", 4),
            passage("Case 4", "Past engagement", 5),
        ]
    )
    assert "1,000,012 characters" in sentence
    assert "Case 1, point: 1,000,000; Case 4, past engagement: 5; Case 3, chronology: 4" in sentence


@pytest.mark.django_db
class TestStops:
    @pytest.fixture(autouse=True)
    def _short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(amount, "MOST", 3)

    def test_a_sign_off(self) -> None:
        world = collecting()
        world.agency_return.overview = "What we found."
        world.agency_return.save()
        (sentence,) = words_undecided(world.agency_return)
        assert "Summative report, overview: 14" in sentence

    def test_a_publication(self) -> None:
        world = collecting()
        (sentence,) = screened_texts.words_undecided(world.audit, by=world.lead)
        assert "no more than 3" in sentence

    def test_a_correction(self) -> None:
        world = collecting()
        with pytest.raises(GuardError, match="no more than 3"):
            stop_at_words(world.agency_return, None, by=world.lead, reason="A slip.", clearings=())
