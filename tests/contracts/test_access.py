"""Every address, opened as everybody, answers as tests/contracts/access_table.py says."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from tests.contracts.access_table import (
    BUTTONS,
    OPEN_TO_ALL,
    PAGES,
    RECORDED,
    SAVING,
    WRITTEN_UNASKED,
)
from tests.contracts.walking import NO_STAGE, ROLES, Page, Route, Walk, all_routes

pytestmark = pytest.mark.django_db

ROUTES = all_routes()
WALKED = [route for route in ROUTES if route.name in PAGES | BUTTONS]
HOME = "Declare it in tests/contracts/access_table.py."
STATUSES = {"+": 200, ">": 302, "-": 403, ".": 404, "x": 405}
# Names that the library of accounts asks for.
LIBRARYS = ("account_", "mfa_", "openid_connect_")
REFUSED = {"-", ".", "x"}
# Stages at which a page must be declared where the scenario has what its address names.
TELLING = {NO_STAGE, "collecting", "meeting"}

every_route = pytest.mark.parametrize("route", WALKED, ids=lambda route: route.name)
every_page = pytest.mark.parametrize(
    "route", [route for route in WALKED if route.name in PAGES], ids=lambda route: route.name
)


def expected(line: str) -> dict[str, str]:
    marks = line.replace(" ", "")
    assert len(marks) == len(ROLES), f"{line!r} needs {len(ROLES)} marks."
    return dict(zip(ROLES, marks, strict=True))


def test_every_route_is_declared() -> None:
    declared, there = {*PAGES, *BUTTONS, *OPEN_TO_ALL}, {route.name for route in ROUTES}
    assert (there - declared, declared - there) == (set(), set()), HOME
    assert len(declared) == len(PAGES) + len(BUTTONS) + len(OPEN_TO_ALL), "Declare it once."
    assert set(SAVING) <= set(PAGES), "SAVING is for routes that are in PAGES."


def test_routes_are_named_noun_verb() -> None:
    ours = [route.name for route in ROUTES if not route.name.startswith(LIBRARYS)]
    single = {"home", "health", "dashboard"}
    assert [name for name in ours if "-" not in name and name not in single] == []
    assert [name for name in ours if name != name.lower() or "_" in name] == []


def test_addresses_hold_ids_and_nothing_somebody_wrote() -> None:
    """A random id, a number without meaning, or a word that the code itself fixes."""
    ours = [route for route in ROUTES if not route.name.startswith(LIBRARYS)]
    found = {kind for route in ours for kind in route.converters}
    assert found == {
        "UUIDConverter",
        "IntConverter",
        "SlugConverter",
        "StringConverter",
        "KindConverter",
        "PassageConverter",
    }
    words = {
        f"{route.name}: {name}"
        for route in ours
        for name, kind in zip(route.kwargs, route.converters, strict=True)
        if kind in {"SlugConverter", "StringConverter"}
    }
    assert words == {
        "agency-return-transition: name",
        "audit-transition: name",
        "contribution-open: token",
        "directory-left: provider_id",
        "invitation-accept: token",
        "learning-theme-move: direction",
        "question-move: direction",
    }


@every_route
def test_every_telling_stage_is_declared(route: Route, walk: Walk) -> None:
    declared = set((PAGES | BUTTONS)[route.name])
    possible = set(walk.stages_of(route))
    assert possible, f"tests/scenario.py has nothing that {route.name} could name."
    assert declared, HOME
    assert possible & TELLING <= declared <= possible, HOME


@every_page
def test_opening(route: Route, walk: Walk) -> None:
    wrong = []
    for stage, line in PAGES[route.name].items():
        for role, mark in expected(line).items():
            page = walk.get(route, stage, role)
            if page.status != STATUSES[mark]:
                wrong.append(f"{role}, {stage}: {STATUSES[mark]} expected, got {page.status}")
            if page.writes and route.name not in RECORDED:
                wrong.append(f"{role}, {stage}: to read is not to write: {page.writes}")
    assert not wrong, "\n".join(wrong)


@every_route
def test_sending_nothing(route: Route, walk: Walk) -> None:
    """Whoever is refused changes nothing; whoever is not is answered, and nothing breaks."""
    wrong = []
    lines = (PAGES | BUTTONS)[route.name] | SAVING.get(route.name, {})
    for stage, line in lines.items():
        for role, mark in expected(line).items():
            page = walk.post(route, stage, role)
            if trouble := _trouble(page, mark, writes=route.name in WRITTEN_UNASKED):
                wrong.append(f"{role}, {stage}: {trouble}")
    assert not wrong, "\n".join(wrong)


# 423: what it belongs to is closed to writing, and the page that saves says so.
ANSWERED = {200, 302, 423}


def _trouble(page: Page, mark: str, *, writes: bool) -> str:
    if mark in REFUSED:
        if page.status != STATUSES[mark]:
            return f"{STATUSES[mark]} expected, got {page.status} {page.location}"
        return f"refused, and yet: {page.writes}" if page.writes else ""
    if page.status not in ANSWERED:
        return f"an answer expected, got {page.status}"
    return f"an empty form wrote: {page.writes}" if page.writes and not writes else ""


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.name in BUTTONS], ids=lambda route: route.name
)
def test_buttons_are_never_followed_as_links(route: Route, walk: Walk) -> None:
    stage = next(iter(BUTTONS[route.name]))
    pages = {role: walk.get(route, stage, role) for role in ROLES}
    answered = {role: page.status for role, page in pages.items()}
    assert answered == dict.fromkeys(ROLES, 405) | {"leaver": 302}
    assert "nothing to read here" in pages["officer"].text, "No page says where to go."


@every_route
def test_signing_in_leads_to_a_page_that_can_be_opened(route: Route, walk: Walk) -> None:
    """A button that was pressed too late is no address to come back to."""
    stage = next(iter((PAGES | BUTTONS)[route.name]))
    answers = {walk.get(route, stage, role).status for role in ROLES} != {302, 405}
    door = walk.post(route, stage, "anonymous").location
    address = walk.address(route, stage) if answers else reverse("home")
    assert parse_qs(urlsplit(door).query)["next"] == [address]


@every_route
def test_whoever_is_not_signed_in_is_shown_the_door(route: Route, walk: Walk) -> None:
    door = reverse("account_login")
    for stage in (PAGES | BUTTONS)[route.name]:
        for page in (walk.get(route, stage, "anonymous"), walk.post(route, stage, "anonymous")):
            assert (page.status, page.location.split("?")[0]) == (302, door), stage
            assert page.writes == [], stage


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.name in OPEN_TO_ALL], ids=lambda route: route.name
)
def test_what_is_open_to_all(route: Route, walk: Walk) -> None:
    page = walk.get(route, NO_STAGE, "anonymous")
    assert (page.status, page.writes) == (OPEN_TO_ALL[route.name], [])
