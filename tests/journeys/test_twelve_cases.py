"""An agency with twelve cases does its whole return's audits with the keyboard alone."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.models import (
    Answer,
    CaseReturn,
    EngagementEntry,
    PointPlacement,
    Question,
    TextRevision,
)
from tests.audits.collecting import Collecting, collecting
from tests.factories import QuestionFactory
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], None]
TABS = 80


@pytest.fixture
def world() -> Collecting:
    world = collecting(cases=12, questions=0, name="Fenshire Police", short_name="Police")
    toolkit = world.audit.toolkit
    first = QuestionFactory(toolkit=toolkit, code="seen", text="Was the child seen alone?")
    QuestionFactory(
        toolkit=toolkit,
        code="heard",
        text="Was what the child said written down?",
        follows=first,
        follows_answers=["yes", "partly"],
        asks_evidence=False,
    )
    QuestionFactory(
        toolkit=toolkit,
        code="well",
        text="What has worked well?",
        kind=Question.Kind.POINTS,
        point_kind="went_well",
        asks_evidence=False,
    )
    world.audit.asks_child = True
    world.audit.save()
    return world


class Keys:
    """Somebody without a mouse: what has the focus is all there is to act on."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def named(self) -> str:
        """What a screen reader would call what has the focus."""
        found: str = self.page.evaluate(
            """() => {
                const at = document.activeElement;
                if (at === document.body) { return ""; }
                const label = at.labels?.[0]?.textContent ?? "";
                const group = at.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
                const own = at.ariaLabel || at.textContent || "";
                return [group, label || own].join(" ").replace(/\\s+/g, " ").trim();
            }"""
        )
        return found

    def tab_to(self, words: str, *, back: bool = False) -> None:
        for _ in range(TABS):
            if words in self.named():
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"“{words}” is not to be reached with Tab.")


