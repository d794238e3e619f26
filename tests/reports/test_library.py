"""The list of published documents withstands an address that somebody typed."""

import pytest
from django.test import Client
from django.urls import reverse

from agencies.roles import Role
from tests.factories import PartnershipFactory, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("year", ["-1", "0", "99999", "9" * 30, "1e309", "soon"])
def test_a_year_that_is_none_is_told(client: Client, year: str) -> None:
    client.force_login(person(Role.BOARD, PartnershipFactory()))

    page = client.get(reverse("document-list"), {"year": year})

    assert page.status_code == 200
    assert "year" in page.context["filter"].form.errors


@pytest.mark.parametrize("year", ["1900", "2026", "9998"])
def test_any_other_year_is_looked_up(client: Client, year: str) -> None:
    client.force_login(person(Role.BOARD, PartnershipFactory()))

    page = client.get(reverse("document-list"), {"year": year})

    assert not page.context["filter"].form.errors
    assert list(page.context["filter"].qs) == []
