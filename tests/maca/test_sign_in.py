from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from agencies.models import User
from agencies.roles import Role
from tests.factories import PartnershipFactory, person

pytestmark = pytest.mark.django_db

PASSWORD = "the old words of Ada"


@pytest.fixture(autouse=True)
def user() -> User:
    return person(
        Role.BOARD,
        PartnershipFactory(),
        email="ada@fenshire.example",
        name="Ada Marsh",
        password=PASSWORD,
    )


def sign_in(client: Client, password: str, address: str = "Ada@Fenshire.example") -> int:
    form = {"login": address, "password": password}
    return client.post("/accounts/login/", form).status_code


def test_an_address_is_the_same_in_capitals(client: Client) -> None:
    assert sign_in(client, PASSWORD) == 302
    assert client.session["_auth_user_id"]


def test_signing_in_says_nothing_and_signing_out_does(client: Client) -> None:
    form = {"login": "ada@fenshire.example", "password": PASSWORD}
    signed_in = client.post("/accounts/login/", form)
    assert list(get_messages(signed_in.wsgi_request)) == []
    signed_out = client.post("/accounts/logout/")
    assert [str(m) for m in get_messages(signed_out.wsgi_request)] == ["You have signed out."]


def test_guessing_is_stopped_after_five_wrong_passwords(client: Client) -> None:
    for _ in range(5):
        assert sign_in(client, "wrong words again") == 200
    assert sign_in(client, PASSWORD) == 200
    assert "_auth_user_id" not in client.session


ELSEWHERE = "198.51.100.7"


def wrong_from(client: Client, address: str, times: int = 1) -> None:
    form = {"login": "ada@fenshire.example", "password": "wrong words again"}
    for _ in range(times):
        client.post("/accounts/login/", form, REMOTE_ADDR=address)


def test_who_guesses_elsewhere_locks_nobody_out_here(client: Client) -> None:
    wrong_from(Client(), ELSEWHERE, times=40)
    assert sign_in(client, PASSWORD) == 302


def test_guessing_slowly_from_one_place_is_stopped_too(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(4):
            wrong_from(Client(), ELSEWHERE, times=5)
            clock.shift(timedelta(minutes=6))
        form = {"login": "ada@fenshire.example", "password": PASSWORD}
        answer = Client().post("/accounts/login/", form, REMOTE_ADDR=ELSEWHERE)
        assert "Too many wrong passwords" in answer.content.decode()
        assert sign_in(client, PASSWORD) == 302


def test_guessing_from_very_many_places_is_stopped_for_all(client: Client) -> None:
    for number in range(20):
        wrong_from(Client(), f"198.51.100.{number}", times=5)
    assert sign_in(client, PASSWORD) == 200


def test_an_unknown_address_is_told_the_same_as_a_wrong_password(client: Client) -> None:
    form = {"password": "wrong words again"}
    unknown = client.post("/accounts/login/", {**form, "login": "nobody@fenshire.example"})
    wrong = client.post("/accounts/login/", {**form, "login": "ada@fenshire.example"})
    assert unknown.context["form"].errors == wrong.context["form"].errors
    assert unknown.context["form"].errors
