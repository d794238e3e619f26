"""A correction with words in it that may say who somebody is, in a browser and by keyboard."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.domain import returns
from audits.domain.case_returns import finish
from audits.domain.returns import SummativeDraft
from audits.domain.transitions import transition
from audits.models import Correction, ScreeningDecision
from tests.audits.collecting import NOTHING, answered, collecting
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "07700 900123"  # of those that are kept for fiction


def test_nothing_is_corrected_before_a_named_person_says_what_the_words_are(
    live_server: LiveServer, page: Page, sign_in: Callable[[User], None], axe: CheckPage
) -> None:
    """
    Given a return that its lead has signed off
    When the lead corrects a case and a telephone number stands in the new words
    Then the page asks about it, keeps what was typed, and corrects once it is said what it is
    """
    world = collecting()
    finish(answered(world, world.first), by=world.auditor)
    report = SummativeDraft(overview="Visits were kept.")
    returns.save_summative(world.agency_return, by=world.lead, draft=report, basis=NOTHING)
    transition(world.agency_return, "sign-off", by=world.lead)

    sign_in(world.lead)
    address = reverse("case-return-correct", args=[world.agency_return.pk, world.first.pk])
    page.goto(live_server.url + address)
    page.get_by_label("Why is it corrected?").fill("The form was misread.")
    page.get_by_label("Past engagement").fill(f"See form {NUMBER}.")
    save = page.get_by_role("button", name="Save the correction")
    with page.expect_navigation():
        save.press("Enter")
    expect(page.get_by_role("heading", name="Nothing is corrected yet")).to_be_visible()
    expect(page.get_by_label("Past engagement")).to_have_value(f"See form {NUMBER}.")
    axe(page)
    assert not Correction.objects.exists()

    page.get_by_role("alert").get_by_role("link").press("Enter")
    choice = page.get_by_role("radio", name="An ordinary word or a number")
    choice.press("Space")
    with page.expect_navigation():
        save.press("Enter")
    expect(page.get_by_text("Corrected. What it said before stays beside it.")).to_be_visible()
    assert ScreeningDecision.objects.get().by == world.lead
    assert Correction.objects.get().case_return == world.first
