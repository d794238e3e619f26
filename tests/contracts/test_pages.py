"""Every page that anybody can open: its outline, its labels, and how it is sent."""

import pytest
from django.conf import settings
from django.utils.csp import build_policy

from tests.contracts.access_table import BUTTONS, OPEN_TO_ALL, PAGES
from tests.contracts.markup import Markup
from tests.contracts.walking import NO_STAGE, Page, Route, Walk, all_routes

pytestmark = pytest.mark.django_db

ROUTES = all_routes()
# Not pages: a file, a line for a machine.
ELSE = {"contributor-sheet", "document-draft-pdf", "document-pdf", "health"}
every_page = pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.name in PAGES | OPEN_TO_ALL and route.name not in ELSE],
    ids=lambda route: route.name,
)
# Whoever sees most, least of an audit, and nothing of it.
READERS = ("officer", "lead", "member", "board", "admin", "leaver")


def opened(walk: Walk, route: Route) -> dict[str, Page]:
    """The page as it differs: by stage, by who reads it, and with an empty form sent."""
    if route.name in OPEN_TO_ALL:
        return {"anonymous": walk.get(route, NO_STAGE, "anonymous")}
    pages = {}
    for stage in PAGES[route.name]:
        for role in READERS:
            pages[f"{role}, {stage}"] = walk.get(route, stage, role)
        pages[f"officer, {stage}, sent"] = walk.post(route, stage, "officer")
    return pages


@every_page
def test_pages_are_well_built(route: Route, walk: Walk) -> None:
    wrong: list[str] = []
    for name, page in opened(walk, route).items():
        if page.is_html and (faults := Markup(page.text).faults()):
            wrong += [f"{name}: {fault}" for fault in faults]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("status", [403, 404])
def test_pages_of_a_refusal_are_well_built(status: int, walk: Walk) -> None:
    route = next(route for route in ROUTES if route.name == "audit-update")
    role = {403: "lead", 404: "foreign"}[status]
    page = walk.get(route, "collecting", role)
    assert page.status == status
    assert Markup(page.text).faults() == []


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_how_everything_is_sent(route: Route, walk: Walk) -> None:
    """No frame, no foreign script, no guessing of types, and no copy left in a browser."""
    stage = next(iter((PAGES | BUTTONS).get(route.name, {NO_STAGE: ""})))
    role = "anonymous" if route.name in OPEN_TO_ALL else "officer"
    headers = walk.get(route, stage, role).headers
    assert headers["content-security-policy"] == build_policy(settings.SECURE_CSP)
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "no-store" in headers["cache-control"]


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    policy = build_policy(settings.SECURE_CSP)
    assert "default-src 'none'" in policy
    assert not any(hole in policy for hole in ("unsafe", "*", "http", "data:", "blob:"))
