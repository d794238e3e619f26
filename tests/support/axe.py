"""Accessibility checks with axe-core, told in words a developer can act on."""

from collections.abc import Iterator
from typing import Any, Protocol

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page


class CheckPage(Protocol):
    def __call__(self, page: Page) -> None: ...


OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def check(page: Page) -> None:
    """Raise an AssertionError naming each fault, its elements and how to mend it."""
    page.wait_for_load_state()
    # A string, not a script element, so that the page's content security policy stays strict.
    page.evaluate(AXE_SCRIPT)
    results: dict[str, Any] = page.evaluate("options => axe.run(document, options)", OPTIONS)
    faults = list(describe(results["violations"]))
    if faults:
        raise AssertionError(f"axe finds faults on {page.url}\n" + "\n".join(faults))


def describe(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        yield f"{violation['id']} ({violation['impact']}): {violation['help']}"
        for node in violation["nodes"]:
            yield f"    {node['html']}"
            yield "        " + node["failureSummary"].replace("\n", "\n        ")
