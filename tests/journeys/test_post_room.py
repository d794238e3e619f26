"""A message is in doubt, another was refused: the officer decides, and the mail arrives."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Partnership, User
from agencies.roles import Role
from agencies.worker import Worker
from tests.factories import MessageFactory, PartnershipFactory, person
from tests.support.axe import CheckPage
from tests.support.mailserver import MailServer, Mood, listening

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with listening() as server:
        settings.MAILERS = {"default": server.mailer}
        yield server


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory(name="Fenshire Safeguarding Children Partnership")
    return made


def test_what_did_not_get_out_is_decided_about_with_the_keyboard(
    live_server: LiveServer,
    page: Page,
    axe: CheckPage,
    sign_in: Callable[[User], None],
    server: MailServer,
    partnership: Partnership,
) -> None:
    moods = {"rude@fenshire.example": Mood.RUDE, "stern@fenshire.example": Mood.STERN}
    server.mood = lambda to: moods.get(to, Mood.KIND)
    for to in (*moods, "kind@fenshire.example"):
        MessageFactory(partnership=partnership, to=to)
    Worker().run_until_idle()

    sign_in(person(Role.OFFICER, partnership))
    page.goto(f"{live_server}/")
    page.get_by_role("link", name="Decide about 2 messages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two messages need a decision")
    axe(page)

    page.get_by_role("button", name=re.compile("Send again.+stern@")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The message to stern@fenshire.example waits")).to_be_visible()
    page.get_by_role("button", name=re.compile("Leave it.+rude@")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("All mail is on its way")
    expect(page.get_by_role("heading", name="Left unsent in the last day")).to_be_visible()
    axe(page)

    server.mood = lambda _: Mood.KIND
    Worker().run_until_idle()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("All mail has gone out")
    axe(page)
    assert sorted(str(mail["To"]) for mail in server.accepted) == [
        "kind@fenshire.example",
        "rude@fenshire.example",
        "stern@fenshire.example",
    ]
