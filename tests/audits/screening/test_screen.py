"""All rules together: order, overlap, and what the partnership allows."""

import ast
import itertools
from pathlib import Path

import pytest

from audits import screening
from audits.screening import Allowed, Hit, screen
from audits.screening.registry import RULES


def test_hits_stand_in_order_and_never_overlap() -> None:
    text = "Tegwen, DOB 1/2/2019, of 14 Acacia Avenue, NN1 4QB: call 07700 900461 or x@mail.example"
    hits = screen(text)
    assert [(hit.rule, hit.text) for hit in hits] == [
        ("name", "Tegwen"),
        ("birth-date", "1/2/2019"),
        ("address", "14 Acacia Avenue"),
        ("postcode", "NN1 4QB"),
        ("phone-number", "07700 900461"),
        ("email", "x@mail.example"),
    ]
    assert all(text[hit.start : hit.end] == hit.text for hit in hits)
    assert all(one.end <= other.start for one, other in itertools.pairwise(hits))


def test_of_two_that_overlap_the_stronger_names_the_rule() -> None:
    assert screen("tegwen@mail.example") == [
        Hit("email", 0, 19, "tegwen@mail.example", "This is an e-mail address.")
    ]


def test_what_overlaps_is_one_hit_over_all_of_it() -> None:
    [hit] = screen("Dr K. Tegwenna saw him.")
    assert (hit.rule, hit.text) == ("initials", "K. Tegwenna")
    [hit] = screen("at 14 Tegwen Street", known=lambda key: key == "tegwen")
    assert (hit.rule, hit.text) == ("known-name", "14 Tegwen Street")


def test_names_of_the_partnership_are_no_alarm_where_they_stand_whole() -> None:
    text = "Hexley Trust and Hexley"
    assert [hit.text for hit in screen(text, allowed=Allowed(["Hexley"]))] == []
    assert [
        hit.start for hit in screen("Hexley met Orlan Hexley", allowed=Allowed(["Orlan Hexley"]))
    ] == [0]


def test_nothing_is_found_in_nothing() -> None:
    assert screen("") == []
    assert screen(" \n- – …\n") == []


def test_each_rule_says_its_own_code() -> None:
    for code, rule in RULES.items():
        module = __import__(rule.__module__, fromlist=["CODE"])
        assert code == module.CODE


def test_screening_is_pure() -> None:
    folder = Path(screening.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module is not None
                assert not node.module.startswith(("django", "agencies", "audits.models")), path


@pytest.mark.parametrize(
    "part",
    [
        "-",
        "a",
        "A",
        "a.",
        "A ",
        "Ab ",
        "1 ",
        "14 Aa ",
        "born ",
        "x'",
        "a@",
        "Aa and ",
        "at the Aa ",
        "\n",
    ],
)
def test_long_nonsense_is_gone_through_once(part: str) -> None:
    """With time that grows by the square of the length none of these would come to an end."""
    screen(part * 2_000)


def test_known_names_are_asked_for_once_each() -> None:
    asked: list[str] = []

    def known(key: str) -> bool:
        asked.append(key)
        return False

    screen("tegwen and tegwen and tegwen", known=known)
    assert asked == ["tegwen", "and", "tegwenand", "andtegwen"]
