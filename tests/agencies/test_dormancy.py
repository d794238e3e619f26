"""Accounts that nobody uses lock by themselves, and are opened again by a person."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.domain import dormancy, people
from agencies.domain.refusal import RefusedError
from agencies.models import AccountState, Activity, Partnership, User
from agencies.roles import Role
from agencies.tasks import lock_dormant
from agencies.timetable import TIMETABLE
from tests.factories import MembershipFactory, PartnershipFactory, person

pytestmark = pytest.mark.django_db

PASSWORD = "seven grey herons wade"


def ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership, name="Olive")


def silent(partnership: Partnership, *, signed_in: int | None, vouched: int, **fields: Any) -> User:
    """A member who signed in, and was vouched for, so many days ago."""
    last_login = None if signed_in is None else ago(signed_in)
    return person(
        Role.MEMBER, partnership, last_login=last_login, vouched_at=ago(vouched), **fields
    )


def state_of(user: User) -> AccountState:
    return User.objects.get(pk=user.pk).account_state  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("signed_in", "vouched", "state"),
    [
        (91, 91, AccountState.LOCKED),
        (None, 91, AccountState.LOCKED),
        (89, 400, AccountState.ACTIVE),
        (400, 89, AccountState.ACTIVE),
        (None, 1, AccountState.ACTIVE),
    ],
)
def test_ninety_days_are_counted_from_whatever_came_last(
    partnership: Partnership, signed_in: int | None, vouched: int, state: AccountState
) -> None:
    user = silent(partnership, signed_in=signed_in, vouched=vouched)
    assert dormancy.lock_dormant(now=timezone.now()) == (state == AccountState.LOCKED)
    assert state_of(user) == state


def test_the_number_of_days_is_a_setting(partnership: Partnership, settings: Any) -> None:
    settings.DORMANT_DAYS = 30
    user = silent(partnership, signed_in=31, vouched=31)
    dormancy.lock_dormant(now=timezone.now())
    assert state_of(user) == AccountState.LOCKED


def test_it_is_on_the_timetable_and_recorded_once_a_partnership(partnership: Partnership) -> None:
    user = silent(partnership, signed_in=91, vouched=91)
    MembershipFactory(user=user, role=Role.BOARD)
    for _ in range(2):
        lock_dormant.call()
    assert lock_dormant.module_path in TIMETABLE
    assert [(each.verb, each.by) for each in Activity.objects.all()] == [
        ("locked an account that was not used", None)
    ] * 2
    assert {each.partnership for each in Activity.objects.all()} == {
        each.partnership for each in user.memberships.all()
    }
    assert [(each.kind, each.by) for each in user.account_changes.all()] == [("locked", None)]


def test_it_locks_at_the_door_when_the_timetable_was_late(partnership: Partnership) -> None:
    user = silent(
        partnership, signed_in=91, vouched=91, password=PASSWORD, email="mo@fenshire.example"
    )
    page = Client().post("/accounts/login/", {"login": "mo@fenshire.example", "password": PASSWORD})
    assert (page.status_code, b"This account is locked" in page.content) == (403, True)
    assert b"for 90 days" in page.content
    assert state_of(user) == AccountState.LOCKED


def test_who_is_deactivated_or_invited_is_not_locked_as_well(partnership: Partnership) -> None:
    shut = silent(partnership, signed_in=400, vouched=400, is_active=False, closed_at=ago(300))
    invited = silent(partnership, signed_in=None, vouched=400, is_active=False)
    assert dormancy.lock_dormant(now=timezone.now()) == 0
    assert state_of(shut) == AccountState.DEACTIVATED
    assert state_of(invited) == AccountState.NOT_INVITED


def test_an_officer_unlocks_with_a_reason_and_the_days_begin_anew(
    partnership: Partnership, officer: User
) -> None:
    user = silent(partnership, signed_in=91, vouched=91, name="Mo")
    dormancy.lock_dormant(now=timezone.now())
    client = Client()
    client.force_login(officer)
    page = client.get(reverse("person-detail", args=[user.pk])).content.decode()
    assert "Mo had not signed in for 90 days" in page
    assert "by itself, for want of use" in page
    address = reverse("person-reactivate", args=[user.pk])
    assert "Unlock the account of Mo?" in client.get(address).content.decode()
    client.post(address, {"reason": "Back from leave"})
    assert state_of(user) == AccountState.ACTIVE
    assert dormancy.lock_dormant(now=timezone.now()) == 0
    newest = user.account_changes.all()[0]
    assert (newest.kind, newest.by, newest.reason) == ("unlocked", officer, "Back from leave")
    assert Activity.objects.all()[0].verb == "unlocked an account"


def test_the_list_says_who_is_locked_and_when_each_signed_in(
    partnership: Partnership, officer: User
) -> None:
    silent(partnership, signed_in=91, vouched=91, name="Mo")
    dormancy.lock_dormant(now=timezone.now())
    client = Client()
    client.force_login(officer)
    page = client.get(f"{reverse('person-list')}?state=gone").content.decode()
    assert "Locked: not used" in page
    assert "An account locks after 90 days without signing in" in page


def test_a_locked_account_gets_no_second_way_in(partnership: Partnership, officer: User) -> None:
    user = silent(partnership, signed_in=91, vouched=91, email="mo@fenshire.example")
    dormancy.lock_dormant(now=timezone.now())
    membership = {"role": Role.BOARD, "agency": None, "starts_on": timezone.localdate()}
    with pytest.raises(RefusedError, match="has locked because it was not used"):
        people.invite(
            partnership=partnership, by=officer, email=user.email, name="Mo", membership=membership
        )
