"""Chasing, in a browser: three of five are reminded, one asks for time and is given it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import OutboxMessage, User
from agencies.roles import Role
from audits.models import AgencyReturn
from tests.audits.collecting import Collecting, collecting
from tests.factories import AgencyFactory, AgencyReturnFactory, person
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], None]
OTHERS = ("Early Help", "General Hospital", "Housing", "Probation")


@pytest.fixture
def world() -> Collecting:
    world = collecting(cases=2, questions=0, name="Fenshire Police", short_name="Police")
    world.audit.return_by = timezone.localdate() - timedelta(days=1)
    world.audit.save()
    for name in OTHERS:
        agency = AgencyFactory(partnership=world.partnership, name=name)
        AgencyReturnFactory(audit=world.audit, agency=agency)
        person(Role.LEAD, agency, name=f"Lead of {name}")
    return world


def open_list(page: Page, live_server: LiveServer, world: Collecting) -> None:
    page.goto(live_server.url + reverse("agency-return-list", args=[world.audit.pk]))


def test_three_of_five_are_reminded_after_a_preview(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    sign_in(world.officer)
    open_list(page, live_server, world)
    expect(page.get_by_role("heading", name="Late 5")).to_be_visible()
    axe(page)
    for name in ("Housing", "Probation"):
        page.get_by_label(f"Remind {name}").uncheck()
    page.get_by_role("button", name="Remind those ticked…").click()

    expect(page.get_by_role("heading", name="Remind agencies")).to_be_visible()
    for name in ("Early Help", "Fenshire Police", "General Hospital"):
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    for name in ("Housing", "Probation"):
        expect(page.get_by_role("checkbox", name=name)).not_to_be_checked()
    expect(page.get_by_text("Dear Lead of Early Help,")).to_be_visible()
    axe(page)
    assert not OutboxMessage.objects.exists()
    page.get_by_role("button", name="Send the reminders").click()

    told = "A reminder goes to 4 people: Early Help, Fenshire Police, General Hospital."
    expect(page.get_by_text(told)).to_be_visible()
    assert OutboxMessage.objects.count() == 4
    page.get_by_role("button", name="Remind those ticked…").click()
    expect(page.get_by_role("heading", name="Already reminded today")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Early Help")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Housing")).to_be_checked()
    axe(page)


def ask_for_time(page: Page, live_server: LiveServer, world: Collecting, axe: CheckPage) -> None:
    page.goto(live_server.url + reverse("agency-return-detail", args=[world.agency_return.pk]))
    page.get_by_role("link", name="Ask for more time").click()
    axe(page)
    page.get_by_role("button", name="Ask the officer").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    axe(page)
    page.get_by_label("How many more days do you need?").fill("5")
    page.get_by_label("Why?").fill("Two of three are ill.")
    page.get_by_role("button", name="Ask the officer").click()
    expect(page.get_by_text("5 more days asked for", exact=True)).to_be_visible()
    axe(page)


def test_a_lead_asks_for_time_and_the_officer_grants_it(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    sign_in(world.lead)
    ask_for_time(page, live_server, world, axe)

    sign_in(world.officer)
    open_list(page, live_server, world)
    page.get_by_role("link", name="Asks for more time for Fenshire Police").click()
    expect(page.get_by_text("Two of three are ill.")).to_be_visible()
    axe(page)
    expect(page.get_by_label("New date for this agency")).to_be_hidden()
    page.get_by_label("Yes, until a new date").check()
    expect(page.get_by_label("New date for this agency")).to_be_visible()
    page.get_by_role("button", name="Answer the agency").click()

    until = timezone.localdate() + timedelta(days=5)
    shown = f"{until:%-d %B}"
    expect(page.get_by_text(f"has until {until:%-d %B %Y}, and is told so by mail")).to_be_visible()
    expect(page.get_by_role("heading", name="Still to come 1")).to_be_visible()
    assert AgencyReturn.objects.get(pk=world.agency_return.pk).extended_to == until
    axe(page)

    sign_in(world.lead)
    page.goto(live_server.url + reverse("agency-return-detail", args=[world.agency_return.pk]))
    expect(page.get_by_text(f"{shown} {until:%Y}").first).to_be_visible()
    page.get_by_text("More time: what was asked and answered").click()
    expect(page.get_by_text(f"More time until {until:%-d %B %Y}")).to_be_visible()
    axe(page)


def test_the_days_are_told_as_they_are_typed(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    sign_in(world.officer)
    page.goto(live_server.url + reverse("agency-list"))
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_text("5 days before", exact=True)).to_be_visible()
    axe(page)

    page.get_by_label("Remind agencies before the due date").fill("12")
    expect(page.get_by_text("12 days before", exact=True)).to_be_visible()
    page.get_by_label("Tell the chair after the due date").fill("1")
    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_role("alert")).to_contain_text("Tell the lead first")
    axe(page)
    page.get_by_label("Tell the chair after the due date").fill("14")
    page.get_by_role("button", name="Save the settings").click()

    expect(page.get_by_text("Saved. The next mail goes by these days.")).to_be_visible()
    expect(page.get_by_text("14 days after", exact=True)).to_be_visible()
