from typing import Any

import pytest
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from agencies.models import Agency, Membership, Partnership, User
from agencies.models.compiled import compiled
from agencies.roles import Role
from tests.factories import AgencyFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(partnership: Partnership) -> User:
    AgencyFactory(partnership=partnership, short_name="health")
    return person(Role.LEAD, AgencyFactory(partnership=partnership, short_name="police"))


def first_held() -> Subquery:
    rows = Membership.objects.filter(agency=OuterRef("pk")).order_by("user__email")
    return Subquery(rows.values(said=JSONObject(role="role", who="user__email"))[:1])


def test_reads_what_the_annotation_itself_reads(lead: User) -> None:
    rows: Any = Agency.objects.order_by("short_name")

    plain = rows.annotate(first=first_held())
    written = rows.annotate(**compiled(Agency, first=first_held()))

    assert list(written.values_list("short_name", "first")) == [
        ("health", None),
        ("police", {"role": "lead", "who": lead.email}),
    ]
    assert list(written.values("first")) == list(plain.values("first"))


def test_fits_a_query_that_joins_and_asks_more(lead: User, partnership: Partnership) -> None:
    rows: Any = (
        Agency.objects.filter(partnership__name=partnership.name, memberships__user=lead)
        .select_related("partnership")
        .annotate(**compiled(Agency, first=first_held()), home=F("partnership__name"))
    )

    assert [(row["first"]["who"], row["home"]) for row in rows.values("first", "home")] == [
        (lead.email, partnership.name)
    ]


def test_keeps_nothing_but_what_was_asked_for(partnership: Partnership) -> None:
    assert list(compiled(Partnership, own=F("name"))) == ["own"]