def test_twelve_cases_with_the_keyboard_alone(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    sign_in(world.auditor)
    keys = Keys(page)
    page.goto(live_server.url + reverse("agency-return-detail", args=[world.agency_return.pk]))
    axe(page)
    keys.tab_to("Say which cases you know")
    keys.press("Enter")
    say_which_are_known(page, keys, axe)
    first_case(page, keys, axe)
    second_case(page, keys, axe)
    expect(page.get_by_role("heading", level=1, name="Case 3")).to_be_visible()
    assert sorted(CaseReturn.objects.values_list("stage", flat=True)) == [
        *["complete"] * 2,
        *["not_known"] * 9,
        "not_started",
    ]
    third_case(page, keys, axe)


def say_which_are_known(page: Page, keys: Keys, axe: CheckPage) -> None:
    """Three are known, one is not clear; the rest is put down as not known, undone, and again."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Which of these cases do you know?")
    axe(page)
    keys.tab_to("Case 1 The child")
    keys.press("1", "2", "5")
    assert keys.named() == "Case 4 The child"
    keys.press("ArrowUp", "ArrowUp", "ArrowRight", "ArrowLeft")
    assert keys.named() == "Case 2 A sibling"
    expect(page.locator("[data-maca-known-saved]")).to_contain_text("Saved ")
    axe(page)
    keys.tab_to("How did you check those that are not known?")
    keys.type("Searched by name and date of birth.")
    keys.tab_to("All the rest are not known to us")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Every case has an answer")).to_be_visible()
    expect(page.get_by_text("9 cases put down as not known.")).to_be_visible()
    axe(page)
    keys.tab_to("Undo")
    keys.press("Enter")
    expect(page.get_by_text("Undone: 9 cases are without an answer again.")).to_be_visible()
    keys.tab_to("How did you check those that are not known?")
    keys.type("Searched by name and date of birth.")
    keys.tab_to("All the rest are not known to us")
    keys.press("Enter")
    expect(page.locator("[data-maca-tally=left]")).to_have_text("0")
    assert list(CaseReturn.objects.order_by("case__number").values_list("known", flat=True)) == [
        "child",
        "sibling",
        "unsure",
        *["no"] * 9,
    ]
    keys.tab_to("Go on with Case 1")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Case 1")).to_be_visible()


def first_case(page: Page, keys: Keys, axe: CheckPage) -> None:
    """Everything once: the chronology, a follow-up, points as in a list, a voice, a grade."""
    axe(page)
    keys.tab_to("Why you are asked, and the legal power")
    keys.press("Enter")
    expect(page.get_by_text("To learn how well agencies work together.")).to_be_visible()
    write_chronology(page, keys)
    keys.tab_to("Was the child seen alone? Yes")
    keys.press("Space", "ArrowRight")
    keys.tab_to("Was what the child said written down?")
    keys.press("Space")
    write_points(page, keys, axe)
    keys.tab_to("What the child says")
    keys.type("“They asked me twice.”")
    keys.tab_to("Your grade")
    keys.press("ArrowUp")
    expect(page.locator("[data-maca-save-state]")).to_contain_text("Saved ")
    axe(page)
    expect(page.locator("[data-maca-missing]")).to_contain_text("Nothing left")
    keys.tab_to("Complete this case")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Case 2")).to_be_visible()
    row = CaseReturn.objects.get(case__number=1)
    assert (row.stage, row.voice_child) == ("complete", "“They asked me twice.”")
    assert list(Answer.objects.values_list("value", flat=True)) == ["partly", "yes"]
    placed = PointPlacement.objects.order_by("kind", "position")
    assert list(placed.values_list("kind", "point__text")) == [
        ("can_be_improved", "He was asked late"),
        ("went_well", "The officer came back"),
        ("went_well", "She was seen alone"),
    ]


def write_chronology(page: Page, keys: Keys) -> None:
    keys.tab_to("From, line 1")
    keys.type("03012025")
    keys.tab_to("What you did, line 1")
    keys.type("Weekly calls.")
    keys.tab_to("Add a line")
    keys.press("Enter")
    assert keys.named() == "From, line 2"
    page.evaluate("document.activeElement.value = '2025-01-10'")  # the locale orders its parts
    keys.tab_to("What you did, line 2")
    keys.type("Written by mistake.")
    keys.tab_to("Remove line 2 of the chronology")
    keys.press("Enter")
    expect(page.get_by_text("The line was removed.", exact=True)).to_be_visible()
    keys.tab_to("Undo")
    keys.press("Enter")
    expect(page.get_by_label("What you did, line 2")).to_have_value("Written by mistake.")
    keys.tab_to("Remove line 2 of the chronology", back=True)
    keys.press("Enter")
    expect(page.get_by_label("What you did, line 2")).to_have_count(0)


def write_points(page: Page, keys: Keys, axe: CheckPage) -> None:
    """Enter begins a point, Backspace joins, Alt and an arrow move, on into the next list."""
    keys.tab_to("What went well, point 1")
    keys.type("She was seen alone. The officer came back")
    for _ in "The officer came back":
        keys.press("ArrowLeft")
    keys.press("Enter")
    expect(page.get_by_label("What went well, point 2")).to_have_value("The officer came back")
    axe(page)
    keys.press("Backspace")
    expect(page.get_by_label("What went well, point 2")).to_have_count(0)
    keys.press("Enter", "End", "Enter")
    keys.type("He was asked late")
    keys.press("Alt+ArrowDown")
    expect(page.get_by_label("What can be improved, point 1")).to_have_value("He was asked late")
    axe(page)
    keys.tab_to("What went well, point 1", back=True)
    keys.press("End", "Backspace", "Alt+ArrowDown")
    expect(page.get_by_label("What went well, point 2")).to_have_value("She was seen alone")
    expect(page.locator("[data-maca-save-state]")).to_contain_text("Saved ")


def second_case(page: Page, keys: Keys, axe: CheckPage) -> None:
    """What is missing is named, and each name leads to its place."""
    keys.tab_to("Complete this case")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Before this case is complete")).to_be_visible()
    axe(page)
    keys.tab_to("Answer question 1: Was the child seen alone?")
    keys.press("Enter")
    keys.tab_to("Was the child seen alone? Yes")
    keys.press("Space", "ArrowRight", "ArrowRight")
    keys.tab_to("What went well, point 1")
    keys.type("A neighbour was asked.")
    keys.tab_to("Complete this case")
    keys.press("Enter")
    # One was not clear: it is next, and nothing else is left.


def third_case(page: Page, keys: Keys, axe: CheckPage) -> None:
    """“Can't tell yet” holds the case open until it is known after all."""
    keys.tab_to("Complete this case")
    keys.press("Enter")
    expect(
        page.get_by_role("link", name="Find out whether the family is known to you, and say so.")
    ).to_be_visible()
    axe(page)
    keys.tab_to("Is the family known to you? We can’t tell yet")
    keys.press("ArrowUp")
    keys.tab_to("How did you check?")
    keys.type("The old system was searched too.")
    keys.tab_to("Complete this case")
    keys.press("Enter")
    expect(page.get_by_text("12 of 12 cases")).to_be_visible()
    axe(page)
    assert set(CaseReturn.objects.values_list("stage", flat=True)) == {"complete", "not_known"}
    assert EngagementEntry.objects.get().began_on == date(2025, 3, 1)
    assert TextRevision.objects.filter(words__contains="Written by mistake.").exists()
