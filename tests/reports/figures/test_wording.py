import pytest

from audits.models import Figure
from reports.documents.typed_numbers import unaccounted_numbers
from reports.figures import Count, FigureValue, fill_in, with_figures

VALUES = {
    "good": FigureValue(Figure(code="good"), Count(48, 56, "cases"), "met good"),
    "known": FigureValue(Figure(code="known"), Count(41, 60, "cases"), "known"),
}


def test_a_figure_takes_its_place_in_the_text() -> None:
    assert fill_in("Police: {figure:good}.", VALUES) == "Police: 48 of 56 cases met good."


def test_a_code_without_a_figure_stays_to_be_seen() -> None:
    assert fill_in("Police: {figure:none}.", VALUES) == "Police: {figure:none}."


def test_text_that_looks_like_a_template_is_left_alone() -> None:
    assert fill_in("{{ 7|add:1 }} {% now %} {figure} {}", VALUES) == (
        "{{ 7|add:1 }} {% now %} {figure} {}"
    )


def test_a_figure_not_named_follows_in_brackets() -> None:
    assert with_figures("Recording is good.", ["good", "known"], VALUES) == (
        "Recording is good. [48 of 56 cases met good; 41 of 60 cases known]"
    )


def test_a_figure_is_not_said_twice() -> None:
    assert with_figures("{figure:good}", ["good", "known"], VALUES) == (
        "48 of 56 cases met good [41 of 60 cases known]"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("48 of 56 cases met good", []),
        ("48/56 met good", []),
        ("49 of 56 cases met good", [49]),
        ("86% met good", [86]),
        ("In 44 cases the voice was heard", [44]),
        ("{figure:other-99} cases", []),
        ("Section 47 enquiries since 2018 were slow", []),
        ("On 11 April the panel met", []),
    ],
)
def test_numbers_typed_by_hand_are_held_against_the_figures(text: str, expected: list[int]) -> None:
    assert unaccounted_numbers(text, {48, 56}) == expected
