"""How long somebody stays signed in."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.domain.sessions import BEGAN, SessionStore
from agencies.models import SignedIn
from agencies.roles import Role
from tests.factories import PartnershipFactory, person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def member() -> Any:
    client = Client()
    client.force_login(person(Role.OFFICER, PartnershipFactory()))
    return client


def left() -> timedelta:
    return SignedIn.objects.get().expire_date - timezone.now()


def leave(minutes: int) -> None:
    SignedIn.objects.update(expire_date=timezone.now() + timedelta(minutes=minutes))


def test_whatever_somebody_does_gives_them_another_hour(member: Any) -> None:
    leave(20)
    member.get(reverse("home"))
    assert timedelta(minutes=59) < left() <= HOUR


def test_what_a_page_asks_for_by_itself_does_not(member: Any) -> None:
    leave(20)
    told = member.get(reverse("session-check")).json()
    assert 1190 < told["ends_in"] <= 1200
    assert left() <= timedelta(minutes=20)


def test_staying_is_one_press(member: Any) -> None:
    leave(1)
    assert member.post(reverse("session-stay")).json()["ends_in"] > 3590


def test_prolonging_is_written_down_now_and_then_in_one_statement(member: Any) -> None:
    def writes() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            member.get(reverse("home"))
        return [each["sql"] for each in captured if "UPDATE" in each["sql"]]

    assert writes() == []
    leave(50)
    assert len(writes()) == 1
    assert writes() == []


def test_twelve_hours_after_signing_in_it_ends_in_any_case(member: Any) -> None:
    session = SessionStore(member.cookies[settings.SESSION_COOKIE_NAME].value)
    session[BEGAN] = (timezone.now() - timedelta(hours=11, minutes=30)).timestamp()
    session.save()
    member.get(reverse("home"))
    assert timedelta(minutes=29) < left() <= timedelta(minutes=30)


def test_whoever_is_not_signed_in_is_told_so_and_gets_a_token(client: Any) -> None:
    told = client.get(reverse("session-check")).json()
    assert told["who"] is None
    assert len(told["csrf"]) == 64


def test_the_window_for_signing_in_again_ends_on_a_page_that_says_so(member: Any) -> None:
    page = member.get(reverse("session-resume")).content.decode()
    assert "You are signed in again" in page
    door = Client().get(reverse("session-resume"))
    assert door["Location"] == "/accounts/login/?next=/session/resume/"
