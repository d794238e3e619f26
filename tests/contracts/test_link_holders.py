"""Whoever holds a contributor's link opens that contributor's pages, and nothing else at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from audits import holding
from audits.models import ContributorRequest
from tests.audits.contributing import browser_of
from tests.contracts.access_table import BUTTONS, PAGES
from tests.contracts.walking import ROLES, Page, Route, Walk, all_routes, writes
from tests.scenario import CANARY, HOLDERS

pytestmark = pytest.mark.django_db

HELD = [route for route in all_routes() if route.name.startswith("contribution-")]
OTHERS = [route for route in all_routes() if route.name in PAGES | BUTTONS]
READ = ("contribution-detail", "contribution-edit")
SENT = ("contribution-edit", "contribution-finish", "contribution-nothing")


@dataclass
class Held:
    """A browser for each holder, with the code given already."""

    walk: Walk
    clients: dict[str, Client]

    def open(self, method: str, route: Route, holder: str) -> Page:
        address = reverse(
            route.name, kwargs={name: self.walk.scenario.shared[name] for name in route.kwargs}
        )
        return self.walk.open(method, address, holder)


@pytest.fixture
def held(walk: Walk) -> Iterator[Held]:
    with transaction.atomic():
        clients = {name: browser_of(walk.scenario.links[name]) for name in HOLDERS}
        walk.clients |= clients
        yield Held(walk, clients)
        transaction.set_rollback(True)
    for name in HOLDERS:
        del walk.clients[name]


def route_named(name: str) -> Route:
    return next(route for route in HELD if route.name == name)


def test_everything_under_the_address_is_held() -> None:
    """A page that is added there without being held fails here, whatever it shows."""
    under = [
        pattern
        for pattern in _patterns(get_resolver().url_patterns)
        if str(pattern.pattern).startswith(holding.PATH.lstrip("/"))
    ]
    assert {pattern.name for pattern in under} == {route.name for route in HELD}
    loose = {
        pattern.name for pattern in under if not getattr(pattern.callback, "holds_link", False)
    }
    assert loose == {"contribution-open"}


def _patterns(patterns: Sequence[object]) -> Iterator[URLPattern]:
    for each in patterns:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from _patterns(getattr(each, "url_patterns", []))


@pytest.mark.parametrize("name", READ)
def test_the_holder_reads_and_the_neighbour_does_not(name: str, held: Held) -> None:
    route = route_named(name)
    assert held.open("GET", route, "holder").status == 200
    expected = 404 if "request_id" in route.kwargs else 200
    assert held.open("GET", route, "neighbour").status == expected


@pytest.mark.parametrize("name", SENT)
def test_sending_nothing_breaks_nothing_and_answers_for_nobody(name: str, held: Held) -> None:
    for holder in HOLDERS:
        page = held.open("POST", route_named(name), holder)
        refused = holder == "neighbour" and name == "contribution-edit"
        assert page.status == 404 if refused else page.status in {200, 302}
        assert page.writes == []


@pytest.mark.parametrize("route", HELD, ids=lambda route: route.name)
def test_a_role_opens_nothing_here(route: Route, held: Held) -> None:
    if route.name == "contribution-open":
        return
    for role in (*ROLES, "anonymous"):
        answers = {held.open(method, route, role).status for method in ("GET", "POST")}
        assert answers <= {404, 405}, role


@pytest.mark.parametrize("route", OTHERS, ids=lambda route: route.name)
def test_a_link_opens_nothing_elsewhere(route: Route, held: Held) -> None:
    door = reverse("account_login")
    stage = next(iter((PAGES | BUTTONS)[route.name]))
    address = held.walk.address(route, stage)
    assert address is not None
    for method in ("GET", "POST"):
        page = held.walk.open(method, address, "holder")
        assert (page.status, page.location.split("?")[0], page.writes) == (302, door, [])


def test_a_holder_reads_its_own_words_and_nobody_else_s(held: Held) -> None:
    heard = {
        words
        for name in READ
        for words in CANARY.findall(held.open("GET", route_named(name), "holder").text)
    }
    assert heard == {("collecting", "contributed", "holder")}


def test_a_link_that_is_withdrawn_holds_nothing(held: Held) -> None:
    link = held.walk.scenario.links["holder"]
    type(link).objects.filter(pk=link.pk).update(withdrawn_at=link.sent_at)
    before = ContributorRequest.objects.filter(stage="asked").count()
    with writes() as written:
        for name in READ:
            assert held.open("GET", route_named(name), "holder").status == 404
        for name in SENT:
            assert held.open("POST", route_named(name), "holder").status == 404
    assert written == []
    assert ContributorRequest.objects.filter(stage="asked").count() == before
