"""Signing in with a second step, in a browser: an app, a passkey, a recovery code, a directory."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.directory_list import Directory
from agencies.domain.people import invite
from agencies.models import Partnership, User
from agencies.roles import Role
from tests.factories import PASSWORD, PartnershipFactory, person
from tests.support import directory
from tests.support.authenticators import shown, with_app, with_codes

pytestmark = pytest.mark.django_db(transaction=True)

CheckPage = Callable[[Page], None]
DOMAIN = "police.fenshire.example"
EVERY_ROLE = [role.value for role in Role]


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory(
        name="Fenshire Safeguarding Children Partnership", second_factor_roles=EVERY_ROLE
    )
    return made


@pytest.fixture
def chair(partnership: Partnership) -> User:
    return person(Role.CHAIR, partnership, password=PASSWORD, email="chair@fenshire.example")


def give_password(page: Page, live_server: LiveServer, user: User) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def at_home(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page).to_have_url(re.compile(r"//[^/]+/$"))


def test_an_app_is_set_up_by_keyboard_and_asked_for_the_next_time(
    live_server: LiveServer, page: Page, axe: CheckPage, chair: User
) -> None:
    give_password(page, live_server, chair)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")
    axe(page)
    page.get_by_role("link", name="Set up an app").press("Enter")
    expect(page.get_by_role("img", name="A picture for the camera of your phone")).to_be_visible()
    page.locator("summary").press("Enter")
    secret = page.locator(".maca-secret code").inner_text().replace(" ", "")
    axe(page)
    page.get_by_label("Six digits from the app").fill("12345")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This is not the present code")
    axe(page)
    page.get_by_label("Six digits from the app").fill(shown(secret))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Keep these recovery codes")
    expect(page.locator(".maca-codes__code")).to_have_count(10)
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the codes").press("Enter")
    lines = download.value.path().read_text().split()
    assert lines == page.locator(".maca-codes").inner_text().split()
    page.get_by_role("link", name="I have kept them: go on").press("Enter")
    at_home(page)

    page.get_by_role("button", name="Sign out").press("Enter")
    give_password(page, live_server, chair)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    axe(page)
    page.get_by_label("Code", exact=True).fill(shown(secret, steps=-1))
    page.keyboard.press("Enter")
    at_home(page)


def virtual_key(context: BrowserContext, page: Page) -> Any:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def test_a_passkey_is_made_named_used_and_removed(
    live_server: LiveServer, page: Page, context: BrowserContext, axe: CheckPage, chair: User
) -> None:
    virtual_key(context, page)
    give_password(page, live_server, chair)
    page.get_by_role("link", name="Set up a passkey").click()
    axe(page)
    page.get_by_label("Name of this passkey").fill("Work laptop")
    page.get_by_role("button", name="Make the passkey").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep these recovery codes")
    page.get_by_role("link", name="I have kept them: go on").click()
    at_home(page)

    page.get_by_role("button", name="Sign out").click()
    give_password(page, live_server, chair)
    page.get_by_role("button", name="Use a passkey").press("Enter")
    at_home(page)

    page.goto(f"{live_server.url}/accounts/second-step/")
    axe(page)
    page.get_by_role("link", name="Rename Work laptop").click()
    axe(page)
    page.get_by_label("Name of this passkey").fill("Blue key")
    page.get_by_role("button", name="Save the name").click()
    page.get_by_role("link", name="Remove Blue key").click()
    axe(page)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")
    assert not Authenticator.objects.exists()


def test_a_recovery_code_opens_when_the_phone_is_lost_and_the_officer_resets_it(
    live_server: LiveServer, page: Page, axe: CheckPage, chair: User, partnership: Partnership
) -> None:
    codes = with_codes(with_app(chair))
    give_password(page, live_server, chair)
    page.get_by_label("Code", exact=True).fill(codes[3])
    page.keyboard.press("Enter")
    at_home(page)
    page.get_by_role("button", name="Sign out").click()

    officer = with_app(person(Role.OFFICER, partnership, password=PASSWORD))
    give_password(page, live_server, officer)
    page.get_by_label("Code", exact=True).fill(shown())
    page.keyboard.press("Enter")
    at_home(page)
    page.goto(f"{live_server.url}/people/{chair.pk}/")
    page.get_by_role("link", name=f"reset the second step of {chair.name}").click()
    axe(page)
    page.get_by_role("button", name="Reset the second factor").click()
    expect(page.get_by_text(f"Reset. We have written to tell {chair.name}.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    give_password(page, live_server, chair)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")


@pytest.fixture(scope="module")
def issuer(live_server: LiveServer) -> Iterator[str]:
    """A directory of the police that runs beside the application."""
    with directory.running(live_server.url) as address:
        yield address


@pytest.fixture
def police(live_server: LiveServer, settings: Any, issuer: str) -> str:
    """Its address, now that the application knows of it."""
    settings.DIRECTORIES = {
        "police": Directory(
            id="police",
            name="Fenshire Police",
            issuer=issuer,
            client_id="maca",
            client_secret="a secret between the two",
            domains=frozenset({DOMAIN}),
            second_factor=frozenset({"mfa"}),
        )
    }
    settings.BASE_URL = live_server.url
    return issuer


def invited(partnership: Partnership, email: str) -> User:
    return invite(
        partnership=partnership,
        by=person(Role.ADMIN, partnership),
        email=email,
        name="Jo Example",
        membership={"role": Role.MEMBER, "agency": None, "starts_on": timezone.localdate()},
    )


def come_from_work(
    page: Page, live_server: LiveServer, account: str, *, second: bool = False
) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("link", name="Sign in with Fenshire Police").click()
    page.get_by_label("Account").fill(account)
    if second:
        page.get_by_label("Second factor").check()
    page.get_by_role("button", name="Sign in").click()


def test_who_was_invited_comes_in_by_their_own_directory_and_out_again(
    live_server: LiveServer, page: Page, axe: CheckPage, partnership: Partnership, police: str
) -> None:
    jo = invited(partnership, f"jo@{DOMAIN}")
    page.goto(f"{live_server.url}/accounts/login/")
    axe(page)
    come_from_work(page, live_server, f"17|Jo@{DOMAIN}|yes", second=True)
    at_home(page)
    jo.refresh_from_db()
    assert (jo.is_active, jo.has_usable_password()) == (True, False)

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have signed out here")
    axe(page)
    there = page.get_by_role("link", name="Sign out of Fenshire Police")
    expect(there).to_have_attribute("href", re.compile(f"^{police}/session/end\\?client_id=maca&"))


def test_a_directory_that_asked_for_no_second_factor_leaves_it_to_us(
    live_server: LiveServer, page: Page, partnership: Partnership, police: str
) -> None:
    invited(partnership, f"jo@{DOMAIN}")
    come_from_work(page, live_server, f"17|jo@{DOMAIN}|yes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")


@pytest.mark.parametrize(
    ("account", "why"),
    [
        (f"17|stranger@{DOMAIN}|yes", "You have not been invited"),
        (f"17|jo@{DOMAIN}|no", "does not say that your e-mail address was verified"),
        ("17|chair@fenshire.example|yes", "may not speak for the e-mail address"),
        (f"18|jo@{DOMAIN}|yes", "Somebody else came from there under this e-mail address"),
    ],
    ids=["not invited", "not verified", "another agency's address", "an address given on"],
)
def test_nobody_else_is_let_in(
    live_server: LiveServer,
    page: Page,
    axe: CheckPage,
    partnership: Partnership,
    police: str,
    chair: User,
    account: str,
    why: str,
) -> None:
    jo = invited(partnership, f"jo@{DOMAIN}")
    SocialAccount.objects.create(user=jo, provider="police", uid="17")
    people = User.objects.count()
    come_from_work(page, live_server, account)
    expect(page.get_by_role("heading", level=1)).to_have_text("You could not be let in")
    expect(page.get_by_role("main")).to_contain_text(why)
    axe(page)
    page.goto(f"{live_server.url}/people/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert User.objects.count() == people


def test_a_password_is_no_way_round_the_directory(
    live_server: LiveServer, page: Page, partnership: Partnership, police: str
) -> None:
    theirs = person(Role.CHAIR, partnership, password=PASSWORD, email=f"chair@{DOMAIN}")
    give_password(page, live_server, theirs)
    expect(page.get_by_role("alert")).to_contain_text("People of Fenshire Police sign in with")
