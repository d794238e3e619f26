"""An officer invites somebody, who comes in through the mailed link, and later signs in again."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.domain import invitations
from agencies.models import Agency, Invitation, Partnership, User
from agencies.roles import Role
from tests.factories import PASSWORD, AgencyFactory, PartnershipFactory, UserFactory, person
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

CHOSEN = "three quiet herons wade"


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory(name="Fenshire Safeguarding Children Partnership")


@pytest.fixture
def police(partnership: Partnership) -> Agency:
    return AgencyFactory(partnership=partnership, name="Fenshire Constabulary", short_name="Police")


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(
        Role.OFFICER,
        partnership,
        name="Olive Marsh",
        email="officer@fenshire.example",
        password=PASSWORD,
    )


def sign_in(page: Page, address: str, email: str, password: str) -> None:
    page.goto(f"{address}/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_an_invitation_from_the_form_to_the_first_day(
    live_server: LiveServer,
    page: Page,
    new_context: Callable[..., BrowserContext],
    axe: CheckPage,
    officer: User,
    police: Agency,
    mailoutbox: list[EmailMessage],
    settings: Any,
) -> None:
    settings.BASE_URL = live_server.url
    sign_in(page, live_server.url, officer.email, PASSWORD)
    given_home_says_that_nobody_leads_the_police(page, axe)
    when_the_form_is_sent_half_empty_it_says_so(page, axe)
    and_when_it_is_complete_a_link_goes_out(page, axe)
    (link,) = re.findall(r"https?://\S+", str(mailoutbox[0].body))
    theirs = new_context().new_page()
    theirs.goto(link)
    then_the_person_invited_chooses_a_password(theirs, axe)
    and_the_link_is_used_up(theirs, axe, link)
    sign_in(theirs, live_server.url, "lena.pike@fenshire.example", CHOSEN)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Nothing waits for you")
    page.goto(f"{live_server.url}/")
    and_the_officer_has_nothing_left_to_do(page, axe)


def given_home_says_that_nobody_leads_the_police(page: Page, axe: CheckPage) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("One thing waits for you")
    axe(page)
    page.get_by_role("link", name="Find a lead for 1 agency").click()
    axe(page)
    page.get_by_role("link", name="Fenshire Constabulary").click()
    axe(page)
    page.get_by_role("link", name="Invite somebody").click()
    axe(page)


def when_the_form_is_sent_half_empty_it_says_so(page: Page, axe: CheckPage) -> None:
    page.get_by_label("Name").fill("Lena Pike")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Lena Pike")
    axe(page)


def and_when_it_is_complete_a_link_goes_out(page: Page, axe: CheckPage) -> None:
    page.get_by_label("E-mail address").fill("lena.pike@fenshire.example")
    page.get_by_label("Agency lead").check()
    page.get_by_role("combobox", name="Agency").select_option(label="Fenshire Constabulary")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lena Pike")
    expect(page.get_by_text("An invitation is on its way")).to_be_visible()
    axe(page)


def then_the_person_invited_chooses_a_password(page: Page, axe: CheckPage) -> None:
    axe(page)
    choose(page, "short")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    axe(page)
    choose(page, CHOSEN)
    expect(page.get_by_text("Welcome, Lena Pike.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing waits for you")
    axe(page)


def choose(page: Page, password: str) -> None:
    page.get_by_label("Choose a password").fill(password)
    page.get_by_label("The same password again").fill(password)
    page.get_by_role("button", name="Save and begin").click()


def and_the_link_is_used_up(page: Page, axe: CheckPage, link: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("You have been here before")
    axe(page)


def and_the_officer_has_nothing_left_to_do(page: Page, axe: CheckPage) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing waits for you")
    axe(page)
    page.get_by_role("link", name="Activity").click()
    day = page.get_by_role("region", name=str(timezone.localdate().year)).first
    expect(day).to_contain_text("Lena Pike accepted an invitation")
    axe(page)


def test_an_invitation_that_ran_out_is_sent_again(
    live_server: LiveServer,
    page: Page,
    axe: CheckPage,
    officer: User,
    partnership: Partnership,
) -> None:
    # Given an invitation of three weeks ago
    invited = person(Role.MEMBER, partnership, name="Nora Fenn", is_active=False)
    sent = Invitation.objects.create(
        user=invited, invited_by=officer, sent_at=timezone.now() - timedelta(days=21)
    )
    old = f"{live_server.url}/invitations/{invitations.token_for(sent)}/"
    page.goto(old)
    expect(page.get_by_role("heading", level=1)).to_have_text("This invitation has run out")
    axe(page)

    # When the officer follows what home says
    sign_in(page, live_server.url, officer.email, PASSWORD)
    page.get_by_role("link", name="Send 1 invitation again").click()
    axe(page)
    page.get_by_role("link", name="Nora Fenn").click()
    axe(page)
    page.get_by_role("button", name="Send the invitation again").click()

    # Then a new one is open, and can be withdrawn after a question
    expect(page.get_by_text("A new invitation is on its way")).to_be_visible()
    page.get_by_role("link", name="Withdraw the invitation").click()
    axe(page)
    page.get_by_role("button", name="Withdraw invitation").click()
    expect(page.get_by_text("The link in their e-mail no longer works.")).to_be_visible()
    axe(page)


def test_a_role_ends_and_an_account_is_deactivated(
    live_server: LiveServer,
    page: Page,
    axe: CheckPage,
    officer: User,
    partnership: Partnership,
    police: Agency,
) -> None:
    leaver: User = UserFactory(name="Bernard Lode", password=PASSWORD)
    leaver.memberships.create(partnership=partnership, role=Role.BOARD, starts_on="2026-01-31")
    sign_in(page, live_server.url, officer.email, PASSWORD)
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_label("Role").select_option(label="Board member")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Bernard Lode").click()
    page.get_by_role("link", name="End the role Board member").click()
    axe(page)
    page.get_by_role("button", name="End role").click()
    expect(page.get_by_text("The role “Board member” of Bernard Lode ends.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Deactivate the account of Bernard Lode").click()
    axe(page)
    page.get_by_label("Reason").fill("Has left the board")
    page.get_by_role("button", name="Deactivate account").click()
    expect(page.get_by_text("The account is deactivated")).to_be_visible()
    axe(page)
