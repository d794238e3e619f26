"""Pages about agencies and people: owner, colleague, stranger, and what a list costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.roles import Role
from tests.agencies.ground import Ground
from tests.audits.browsing import signed_in
from tests.factories import AgencyFactory, person

pytestmark = pytest.mark.django_db

Page = Callable[["Ground"], str]

LISTS: dict[str, Page] = {
    name: lambda _ground, name=name: reverse(name)  # type: ignore[misc]
    for name in ("agency-list", "agency-create", "body-create", "person-list", "person-invite")
}
AGENCY_PAGES: dict[str, Page] = {
    "agency-detail": lambda g: reverse("agency-detail", args=[g.agency.pk]),
    "agency-update": lambda g: reverse("agency-update", args=[g.agency.pk]),
    "agency-close": lambda g: reverse("agency-close", args=[g.agency.pk]),
    "body-update": lambda g: reverse("body-update", args=[g.body.pk]),
}
PERSON_PAGES: dict[str, Page] = {
    name: lambda g, name=name: reverse(name, args=[g.board.pk])
    for name in (
        "person-detail",
        "person-update",
        "person-deactivate",
        "person-reactivate",
        "membership-create",
        "invitation-withdraw",
    )
} | {"membership-end": lambda g: reverse("membership-end", args=[g.membership.pk])}
PAGES = LISTS | AGENCY_PAGES | PERSON_PAGES


@pytest.mark.parametrize("name", PAGES)
def test_officer_and_administrator_open_it(ground: Ground, name: str) -> None:
    for user in (ground.officer, ground.admin):
        assert signed_in(user).get(PAGES[name](ground)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(ground: Ground, name: str) -> None:
    answer = Client().get(PAGES[name](ground))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("name", LISTS)
def test_a_colleague_without_the_permission_is_refused(ground: Ground, name: str) -> None:
    for user in (ground.lead, ground.board):
        assert signed_in(user).get(PAGES[name](ground)).status_code == 403


@pytest.mark.parametrize("name", AGENCY_PAGES)
def test_a_colleague_may_not_change_agencies(ground: Ground, name: str) -> None:
    for user in (ground.lead, ground.board):
        assert signed_in(user).get(PAGES[name](ground)).status_code == 403


@pytest.mark.parametrize("name", PERSON_PAGES)
def test_a_colleague_finds_no_people(ground: Ground, name: str) -> None:
    for user in (ground.lead, ground.board):
        assert signed_in(user).get(PAGES[name](ground)).status_code == 404


@pytest.mark.parametrize("name", AGENCY_PAGES | PERSON_PAGES)
def test_a_stranger_finds_nothing(ground: Ground, name: str) -> None:
    client = signed_in(ground.stranger)
    for method in (client.get, client.post):
        assert method(PAGES[name](ground)).status_code == 404


@pytest.mark.parametrize("name", ["person-update", "person-deactivate", "person-reactivate"])
def test_an_officer_may_not_touch_an_administrators_account(ground: Ground, name: str) -> None:
    answer = signed_in(ground.officer).post(reverse(name, args=[ground.admin.pk]), {"name": "X"})
    assert answer.status_code == 403
    ground.admin.refresh_from_db()
    assert (ground.admin.name, ground.admin.is_active) == ("Ada", True)


@pytest.mark.parametrize(
    ("name", "more", "queries"),
    [
        ("agency-list", lambda g: AgencyFactory(partnership=g.partnership), 5),
        ("person-list", lambda g: person(Role.AUDITOR, g.agency, is_active=False), 8),
    ],
)
def test_a_list_costs_the_same_whatever_its_length(
    ground: Ground,
    name: str,
    more: Callable[[Ground], Any],
    queries: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    client = signed_in(ground.officer)
    for _ in range(3):
        with django_assert_num_queries(queries):
            client.get(reverse(name))
        more(ground)
