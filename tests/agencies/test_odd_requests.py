"""Requests that no browser sends, each of which the database or a library once refused."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from agencies.domain.sessions import SessionStore, key_in
from agencies.forms.passkeys import AddPasskeyForm, ConfirmPasskeyForm, ShowPasskeyForm
from agencies.models import User
from agencies.roles import Role
from maca.handler import Application
from tests.factories import PASSWORD, PartnershipFactory, person

pytestmark = pytest.mark.django_db

# In a cookie, a backslash and three digits in quotes say a byte.
ODD_KEYS = ['"\\000' + "a" * 31 + '"', '"' + "\\377" * 9 + '"', "a" * 5000, "A" * 32, "a-" * 16]


def test_a_cookie_that_can_hold_no_key_holds_none(client: Client) -> None:
    pages = [
        (settings.SESSION_COOKIE_NAME, "/accounts/login/", 200),
        (settings.SESSION_COOKIE_NAME, "/session/", 200),
        (settings.CONTRIBUTOR_COOKIE_NAME, "/contribute/", 404),
    ]
    for name, page, status in pages:
        for key in ODD_KEYS:
            answer = client.get(page, HTTP_COOKIE=f"{name}={key}")
            assert (page, key, answer.status_code) == (page, key, status)


def test_a_key_that_was_given_out_is_one() -> None:
    store = SessionStore()
    store.create()
    assert key_in(store.session_key) == store.session_key
    assert SessionStore(store.session_key).session_key == store.session_key
    assert SessionStore("\x00" + "a" * 31).session_key is None
    assert key_in(None) is None


def as_charset(client: Client, charset: str, body: bytes, **headers: Any) -> Any:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    return client.generic("POST", "/accounts/login/", body, content_type=kind, **headers)


def test_what_is_not_utf_8_makes_no_sense() -> None:
    """With the token in a header and without: the page that says so reads the form no more."""
    client = Client(enforce_csrf_checks=True)
    token = client.get("/session/").json()["csrf"]
    for charset in ("latin-1", "utf-7", "utf-16", "hex", "no-such-charset"):
        for headers in ({}, {"HTTP_X_CSRFTOKEN": token}):
            answer = as_charset(client, charset, b"login=a", **headers)
            assert (charset, answer.status_code) == (charset, 400)
            assert "This request made no sense" in answer.content.decode()
            assert answer["Cache-Control"] == "no-store"
            assert answer["Content-Security-Policy"]


def test_utf_8_is_what_it_is_by_any_name(client: Client) -> None:
    user = person(Role.OFFICER, PartnershipFactory(), password=PASSWORD)
    body = urlencode({"login": user.email, "password": PASSWORD}).encode()
    for charset in ("utf-8", "UTF-8", "utf8", '"utf-8"'):
        client.logout()
        assert (charset, as_charset(client, charset, body).status_code) == (charset, 302)


CREDENTIALS = [
    "[" * 20_000,
    '{"a":' * 20_000,
    "{}",
    "[]",
    "1",
    '"x"',
    "null",
    "NaN",
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    '{"id": 1, "response": {"clientDataJSON": "!!", "authenticatorData": 1}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30"}}',
]


@pytest.mark.parametrize("form", [AddPasskeyForm, ShowPasskeyForm, ConfirmPasskeyForm])
def test_a_passkey_that_answers_nonsense_is_told_so(form: Any) -> None:
    user: User = person(Role.OFFICER, PartnershipFactory())
    for credential in CREDENTIALS:
        sent = form(user=user, data={"name": "Blue", "credential": credential})
        assert (credential[:40], sent.is_valid()) == (credential[:40], False)
        # The page shows the form again, with what was sent in its hidden field.
        assert "credential" in str(sent["credential"])


def test_a_charset_that_is_no_text_at_all_makes_no_sense_either() -> None:
    """Asked of the application itself, since the tests' own client reads a request beforehand."""
    heard: list[str] = []
    for charset in ("hex", "base64", "rot13", "zlib", "\xff"):
        environ = RequestFactory().get("/accounts/login/?a=b").environ
        environ["CONTENT_TYPE"] = f"text/plain; charset={charset}"
        answered: Any = lambda status, _headers: heard.append(status)  # noqa: E731
        Application()(environ, answered)
    assert heard == ["400 Bad Request"] * 5
