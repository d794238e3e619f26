import pytest

from audits.models import Figure
from reports.figures import Count, FigureValue, WithheldCount, printed_parts

VALUES = {
    "good": FigureValue(Figure(code="good"), Count(48, 56, "cases"), "met good"),
    "known": FigureValue(Figure(code="known"), Count(41, 60, "cases"), "known"),
}


def with_figures(text: str, codes: list[str], values: dict[str, FigureValue]) -> str:
    return "".join(words for words, _is_figure in printed_parts(text, codes, values))


def test_a_figure_takes_its_place_in_the_text() -> None:
    assert with_figures("Police: {figure:good}.", [], VALUES) == "Police: 48 of 56 cases met good."


def test_a_code_without_a_figure_stays_to_be_seen() -> None:
    assert with_figures("Police: {figure:none}.", [], VALUES) == "Police: {figure:none}."


def test_text_that_looks_like_a_template_is_left_alone() -> None:
    assert with_figures("{{ 7|add:1 }} {% now %} {figure} {}", [], VALUES) == (
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


def test_blanks_in_the_braces_do_no_harm() -> None:
    assert with_figures("{figure: known }", ["known"], VALUES) == "41 of 60 cases known"


def test_a_code_of_another_audit_adds_nothing() -> None:
    assert with_figures("Recording is good.", ["elsewhere"], VALUES) == "Recording is good."


def test_the_parts_say_which_words_are_figures() -> None:
    assert printed_parts("So {figure:good}, {figure:none}", ["good", "known"], VALUES) == [
        ("So ", False),
        ("48 of 56 cases met good", True),
        (", ", False),
        ("{figure:none}", False),
        (" ", False),
        ("[41 of 60 cases known]", True),
    ]


HIDDEN = {
    "yos": FigureValue(Figure(code="yos"), WithheldCount(None, "cases"), "met good"),
    "known": VALUES["known"],
}
GONE = "A sentence is left out here, because its words would give a withheld number away."


@pytest.mark.parametrize(
    "text",
    [
        "Every case that was audited met good, and plans are theirs: {figure:yos}.",
        "None of the cases met good: {figure:yos}.",
        "Only one did not: {figure:yos}.",
        "Three met good ({figure:yos}).",
        "No case, whoever audited it, fell short: {figure:yos}.",
    ],
)
def test_a_sentence_that_says_a_withheld_count_in_words_is_withheld_with_it(text: str) -> None:
    assert with_figures(text, [], HIDDEN) == f"{GONE} It rested on: [withheld] cases met good."


def test_the_sentences_beside_it_stay() -> None:
    text = "Plans are shared. All met good: {figure:yos}. Every agency knew {figure:known}."
    assert with_figures(text, [], HIDDEN) == (
        f"Plans are shared. {GONE} It rested on: [withheld] cases met good. "
        "Every agency knew 41 of 60 cases known."
    )


def test_a_withheld_figure_that_follows_may_be_what_any_sentence_tells() -> None:
    text = "Plans are shared. All met good."
    assert with_figures(text, ["yos"], HIDDEN) == (
        f"Plans are shared. {GONE} [[withheld] cases met good]"
    )


def test_words_that_say_no_count_stay_beside_a_withheld_figure() -> None:
    text = "Young people take part in their plans: {figure:yos}."
    assert with_figures(text, [], HIDDEN) == (
        "Young people take part in their plans: [withheld] cases met good."
    )


def test_a_count_that_is_printed_may_be_said_in_words_too() -> None:
    text = "Every case known was audited: {figure:known}. All of them."
    assert with_figures(text, [], HIDDEN) == (
        "Every case known was audited: 41 of 60 cases known. All of them."
    )
