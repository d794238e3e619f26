import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Activity
from agencies.roles import Role
from tests.factories import PartnershipFactory, UserFactory, person

pytestmark = pytest.mark.django_db


def test_a_refusal_is_recorded_without_saying_of_what(client: Client) -> None:
    partnership = PartnershipFactory()
    member = person(Role.MEMBER, partnership)
    client.force_login(member)
    assert client.get(reverse("person-list")).status_code == 403
    (refusal,) = Activity.objects.all()
    assert (refusal.verb, refusal.by, refusal.partnership) == ("was refused", member, partnership)
    assert (refusal.subject_type, refusal.subject_id, refusal.audit_id) == ("", "", None)


def test_what_is_not_visible_is_not_found_and_no_refusal(client: Client) -> None:
    client.force_login(person(Role.OFFICER, PartnershipFactory()))
    assert client.get("/audits/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert not Activity.objects.exists()


def test_somebody_without_a_role_is_led_to_the_door_without_a_record(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get(reverse("person-list"))["Location"] == "/accounts/login/?next=/people/"
    assert not Activity.objects.exists()
