"""Who came in, who could not and who left stands in the activity, without the address typed."""

import pytest
from django.test import Client
from django.urls import reverse

from agencies.domain import entrances
from agencies.models import Activity, ActivityKind
from agencies.roles import Role
from tests.factories import PASSWORD, MembershipFactory, PartnershipFactory, person

pytestmark = pytest.mark.django_db


def entered() -> list[tuple[str, object, object]]:
    rows = Activity.objects.order_by("pk").filter(kind=ActivityKind.SIGN_IN)
    return list(rows.values_list("verb", "by", "partnership"))


def sign_in(client: Client, email: str, password: str = PASSWORD) -> None:
    client.post(reverse("account_login"), {"login": email, "password": password})


def test_coming_in_and_leaving(client: Client) -> None:
    officer = person(Role.OFFICER, PartnershipFactory(), password=PASSWORD)
    home = officer.memberships.get().partnership_id
    sign_in(client, officer.email)
    client.post(reverse("account_logout"))
    assert entered() == [
        (entrances.SIGNED_IN, officer.pk, home),
        (entrances.SIGNED_OUT, officer.pk, home),
    ]


def test_who_belongs_to_two_partnerships_comes_into_both(client: Client) -> None:
    chair = person(Role.CHAIR, PartnershipFactory(), password=PASSWORD)
    MembershipFactory(user=chair, role=Role.CHAIR)
    sign_in(client, chair.email)
    both = set(chair.memberships.values_list("partnership", flat=True))
    assert {partnership for _, _, partnership in entered()} == both


def test_a_wrong_password_is_recorded_of_whom_it_would_have_let_in(client: Client) -> None:
    officer = person(Role.OFFICER, PartnershipFactory(), password=PASSWORD)
    sign_in(client, officer.email.upper(), "another long pass phrase")
    home = officer.memberships.get().partnership_id
    assert entered() == [(entrances.FAILED, officer.pk, home)]


def test_an_address_that_nobody_has_is_not_kept(client: Client) -> None:
    sign_in(client, "nobody@fenshire.example", "another long pass phrase")
    assert entered() == [(entrances.FAILED_UNKNOWN, None, None)]
    row = Activity.objects.get()
    assert (row.chain, row.subject_type, row.subject_id) == ("installation", "", "")


def test_a_session_made_by_a_test_or_a_console_is_no_entrance(client: Client) -> None:
    client.force_login(person(Role.OFFICER, PartnershipFactory()))
    client.logout()
    assert entered() == []
