"""Words that may say who somebody is, beside the box in which they were written, by keyboard."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.models import ScreeningDecision
from tests.audits.collecting import Collecting, collecting
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "07700 900123"


@pytest.fixture
def world() -> Collecting:
    return collecting()


def test_what_was_found_is_explained_where_it_stands_and_then_left_alone(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    world: Collecting,
    axe: CheckPage,
) -> None:
    sign_in(world.auditor)
    path = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    page.goto(f"{live_server.url}{path}")
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
