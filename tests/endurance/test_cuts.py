"""Sessions that end and networks that are cut while somebody writes: no character is lost.

A real page in Chromium. In turn the connection goes, or the session does, at some moment amid
typing. What was typed must still stand on the page, the page must say that it is not saved, and
once there is a connection or somebody has signed in again it must be in the database, whole.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import takewhile

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from agencies.models import SignedIn
from audits.models import CaseReturn
from tests.audits.collecting import Collecting, collecting
from tests.endurance import Figures
from tests.endurance.lasting import quiet
from tests.support import chromium

SMALL, LONG = 1, 200

WORDS = ["The", "school", "rang", "twice,", "and", "both", "times", "somebody", "went."]
BOX = "engagement_past"
LONGEST = 60_000


def run(rounds: int) -> Figures:
    """`rounds` of each: cuts of the network, and ends of the session."""
    with sync_playwright() as playwright:
        path = chromium.executable()
        browser = playwright.chromium.launch(executable_path=str(path), args=chromium.FLAGS)
        try:
            return cut(browser, rounds)
        finally:
            browser.close()


def cut(browser: Browser, rounds: int) -> Figures:
    try:
        with serving() as address, quiet():
            return Ground(browser, address).figures(rounds)
    finally:
        # Beside a browser Django keeps connections of their own, which nothing else closes.
        connections.close_all()


@contextmanager
def serving() -> Iterator[str]:
    """The application on a port of its own, in a thread of this process."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    allowed = settings.ALLOWED_HOSTS
    settings.ALLOWED_HOSTS = [*allowed, "127.0.0.1"]
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        settings.ALLOWED_HOSTS = allowed
        thread.terminate()


class Ground:
    def __init__(self, browser: Browser, address: str) -> None:
        self.world: Collecting = collecting(cases=1, questions=2)
        self.address = address
        self.context = browser.new_context(locale="en-GB", reduced_motion="reduce")
        self.context.set_default_timeout(LONGEST)
        expect.set_options(timeout=LONGEST)
        self.chance = random.Random(20261122)
        self.result = Figures("cuts", bad=("characters lost", "not told"))
        self.typed = ""

    def figures(self, rounds: int) -> Figures:
        self._sign_in()
        page = self._open()
        for number in range(rounds):
            self._cut(page)
            self._end(page)
            if number % 20 == 19:
                page.close()
                page = self._open()
                # A text is kept without the spaces around it.
                self.typed = self.typed.rstrip()
        return self.result

    def _sign_in(self) -> None:
        client = Client()
        client.force_login(self.world.auditor)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.address}]
        )

    def _open(self) -> Page:
        page = self.context.new_page()
        row = self.world.first
        page.goto(self.address + reverse("case-return-edit", args=[row.agency_return_id, row.pk]))
        return page

    def _type(self, page: Page) -> None:
        """Some more words; from time to time the box is begun afresh."""
        box = page.locator(f"[name={BOX}]")
        box.focus()
        if len(self.typed) > 600:
            box.fill("")
            self.typed = ""
        page.keyboard.press("Control+End")
        for word in self.chance.sample(WORDS, self.chance.randint(3, 7)):
            self.typed += f"{word} "
            page.keyboard.insert_text(f"{word} ")
            page.wait_for_timeout(self.chance.choice((0, 0, 30, 200)))

    def _cut(self, page: Page) -> None:
        self._type(page)
        self.context.set_offline(True)
        self._type(page)
        self._told_and_there(page, "connection")
        self._type(page)
        self.context.set_offline(False)
        self._all_saved(page)
        self.result.add("cuts")

    def _end(self, page: Page) -> None:
        self._type(page)
        SignedIn.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        self._type(page)
        self._told_and_there(page, "signed out")
        self._sign_in()
        page.locator("[data-maca-session-close]").click()
        page.locator("[data-maca-save-in]").click()
        self._type(page)
        self._all_saved(page)
        self.result.add("sessions ended")

    def _told_and_there(self, page: Page, why: str) -> None:
        """The page says that it is not saved, and has every character."""
        page.locator("[name=engagement_present]").evaluate("box => box.focus()")
        state = page.locator("[data-maca-save-state]")
        try:
            expect(state).to_contain_text(why)
        except AssertionError:
            self.result.add("not told")
        self._compare(page.locator(f"[name={BOX}]").input_value())

    def _all_saved(self, page: Page) -> None:
        page.locator("[name=engagement_present]").evaluate("box => box.focus()")
        state = page.locator("[data-maca-save-state]")
        expect(state).to_have_attribute("data-state", "saved")
        page.wait_for_function(
            "() => !document.querySelector('[data-maca-autosave]').matches(':has(dialog[open])')"
        )
        self._compare(page.locator(f"[name={BOX}]").input_value())
        self._compare(str(CaseReturn.objects.get(pk=self.world.first.pk).engagement_past))

    def _compare(self, found: str) -> None:
        wanted, found = self.typed.strip(), found.strip()
        self.result.add("texts compared")
        if found != wanted:
            pairs = zip(found, wanted, strict=False)
            same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
            self.result.add("characters lost", max(1, len(wanted) - same))
            self.typed = found


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_no_character_is_lost_when_the_network_or_the_session_goes(browser: Browser) -> None:
    figures = cut(browser, SMALL)
    assert figures.held, figures
