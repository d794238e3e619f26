"""What a text said before, and bringing it back, in a browser and by keyboard."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.domain.case_returns import CaseReturnDraft, save_draft
from audits.models import CaseReturn
from audits.reading.case_returns import CaseReturnPage, case_returns_for
from audits.reading.history import PAGE_LENGTH
from tests.audits.collecting import Collecting, collecting
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)


def write(world: Collecting, words: str, *, by: User) -> None:
    page = CaseReturnPage(case_returns_for(by).get(pk=world.first.pk), by)
    draft = CaseReturnDraft({"engagement_past": words}, only={"engagement_past"})
    save_draft(world.first, by=by, draft=draft, basis=page.basis)


def written_over_days(world: Collecting, *, times: int) -> None:
    now = timezone.now()
    for number in range(1, times + 1):
        with time_machine.travel(now - timedelta(days=times - number), tick=False):
            write(world, f"Seen {number} times this winter.", by=world.auditor)


def bringing_back(whose: User) -> re.Pattern[str]:
    return re.compile(rf"Bring this back\s*: {whose.name}")


def test_an_earlier_version_is_compared_and_brought_back_by_keyboard(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    axe: CheckPage,
) -> None:
    world = collecting(cases=1, questions=1, name="Fenshire Police", short_name="Police")
    write(world, "Two visits in the winter.", by=world.auditor)
    write(world, "No visits.", by=world.lead)
    sign_in(world.auditor)
    page.goto(
        live_server.url + reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    )
    page.get_by_role("link", name="What was written here before").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Earlier versions")
    expect(page.locator("del").first).to_have_text("Two")
    axe(page)
    page.get_by_role("button", name=bringing_back(world.auditor)).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Two visits in the winter.").first).to_be_visible()
    axe(page)
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert row.engagement_past == "Two visits in the winter."
    page.go_back()
    page.goto(
        live_server.url
        + reverse("case-return-history", args=[world.agency_return.pk, world.first.pk])
    )
    expect(page.get_by_role("button", name=bringing_back(world.lead))).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_an_old_version_is_found_pages_back_by_keyboard(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    axe: CheckPage,
    width: int,
) -> None:
    world = collecting(cases=1, questions=1, name="Fenshire Police", short_name="Police")
    written_over_days(world, times=PAGE_LENGTH + 3)
    sign_in(world.auditor)
    page.set_viewport_size({"width": width, "height": 900})
    address = reverse("case-return-history", args=[world.agency_return.pk, world.first.pk])
    page.goto(live_server.url + address)
    expect(page.get_by_text(f"1 to {PAGE_LENGTH} of {PAGE_LENGTH + 3}")).to_be_visible()

    page.get_by_role("link", name="Next page").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    axe(page)
    page.get_by_role("button", name=bringing_back(world.auditor)).last.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("It says that again.")).to_be_visible()
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert row.engagement_past == "Seen 1 times this winter."
