"""What every test may ask for; the factories are in tests/factories.py."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.support import axe as accessibility
from tests.support import chromium
from tests.support.guards import unguarded

# What Chromium says when a journey is refused something, goes where there is no network, or is
# shown a page of the browser's own, which asks for our picture and does not get it.
EXPECTED = (
    "the server responded with a status of 4",
    "net::ERR_INTERNET_DISCONNECTED",
    "from origin 'null'",
    "net::ERR_FAILED",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever opens a page is a journey, so that a machine without a browser can leave it out.

    Journeys come last: Playwright's loop stays in its thread, and beside it Django keeps
    connections that nothing closes, which other tests would trip over.
    """
    for item in filter(_opens_a_page, items):
        item.add_marker(pytest.mark.journey)
    items.sort(key=_opens_a_page)


def _opens_a_page(item: pytest.Item) -> bool:
    return "browser_name" in getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits count in the cache, and one test's sign-ins are not another's."""
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def clean_up_goes_round_the_guards() -> None:
    """Tests that commit empty every table when they end, which the activity's guards refuse."""
    empty_tables = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # noqa: SLF001

    def empty_unguarded(test: TransactionTestCase) -> None:
        with unguarded():
            empty_tables(test)

    TransactionTestCase._fixture_teardown = empty_unguarded  # type: ignore[attr-defined]  # noqa: SLF001


@pytest.fixture(scope="session")
def browser_type_launch_args() -> Iterator[dict[str, Any]]:
    """Chromium for pytest-playwright.

    Playwright's loop makes Django believe that it runs in asynchronous code, from the first
    browser test of a process to its last.
    """
    path = chromium.executable()
    if path is None:
        pytest.fail("No Chromium: install Debian's chromium, or run bin/test, which finds one.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield {"executable_path": str(path), "args": chromium.FLAGS}
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "viewport": {"width": 1280, "height": 800},
        "reduced_motion": "reduce",
    }


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    context = new_context()
    context.set_default_timeout(10_000)
    return context


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when a script breaks or the content security policy objects."""
    troubles: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(each in message.text for each in EXPECTED):
            troubles.append(message.text)

    page = context.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", note)
    yield page
    assert troubles == []


@pytest.fixture
def axe() -> accessibility.CheckPage:
    """`axe(page)` raises when a page has faults; ask it in every state a journey visits."""
    return accessibility.check
