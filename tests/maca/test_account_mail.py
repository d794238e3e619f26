"""The mail that signing in sends, in our own words and without anything about the machine."""

import re

import pytest
from django.core import mail
from django.test import Client

from agencies.models import User
from agencies.roles import Role
from tests.factories import PartnershipFactory, person

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "the old words of Ada", "the new words of Ada"


@pytest.fixture
def user() -> User:
    return person(
        Role.BOARD,
        PartnershipFactory(),
        email="ada@fenshire.example",
        name="Ada Marsh",
        password=OLD,
    )


def test_a_forgotten_password_is_chosen_anew_through_a_link(client: Client, user: User) -> None:
    client.post("/accounts/password/reset/", {"email": user.email})
    message = mail.outbox.pop()
    assert message.subject == "Choose a new password"
    assert message.to == ["ada@fenshire.example"]
    assert str(message.body).startswith("Dear Ada Marsh,")

    found = re.search(r"http://testserver(/\S+)", str(message.body))
    assert found
    page = client.get(found[1], follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert mail.outbox.pop().subject == "Your password was changed"
    assert client.login(username=user.email, password=NEW)


def test_who_was_locked_out_comes_in_with_a_new_password(client: Client, user: User) -> None:
    form = {"login": user.email, "password": "wrong words again"}
    for _ in range(5):
        client.post("/accounts/login/", form)
    assert client.post("/accounts/login/", form | {"password": OLD}).status_code == 200
    client.post("/accounts/password/reset/", {"email": user.email})
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox.pop().body))
    assert found
    page = client.get(found[1], follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert client.post("/accounts/login/", form | {"password": NEW}).status_code == 302


def test_a_changed_password_is_told(client: Client, user: User) -> None:
    client.force_login(user)
    form = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    client.post("/accounts/password/change/", form)
    message = mail.outbox.pop()
    assert message.subject == "Your password was changed"
    assert str(message.body).startswith("Hello,\n\nThe password of your account")
    assert "127.0.0.1" not in str(message.body)


def test_an_unknown_address_gets_no_mail(client: Client) -> None:
    response = client.post("/accounts/password/reset/", {"email": "nobody@fenshire.example"})
    assert response.status_code == 302
    assert mail.outbox == []
