import pytest

from audits.text import figure_codes, typed_numbers, unknown_codes


def test_codes_are_named_in_order_and_once() -> None:
    text = "{figure:b} and { figure:x} and {figure:a}, again {figure: b }."
    assert figure_codes(text) == ["b", "a"]


def test_unknown_codes_are_those_the_finding_has_no_figure_for() -> None:
    assert unknown_codes("{figure:a} {figure:nope}", {"a"}) == ["nope"]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("48 of 56 cases met good.", ["48 of 56"]),
        ("44/60 cases", ["44/60"]),
        ("4 out of 5 were seen", ["4 out of 5"]),
        ("3 of the 5 homes", ["3 of the 5"]),
        ("Some 41 cases and 31 practices", ["41", "31"]),
        ("About 80% of them", ["80%"]),
        ("1,200 referrals", ["1,200"]),
        ("{figure:police-met-good-48} met good", []),
        ("One of 5 themes, in 3 cases", []),
        ("Section 47 enquiries and s47 and S47 referrals, section 20", []),
        ("Meeting of 11 April 2018, in 2017/18 and 2019", []),
        ("Nothing is counted here.", []),
        ("86% met good", ["86%"]),
        ("In 44 cases the voice was heard", ["44"]),
        ("{figure:other-99} cases", []),
        ("Section 47 enquiries since 2018 were slow", []),
        ("On 11 April the panel met", []),
    ],
)
def test_numbers_typed_by_hand_are_found(text: str, typed: list[str]) -> None:
    assert typed_numbers(text) == typed


def test_numbers_that_match_a_figure_are_left_alone() -> None:
    figures = [(48, 56), (31, None)]
    assert typed_numbers("48 of 56 met good; 31 practices of 56 asked", figures) == []
    assert typed_numbers("56 of 48 met good", figures) == ["56 of 48"]
    assert typed_numbers("49 of 56 cases, 48/56 met good", figures) == ["49 of 56"]
