"""Accessibility checks with axe-core, told in words a developer can act on."""

from collections.abc import Iterator
from typing import Any, Protocol

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page


class CheckPage(Protocol):
    def __call__(self, page: Page) -> None: ...


OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def check(page: Page) -> None:
    """Raise an AssertionError naming each fault, its elements and how to mend it."""
    faults = list(describe(_violations(page)))
    if faults:
        raise AssertionError(f"axe finds faults on {page.url}\n" + "\n".join(faults))


def _violations(page: Page, attempts: int = 3) -> list[dict[str, Any]]:
    """A form that saves before it sends leaves for the next page a moment after the press, and
    takes the script with it: then the page that came is looked at."""
    page.wait_for_load_state()
    try:
        # A string, not a script element, so that the content security policy stays strict.
        page.evaluate(AXE_SCRIPT)
        results: dict[str, Any] = page.evaluate("options => axe.run(document, options)", OPTIONS)
    except Error as error:
        if attempts > 1 and "navigation" in error.message:
            return _violations(page, attempts - 1)
        raise
    found: list[dict[str, Any]] = results["violations"]
    return found


def describe(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        yield f"{violation['id']} ({violation['impact']}): {violation['help']}"
        for node in violation["nodes"]:
            yield f"    {node['html']}"
            yield "        " + node["failureSummary"].replace("\n", "\n        ")
