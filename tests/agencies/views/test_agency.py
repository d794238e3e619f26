"""Agencies and bodies added, changed, and put out of use."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from agencies.models import Activity, Agency, Body
from agencies.roles import Role
from tests.agencies.ground import Ground
from tests.audits.browsing import signed_in
from tests.factories import AgencyFactory, ContributorFactory, person

pytestmark = pytest.mark.django_db


def test_an_agency_costs_the_same_whatever_its_length(
    ground: Ground, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = signed_in(ground.officer)
    for _ in range(3):
        with django_assert_num_queries(6):
            client.get(reverse("agency-detail", args=[ground.agency.pk]))
        ContributorFactory(agency=ground.agency)
        person(Role.AUDITOR, ground.agency)


AGENCY = {"name": "Fenshire Constabulary", "short_name": "Police", "kind": "police"}


def test_adding_and_changing_an_agency(ground: Ground) -> None:
    client = signed_in(ground.officer)
    answer = client.post(reverse("agency-create"), AGENCY)
    agency = Agency.objects.get(short_name="Police")
    assert answer["Location"] == reverse("agency-detail", args=[agency.pk])
    assert agency.partnership == ground.partnership
    more = {"contributor_noun": "station", "contributor_noun_plural": "stations"}
    client.post(reverse("agency-update", args=[agency.pk]), AGENCY | more)
    agency.refresh_from_db()
    assert agency.coordinates_contributors
    assert [a.verb for a in Activity.objects.all()] == ["changed an agency", "added an agency"]


@pytest.mark.parametrize(
    ("change", "field", "fault"),
    [
        ({"short_name": "icb"}, "short_name", "This short name is taken. Choose another."),
        ({"contributor_noun": "school"}, "contributor_noun_plural", "Give the plural too"),
        ({"contributor_noun_plural": "schools"}, "contributor_noun", "Give the singular too"),
    ],
)
def test_an_agency_with_a_fault_is_not_added(
    ground: Ground, change: dict[str, str], field: str, fault: str
) -> None:
    page = signed_in(ground.officer).post(reverse("agency-create"), AGENCY | change)
    assert fault in page.context["form"].errors[field][0]
    assert Agency.objects.filter(partnership=ground.partnership).count() == 1


def test_two_partnerships_may_use_the_same_short_name(ground: Ground) -> None:
    AgencyFactory(short_name="Police")
    assert signed_in(ground.officer).post(reverse("agency-create"), AGENCY).status_code == 302


def test_closing_an_agency_asks_first_and_can_be_undone(ground: Ground) -> None:
    client = signed_in(ground.officer)
    url = reverse("agency-close", args=[ground.agency.pk])
    assert b"Close ICB?" in client.get(url).content
    client.post(url)
    ground.agency.refresh_from_db()
    assert not ground.agency.active
    assert b"Open ICB again?" in client.get(url).content
    assert b"Invite somebody" not in client.get(url.removesuffix("close/")).content
    client.post(url)
    ground.agency.refresh_from_db()
    assert ground.agency.active


def test_bodies_are_added_and_put_out_of_use(ground: Ground) -> None:
    client = signed_in(ground.officer)
    client.post(reverse("body-create"), {"name": "Partnership Board", "short_name": "Board"})
    body = Body.objects.get(short_name="Board")
    url = reverse("body-update", args=[body.pk])
    client.post(url, {"name": "The Board", "short_name": "Board", "active": "no"})
    body.refresh_from_db()
    assert (body.name, body.active) == ("The Board", False)
