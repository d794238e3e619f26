"""A child may be at immediate risk: said from a case return, answered by name, in a browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from tests.audits.collecting import Collecting, collecting
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2, questions=1, name="Fenshire Police", short_name="Police")


def test_a_concern_is_raised_from_a_case_and_answered_by_the_lead(
    page: Page,
    live_server: LiveServer,
    world: Collecting,
    sign_in: Callable[[User], None],
    axe: CheckPage,
) -> None:
    row = world.agency_return.case_returns.get(case__number=2)
    sign_in(world.auditor)
    page.goto(live_server.url + reverse("case-return-edit", args=[world.agency_return.pk, row.pk]))
    page.get_by_role("link", name="Something is wrong now").click()

    expect(page.get_by_text("This page does not replace a referral.")).to_be_visible()
    expect(page.get_by_label("What worries you?")).to_be_hidden()
    axe(page)
    page.get_by_role("button", name="Tell them now").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what it is about.")
    axe(page)
    page.get_by_label("Somebody may be at immediate risk").check()
    expect(page.get_by_label("Which case?")).to_have_value(str(row.case_id))
    page.get_by_label("What worries you?").fill("Nobody has seen them since Friday.")
    page.get_by_role("button", name="Tell them now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Concern about Case 2")
    expect(page.get_by_text("Not acknowledged yet")).to_be_visible()
    axe(page)

    page.context.clear_cookies()
    sign_in(world.lead)
    page.goto(live_server.url)
    axe(page)
    page.get_by_role("link", name="A concern about Case 2").click()
    axe(page)
    page.get_by_label("What have you done, or seen to?").fill("Spoke to the front door at 11.05.")
    page.get_by_role("button", name="Acknowledge it").click()
    expect(page.get_by_role("definition").filter(has_text=f"by {world.lead}")).to_be_visible()
    axe(page)
    page.goto(live_server.url)
    expect(page.get_by_role("link", name="A concern about Case 2")).to_have_count(0)


def test_a_worry_about_a_worker_is_shown_the_way_out(
    page: Page,
    live_server: LiveServer,
    world: Collecting,
    sign_in: Callable[[User], None],
    axe: CheckPage,
) -> None:
    sign_in(world.auditor)
    page.goto(live_server.url + reverse("concern-create", args=[world.agency_return.pk]))
    page.get_by_label("How one worker has behaved").check()
    expect(page.get_by_label("What worries you?")).to_be_hidden()
    page.get_by_role("button", name="Tell them now").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("stays out of the return")
    axe(page)
