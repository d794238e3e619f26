"""A person two partnerships share: the account is common, the words about it are not."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.domain import dormancy, people
from agencies.models import AccountChange, Partnership, User
from agencies.roles import Role
from tests.factories import AgencyFactory, MembershipFactory, PartnershipFactory, person

pytestmark = pytest.mark.django_db

REASON = "Left while an allegation was looked into"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(user: User, *, seen_by: User) -> str:
    address = reverse("person-detail", args=[user.pk])
    return signed_in(seen_by).get(address).content.decode()


@pytest.fixture
def here() -> Partnership:
    return PartnershipFactory(name="Fenshire")


@pytest.fixture
def there() -> Partnership:
    return PartnershipFactory(name="Marlshire")


@pytest.fixture
def alice(here: Partnership) -> User:
    """Deactivated and opened again by an officer of the first partnership."""
    agency = AgencyFactory(partnership=here)
    user = person(Role.AUDITOR, agency, name="Alice Hollis", email="alice@a.example")
    olive = person(Role.OFFICER, here, name="Olive")
    people.deactivate(user=user, partnership=here, by=olive, reason=REASON)
    people.reactivate(user=user, partnership=here, by=olive, reason="Cleared")
    return user


def test_reasons_and_who_gave_them_stay_in_their_partnership(
    here: Partnership, there: Partnership, alice: User
) -> None:
    MembershipFactory(user=alice, partnership=there, role=Role.BOARD)
    page = page_of(alice, seen_by=person(Role.OFFICER, there))
    assert "Alice Hollis" in page
    for word in (REASON, "Cleared", "Olive", "What happened to the account", "Activated again"):
        assert word not in page
    home = page_of(alice, seen_by=person(Role.ADMIN, here))
    for word in (REASON, "Cleared", "Olive", "Activated again"):
        assert word in home


def test_who_manages_people_in_both_reads_both(
    here: Partnership, there: Partnership, alice: User
) -> None:
    MembershipFactory(user=alice, partnership=there, role=Role.BOARD)
    both = person(Role.OFFICER, here)
    assert AccountChange.objects.visible_to(both).count() == 2
    MembershipFactory(user=both, partnership=there, role=Role.OFFICER)
    bert = person(Role.OFFICER, there)
    AccountChange.objects.create(user=alice, partnership=there, kind="locked", by=bert)
    assert AccountChange.objects.visible_to(User.objects.get(pk=both.pk)).count() == 3
    assert AccountChange.objects.visible_to(bert).count() == 1
    assert not AccountChange.objects.visible_to(person(Role.CHAIR, here)).exists()


def test_that_an_account_locked_by_itself_is_told_to_both(
    here: Partnership, there: Partnership, alice: User
) -> None:
    MembershipFactory(user=alice, partnership=there, role=Role.BOARD)
    long_ago = timezone.now() - timedelta(days=200)
    User.objects.filter(pk=alice.pk).update(last_login=long_ago, vouched_at=long_ago)
    dormancy.lock_dormant(now=timezone.now())
    page = page_of(alice, seen_by=person(Role.OFFICER, there))
    assert "by itself, for want of use" in page
    assert REASON not in page


def test_whoever_invites_a_stranger_is_not_told_their_name(there: Partnership, alice: User) -> None:
    client = signed_in(person(Role.OFFICER, there))
    invited = {
        "email": alice.email,
        "name": "Somebody",
        "role": "board",
        "starts_on": timezone.localdate().isoformat(),
    }
    answer = client.post(reverse("person-invite"), invited)
    assert answer.status_code == 302
    told = [str(each) for each in get_messages(answer.wsgi_request)]
    assert told == [
        "alice@a.example has an account already. We have written to tell them of the role."
    ]
