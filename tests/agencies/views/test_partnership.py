"""Which partnership one works in, where one has several."""

import pytest
from django.urls import reverse

from agencies.roles import Role
from tests.agencies.ground import Ground
from tests.audits.browsing import signed_in
from tests.factories import MembershipFactory, PartnershipFactory

pytestmark = pytest.mark.django_db


def test_choosing_a_partnership(ground: Ground) -> None:
    second = PartnershipFactory(name="Zeal")
    MembershipFactory(user=ground.officer, partnership=second, role=Role.OFFICER)
    client = signed_in(ground.officer)
    assert client.get("/").context["partnership"] == ground.partnership
    answer = client.post(reverse("partnership-choose"), {"partnership": str(second.pk)})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = client.get(reverse("person-list"))
    assert page.context["partnership"] == second
    assert [each.name for each in page.context["page"]] == ["Olive"]


@pytest.mark.parametrize("given", ["", "no id", "other"])
def test_only_ones_own_partnership_can_be_chosen(ground: Ground, given: str) -> None:
    value = str(ground.stranger.memberships.get().partnership_id) if given == "other" else given
    client = signed_in(ground.officer)
    answer = client.post(reverse("partnership-choose"), {"partnership": value})
    assert answer.status_code == 404
    assert client.get(reverse("partnership-choose")).status_code == 405


def test_the_partnership_of_an_action_is_where_both_belong(ground: Ground) -> None:
    """Chosen is one partnership, the person belongs to another that the officer manages too."""
    second = PartnershipFactory(name="Zeal")
    MembershipFactory(user=ground.officer, partnership=second, role=Role.OFFICER)
    client = signed_in(ground.officer)
    client.post(reverse("partnership-choose"), {"partnership": str(second.pk)})
    url = reverse("membership-create", args=[ground.board.pk])
    client.post(url, {"role": "member", "starts_on": "2026-01-31"})
    given = ground.board.memberships.get(role="member")
    assert given.partnership == ground.partnership
