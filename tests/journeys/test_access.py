"""Who has access, where one is signed in, who did what, and proving that it is you: by keyboard."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import AccessReview, Membership, Partnership, SignedIn, User
from agencies.roles import Role
from tests.audits.sealing import sealed_audit
from tests.factories import PASSWORD, AgencyFactory, PartnershipFactory, person
from tests.support.authenticators import with_app, with_codes
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], None]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory(name="Fenshire", second_factor_roles=[])
    return made


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership, name="Olive Marsh", password=PASSWORD)


def press(page: Page, name: str) -> None:
    """A button that sends a form, by keyboard; the answer is waited for."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).press("Enter")


def fits(page: Page) -> None:
    """Nothing has to be scrolled sideways."""
    sizes = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    needed, there = page.evaluate(sizes)
    assert needed <= there


def test_everybody_is_kept_or_ended_and_the_record_is_taken_away(
    live_server: LiveServer,
    page: Page,
    sign_in: SignIn,
    axe: CheckPage,
    partnership: Partnership,
    officer: User,
) -> None:
    """
    Given an officer, a lead and a board member
    When the officer reviews who has access, on a phone, and at first leaves one out
    Then the page says whom; what is ended has ended, and the record can be read and downloaded
    """
    police = AgencyFactory(partnership=partnership, name="Fenshire Police")
    lead = person(Role.LEAD, police, name="Lena Holt")
    person(Role.BOARD, partnership, name="Bo Reed")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(officer)
    page.goto(live_server.url + reverse("access-review-list"))
    expect(page.get_by_role("heading", level=2)).to_contain_text("The first is due by")
    axe(page)
    press(page, "Begin a review")
    fits(page)
    axe(page)
    for whose, choice in (("Olive Marsh", "Keep"), ("Lena Holt", "End")):
        of = page.get_by_role("group", name=re.compile(whose))
        of.get_by_role("radio", name=choice).press("Space")
    press(page, "Complete the review")
    expect(page.get_by_role("alert")).to_contain_text("Decide about Bo Reed")
    axe(page)
    page.get_by_role("link", name=re.compile("Decide about Bo Reed")).press("Enter")
    page.keyboard.press("Space")
    press(page, "Complete the review")
    expect(page.get_by_role("heading", level=1)).to_have_text("End 1 role and complete the review?")
    expect(page.get_by_role("main")).to_contain_text("Lena Holt, Agency lead, Fenshire Police")
    fits(page)
    axe(page)
    press(page, "End 1 role and complete")

    expect(page.get_by_role("heading", level=1)).to_have_text("Review of access")
    fits(page)
    axe(page)
    assert Membership.objects.get(user=lead).ends_on is not None
    page.goto(live_server.url + reverse("access-review-list"))
    expect(page.get_by_text("2 kept, 1 ended")).to_be_visible()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download the review")).press("Enter")
    done = AccessReview.objects.get()
    assert done.completed_at is not None
    assert download.value.suggested_filename == f"access-review-{done.completed_at:%Y-%m-%d}.xlsx"


def test_other_places_are_signed_out_one_by_one_and_all_at_once(
    live_server: LiveServer, page: Page, sign_in: SignIn, axe: CheckPage, officer: User
) -> None:
    """
    Given somebody who is signed in at four places
    When they end one, and then all but the one they are at
    Then they are signed in there alone, and the page says so
    """
    for _ in range(4):
        sign_in(officer)
    page.goto(live_server.url + reverse("session-list"))
    places = page.locator("main ul li")
    expect(places).to_have_count(4)
    axe(page)
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Sign out there")).first.press("Enter")
    expect(page.get_by_text("Signed out there.")).to_be_visible()
    expect(places).to_have_count(3)
    press(page, "Sign out everywhere but here")
    expect(page.get_by_text("Nowhere else.")).to_be_visible()
    axe(page)
    assert SignedIn.objects.count() == 1


def test_what_was_done_is_read_narrowed_down_and_downloaded(
    live_server: LiveServer, page: Page, sign_in: SignIn, axe: CheckPage
) -> None:
    """
    Given an audit whose cases were sealed
    When the officer reads its activity on a phone and asks for what was refused
    Then nothing matches, and the conditions can be taken away; the whole record can be downloaded
    """
    world = sealed_audit()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(world.officer)
    page.goto(live_server.url + reverse("audit-activity", args=[world.audit.pk]))
    fits(page)
    axe(page)
    lines = page.locator("main ol li")
    expect(lines.first).to_contain_text("Olga Officer sealed who a case is")
    expect(page.get_by_label("Kind")).to_be_hidden()
    page.get_by_text("Filter the activity").click()
    page.get_by_label("Kind").select_option(label="Refusals")
    press(page, "Show")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    axe(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Clear").press("Enter")
    expect(lines).to_have_count(3)
    page.goto(live_server.url + reverse("activity-list"))
    fits(page)
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all as a spreadsheet").press("Enter")
    assert download.value.suggested_filename.endswith(".xlsx")


def give_password(page: Page, live_server: LiveServer, user: User) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")


def test_a_recovery_code_lets_in_and_the_lost_app_is_removed(
    live_server: LiveServer, page: Page, axe: CheckPage, officer: User
) -> None:
    """
    Given somebody whose phone is lost
    When they mistype a recovery code, come in with the next, and remove the app
    Then no second step is left, and they may set one up again
    """
    codes = with_codes(with_app(officer))
    give_password(page, live_server, officer)
    page.get_by_label("Code", exact=True).fill("0000 0000")
    press(page, "Go on")
    expect(page.get_by_role("alert")).to_contain_text("This is none of your recovery codes")
    axe(page)
    page.get_by_label("Code", exact=True).fill(f"{codes[0][:4]} {codes[0][4:]}")
    press(page, "Go on")
    page.goto(live_server.url + reverse("mfa_index"))
    expect(page.get_by_text("9 of 10 left")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Remove the app").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove the authenticator app?")
    expect(page.get_by_role("main")).to_contain_text("your recovery codes end too")
    axe(page)
    press(page, "Remove the app")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step at signing in")
    expect(page.get_by_role("link", name="Set up an app")).to_be_visible()
    expect(page.get_by_text("Recovery codes")).to_have_count(0)


def test_before_what_matters_one_says_again_who_one_is_and_nothing_is_lost(
    live_server: LiveServer,
    page: Page,
    sign_in: SignIn,
    axe: CheckPage,
    settings: Any,
    partnership: Partnership,
    officer: User,
) -> None:
    """
    Given an officer who signed in a while ago
    When they say that board members need a second step
    Then they are asked for their password first, and what they chose is saved after it
    """
    settings.CONFIRM_AFTER = 0
    sign_in(officer)
    page.goto(live_server.url + reverse("second-factor-require"))
    axe(page)
    page.get_by_role("checkbox", name="Board member").press("Space")
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    axe(page)
    page.get_by_label("Password").fill("not the one")
    press(page, "Confirm and go on")
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Confirm and go on")
    expect(page.get_by_text("It holds from each person’s next step on.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Board member")).to_be_checked()
    partnership.refresh_from_db()
    assert partnership.second_factor_roles == [Role.BOARD]
