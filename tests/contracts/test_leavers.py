"""Whose last role is over, and whose account is shut, finds the door behind every address."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agencies.models import User
from tests.contracts.access_table import BUTTONS, PAGES
from tests.contracts.walking import Route, Walk, all_routes, writes

pytestmark = pytest.mark.django_db

ROUTES = [route for route in all_routes() if route.name in PAGES | BUTTONS]
SCRIPT = {"accept": "application/json"}


def roles_are_over(walk: Walk) -> User:
    leaver: User = walk.scenario.people["leaver"]
    assert not leaver.memberships.current().exists()
    return leaver


def account_is_shut(walk: Walk) -> User:
    """The officer themselves: everything on the way would open to them, were they still here."""
    shut: User = User.objects.get(pk=walk.scenario.people["officer"].pk)
    return shut


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_nothing_opens_to_who_has_left(route: Route, walk: Walk) -> None:
    stage = next(iter((PAGES | BUTTONS)[route.name]))
    address = walk.address(route, stage)
    assert address is not None
    for who in (roles_are_over, account_is_shut):
        with transaction.atomic():
            wrong = _opened(who(walk), address, shut=who is account_is_shut)
            transaction.set_rollback(True)
        assert wrong == [], who.__name__


def _opened(leaver: User, address: str, *, shut: bool) -> list[str]:
    """The ways of asking that were answered with anything but the door."""
    if shut:
        User.objects.filter(pk=leaver.pk).update(is_active=False)
    wrong = []
    # As a person follows a link, and as a page saves by itself.
    for method, headers in (("GET", {}), ("POST", SCRIPT)):
        # The session that began before they left ends with the first request that finds it.
        client = Client(raise_request_exception=False)
        client.force_login(leaver)
        with writes() as written:
            answer = client.generic(method, address, headers=headers)
        door = reverse("account_login")
        led = answer.status_code == 302 and answer["Location"].split("?")[0] == door
        if not (led or (headers and answer.status_code == 401)) or written:
            wrong.append(f"{method}: {answer.status_code} {written}")
    return wrong
