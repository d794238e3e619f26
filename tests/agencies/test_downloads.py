"""So many files an hour, counted by what the activity says was handed out."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Activity, ActivityKind, User
from agencies.roles import Role
from tests.factories import PartnershipFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FILES_AN_HOUR", 2)


@pytest.fixture
def officer() -> User:
    return person(Role.OFFICER, PartnershipFactory())


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(client: Client) -> int:
    return client.get(reverse("activity-download")).status_code


def test_the_third_of_an_hour_is_refused_and_the_next_hour_gives_again(
    officer: User, clock: Any
) -> None:
    client = signed_in(officer)
    assert [asked(client) for _ in range(3)] == [200, 200, 429]

    clock.shift(timedelta(minutes=59))
    assert asked(client) == 429

    clock.shift(timedelta(minutes=1))
    assert asked(signed_in(officer)) == 200


def test_a_second_session_gives_no_more_and_somebody_else_has_their_own(
    officer: User, clock: Any
) -> None:
    partnership = officer.memberships.get().partnership
    assert [asked(signed_in(officer)) for _ in range(3)] == [200, 200, 429]

    assert asked(signed_in(person(Role.OFFICER, partnership))) == 200


def test_a_refusal_is_recorded_and_counts_as_no_file(officer: User, clock: Any) -> None:
    client = signed_in(officer)
    for _ in range(4):
        asked(client)

    last = Activity.objects.filter(by=officer, kind=ActivityKind.REFUSED)
    assert [(each.verb, each.subject_id) for each in last] == [
        ("was refused more files in one hour", "activity-download"),
        ("was refused more files in one hour", "activity-download"),
    ]
    assert Activity.objects.filter(by=officer, kind=ActivityKind.EXPORT).count() == 2


def test_the_page_says_how_many_there_are_and_what_to_do(officer: User, clock: Any) -> None:
    client = signed_in(officer)
    for _ in range(2):
        asked(client)

    told = client.get(reverse("activity-download")).content.decode()

    assert "You have downloaded 2 files in the last hour" in told
    assert reverse("session-list") in told
