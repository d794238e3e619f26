"""Who the cases are: sealed by the officer, looked at by an agency, and read who looked."""

from collections.abc import Callable
from contextlib import suppress

from django.urls import reverse
from playwright.sync_api import Error, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.models import Seal
from tests.audits.sealing import sealed_audit


def test_sealed_looked_at_and_read_by_the_officer(
    live_server: LiveServer,
    page: Page,
    axe: Callable[[Page], None],
    sign_in: Callable[[User], None],
) -> None:
    """
    Given an audit whose cases are not named anywhere
    When the officer seals one by keyboard and an agency looks with a reason
    Then it is shown once, is gone with a key, and the officer reads who looked and why
    """
    world = sealed_audit(cases=2)
    Seal.objects.all().delete()
    at = live_server.url + reverse("seal-detail", args=[world.audit.pk])

    sign_in(world.officer)
    page.goto(at)
    axe(page)
    page.get_by_role("link", name="Seal them here").click()
    axe(page)
    page.get_by_role("button", name="Begin the seal").click()
    axe(page)
    first = page.get_by_role("group", name="Case 1")
    first.get_by_label("Given names").fill("Ottoline")
    first.get_by_label("Postcode").fill("nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Case 1: this is no postcode")
    axe(page)
    first.get_by_label("Postcode").fill("FE1 2AB")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 of 2 cases sealed")).to_be_visible()
    axe(page)

    sign_in(world.constable)
    page.goto(live_server.url + reverse("agency-return-detail", args=[world.police.pk]))
    page.get_by_role("link", name="Who the cases are").click()
    axe(page)
    page.get_by_label("Case 1").check()
    page.get_by_label("Why you need to know").fill("To find our records.")
    page.get_by_role("button", name="Show them").click()
    expect(page.get_by_role("heading", name="1 case, for you alone")).to_be_focused()
    expect(page.get_by_text("Ottoline")).to_be_visible()
    assert "Ottoline" not in page.title() + page.url
    axe(page)
    page.get_by_role("link", name="Hide them").press("Enter")
    expect(page.get_by_text("Ottoline")).to_have_count(0)
    expect(page.get_by_role("link", name="Look again")).to_be_focused()
    axe(page)

    sign_in(world.officer)
    page.goto(at)
    expect(page.get_by_role("region", name="Who has looked")).to_contain_text(
        "To find our records."
    )


def test_going_back_shows_nobody(
    live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    """
    Given somebody who looked and went to another page
    When they, or whoever sits there next, go back
    Then no child is shown
    """
    world = sealed_audit()
    sign_in(world.constable)
    page.goto(live_server.url + reverse("identity-reveal", args=[world.audit.pk]))
    page.get_by_label("All cases").check()
    page.get_by_label("Why you need to know").fill("To find our records.")
    page.get_by_role("button", name="Show them").click()
    expect(page.get_by_text("Wrenella")).to_be_visible()
    page.get_by_role("link", name="Returns").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Returns")
    # A page that came of sending a form is not kept: the browser would have to send it again.
    with suppress(Error):
        page.go_back()
    expect(page.get_by_text("Wrenella")).to_have_count(0)
