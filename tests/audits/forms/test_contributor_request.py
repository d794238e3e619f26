from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agencies.domain import contributors
from agencies.forms.contributor import lines_of
from audits.forms.contributor_request import AskForm, read_line
from tests.audits.collecting import Collecting
from tests.audits.contributing import coordinating, practice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "name", "email", "numbers", "everything"),
    [
        ("Mill Lane Surgery", "Mill Lane Surgery", "", None, False),
        ("Mill Lane, 1 3 7-9", "Mill Lane", "", [1, 3, 7, 8, 9], False),
        ("Mill Lane, 1, 3, 7–9", "Mill Lane", "", [1, 3, 7, 8, 9], False),
        ("Mill Lane\ta@b.example\t2", "Mill Lane", "a@b.example", [2], False),
        ("Mill Lane\t\tall", "Mill Lane", "", [], True),
        ("Mill Lane; cases 1 and 2", "Mill Lane", "", [1, 2], False),
        ("Mill Lane; a@b.example", "Mill Lane", "a@b.example", None, False),
        (
            "Market Place, Upper Fen, a@b.example, 4",
            "Market Place, Upper Fen",
            "a@b.example",
            [4],
            False,
        ),
        ("Market Place, Upper Fen", "Market Place, Upper Fen", "", None, False),
    ],
)
def test_a_line_is_taken_apart(
    text: str, name: str, email: str, numbers: list[int] | None, everything: bool
) -> None:
    line = read_line(1, text)
    assert (line.name, line.email, line.numbers, line.everything) == (
        name,
        email,
        numbers,
        everything,
    )
    assert line.faults == []


@pytest.fixture
def world() -> Collecting:
    return coordinating(cases=3)


def form_of(world: Collecting, **typed: Any) -> AskForm:
    data = {"asked_on": timezone.localdate(), **typed}
    return AskForm(data, agency_return=world.agency_return, case_returns=world.case_returns)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("Good; 1\nBad; 9 12", "Line 2: this audit asks about no cases 9, 12."),
        ("Bad; 4", "Line 1: this audit asks about no case 4."),
        ("\nBad; 1; x@", "Line 2: “x@” is not an e-mail address."),
        ("Bad; 1; maybe", "Line 1: “1 maybe” names no cases. Give their numbers, or “all”."),
        ("Bad; 3-1", "Line 1: “3–1” is no range of cases."),
        ("Bad; 1-99999", "Line 1: “1–99999” is no range of cases."),
        ("Bad; " + "9" * 5000, "Line 1: give the numbers of its cases, or “all”."),
        ("Bad; " + "1-9 " * 600, "Line 1: give the numbers of its cases, or “all”."),
        ("; 1", "Line 1: give a name of at most 200 letters."),
        ("n" * 201 + "; 1", "Line 1: give a name of at most 200 letters."),
        ("", "Name or tick at least one."),
    ],
)
def test_faults_are_named_by_line(world: Collecting, lines: str, told: str) -> None:
    assert told in form_of(world, lines=lines).errors["lines"]


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read_or_named(text: str) -> None:
    """No line is too odd to be answered beside its field."""
    line = read_line(1, text)
    assert isinstance(line.name, str)
    assert list(lines_of(text)) is not None


def test_many_faults_stay_readable(world: Collecting) -> None:
    faults = form_of(world, lines="\n".join(f"P{n}; 99" for n in range(60))).errors["lines"]
    assert (len(faults), faults[-1]) == (41, "And 20 more of this kind.")


def test_each_line_has_its_own_cases_or_those_ticked(world: Collecting) -> None:
    first, second, third = world.case_returns
    form = form_of(world, lines="A; 2\nB\nC; all", cases=[str(first.pk)])

    assert form.is_valid(), form.errors
    assert [(each.name, list(each.case_returns)) for each in form.wanted] == [
        ("A", [second]),
        ("B", [first]),
        ("C", [first, second, third]),
    ]


def test_everybody_about_all_cases_is_two_ticks(world: Collecting) -> None:
    mill, green = practice(world), practice(world, "The Green")
    practice(world, "Gone").agency.contributors.filter(name="Gone").update(active=False)

    form = form_of(world, everybody="on", every_case="on")

    assert form.is_valid(), form.errors
    assert set(form.chosen_contributors) == {mill, green}
    assert form.chosen_cases == world.case_returns


def test_whoever_is_ticked_needs_a_case(world: Collecting) -> None:
    form = form_of(world, everybody="on")
    assert form.errors["cases"] == ["Tick at least one case, or all."]
    assert "cases" in form_of(world, lines="Only a name").errors


def test_more_than_an_agency_can_ask_are_refused(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contributors, "MOST", 1)
    form = form_of(world, lines="Mill Lane; all\nQuay; all")
    assert str(form.errors["lines"][0]).startswith(
        "1 can be asked at most, and with this there would"
    )
    assert form_of(world, lines="Mill Lane; all").is_valid()
