"""Words that may say who somebody is, beside the box in which they were written, by keyboard."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.models import AgencyReturn, RestorativeAction, ScreeningDecision
from tests.audits.collecting import Collecting, collecting
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "07700 900123"


@pytest.fixture
def world() -> Collecting:
    return collecting()


@pytest.fixture
def opened(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], world: Collecting
) -> Page:
    """The case, as its auditor opens it."""
    sign_in(world.auditor)
    path = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    page.goto(f"{live_server.url}{path}")
    return page


def test_what_was_found_is_explained_where_it_stands_and_then_left_alone(
    opened: Page, live_server: LiveServer, world: Collecting, axe: CheckPage
) -> None:
    page = opened
    page.get_by_label("Past engagement").fill(f"See form {NUMBER}.")
    page.get_by_label("Past engagement").blur()
    panel = page.locator("[data-maca-screened=engagement_past]")
    expect(panel).to_contain_text(NUMBER)
    axe(page)

    panel.get_by_role("button", name=f"{NUMBER}: An ordinary word or number").press("Enter")
    expect(panel).to_have_count(0)
    expect(page.get_by_label("Past engagement")).to_be_focused()
    assert ScreeningDecision.objects.get().by == world.auditor

    page.goto(f"{live_server.url}{reverse('return-screening', args=[world.agency_return.pk])}")
    expect(page.get_by_role("main")).to_contain_text("Nothing is left to decide")
    axe(page)


def test_whoever_opens_it_next_sees_what_was_found_where_it_stands(
    opened: Page, world: Collecting, sign_in: Callable[[User], None]
) -> None:
    panel = found_in(opened, "What you did, line 1")
    found_in(opened, "What went well, point 1")
    sign_in(world.lead)
    opened.reload()
    expect(panel).to_contain_text(NUMBER)
    expect(opened.locator("[data-maca-screened]")).to_have_count(2)
    expect(panel.get_by_role("status")).to_be_empty()
    press(panel.get_by_role("button", name=f"{NUMBER}: A place or service"))
    expect(opened.locator("[data-maca-screened]")).to_have_count(0)
    assert ScreeningDecision.objects.get().by == world.lead
    opened.reload()
    expect(opened.locator("[data-maca-others]")).to_be_attached()
    opened.wait_for_load_state("networkidle")
    expect(opened.locator("[data-maca-screened]")).to_have_count(0)


def test_the_summative_report_tells_whoever_opens_it_again_too(
    page: Page, live_server: LiveServer, world: Collecting, sign_in: Callable[[User], None]
) -> None:
    for place, said in enumerate(["Train the front desk.", f"See form {NUMBER}."]):
        RestorativeAction.objects.create(
            agency_return=world.agency_return, position=place, text=said
        )
    AgencyReturn.objects.update(overview=f"See form {NUMBER}.")
    sign_in(world.lead)
    page.goto(f"{live_server.url}{reverse('summative-edit', args=[world.agency_return.pk])}")
    expect(page.locator("[data-maca-screened=overview]")).to_contain_text(NUMBER)
    expect(page.locator("[data-maca-screened=actions-1-text]")).to_contain_text(NUMBER)
    expect(page.locator("[data-maca-screened]")).to_have_count(2)


def test_it_fits_beside_nothing_at_four_times_the_size(opened: Page) -> None:
    """At 400% a window of 1280 points is 320 wide; a chronology has two dates a line."""
    opened.get_by_label("What you did, line 1").fill("Calls.")
    opened.get_by_role("button", name="Add a line").click()
    found_in(opened, "What you did, line 2")
    opened.set_viewport_size({"width": 320, "height": 640})
    sizes = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    wide, window = opened.evaluate(sizes)
    assert wide <= window


def found_in(page: Page, label: str) -> Locator:
    """What stands beside a box once somebody has written words into it that are found."""
    box = page.get_by_label(label)
    box.fill(f"See form {NUMBER}.")
    box.blur()
    panel = page.locator(f"[data-maca-screened={box.get_attribute('name')}]")
    expect(panel).to_contain_text(NUMBER)
    return panel


def press(button: Locator) -> None:
    button.press("Enter")


@pytest.mark.parametrize("choose", [Locator.click, press])
@pytest.mark.parametrize("label", ["What you did, line 1", "What went well, point 1"])
def test_saying_what_words_are_leaves_the_line_or_point_in_which_they_stand(
    opened: Page, choose: Callable[[Locator], None], label: str
) -> None:
    panel = found_in(opened, label)
    choose(panel.get_by_role("button", name=f"{NUMBER}: A place or service"))
    expect(panel).to_have_count(0)
    assert ScreeningDecision.objects.get().why == "place"
    expect(opened.get_by_label(label)).to_have_value(f"See form {NUMBER}.")
    expect(opened.get_by_label(label)).to_be_focused()
    expect(opened.locator("[data-maca-undo]")).to_be_hidden()


def test_a_line_is_still_removed_by_its_own_button_with_what_was_found_in_it(opened: Page) -> None:
    opened.get_by_label("What you did, line 1").fill("Calls.")
    opened.get_by_role("button", name="Add a line").click()
    panel = found_in(opened, "What you did, line 2")
    opened.get_by_role("button", name="Remove line 2 of the chronology").click()
    expect(panel).to_have_count(0)
    opened.get_by_role("button", name="Undo").click()
    expect(panel).to_contain_text(NUMBER)


def test_a_point_takes_what_was_found_in_it_along_to_another_list(opened: Page) -> None:
    panel = found_in(opened, "What went well, point 1")
    opened.get_by_label("What went well, point 1").press("Alt+ArrowDown")
    expect(opened.locator("#points-can_be_improved")).to_contain_text(NUMBER)
    press(panel.get_by_role("button", name=f"{NUMBER}: A professional"))
    expect(panel).to_have_count(0)
    expect(opened.get_by_label("What can be improved, point 1")).to_be_focused()
