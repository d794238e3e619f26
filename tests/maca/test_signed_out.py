"""Whoever writes while their session runs out does not lose what they wrote."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from agencies.domain.sessions import end_sessions
from agencies.middleware import SESSION_OVER
from agencies.roles import Role
from tests.factories import PartnershipFactory, person

pytestmark = pytest.mark.django_db

ADDRESS = f"/returns/{uuid.UUID(int=1)}/cases/{uuid.UUID(int=2)}/"
SIGN_IN = f"/accounts/login/?next={ADDRESS}"


def test_what_was_written_comes_back(client: Client) -> None:
    typed = {
        "basis": '{"overview":[1,"ab"]}',
        "known": "child",
        "engagement_past": "Seen twice.\nThen <b>closed</b>.",
        "new_challenge": "",
    }

    page = client.post(ADDRESS, typed)

    html = page.content.decode()
    assert page.status_code == 403
    assert page.context["words"] == ["Seen twice.\nThen <b>closed</b>."]
    assert "Then &lt;b&gt;closed&lt;/b&gt;." in html
    assert f'href="{SIGN_IN}"' in html
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", [{}, {"do": "stay", "known": "no"}])
def test_without_words_one_is_asked_to_sign_in(client: Client, typed: dict[str, Any]) -> None:
    page = client.post(ADDRESS, typed)

    assert (page.status_code, page.headers["Location"]) == (302, SIGN_IN)


def test_a_pass_phrase_is_never_shown(client: Client) -> None:
    page = client.post("/accounts/password/change/", {"oldpassword": "the old words of Ada"})

    assert page.status_code == 302


def test_reading_asks_to_sign_in(client: Client) -> None:
    page = client.get(ADDRESS)

    assert (page.status_code, page.headers["Location"]) == (302, SIGN_IN)


BUTTON = "/people/reviews/begin/"
CAME_FROM = {
    "http://testserver/people/reviews/": "/people/reviews/",
    "http://testserver/people/?search=Ada": "/people/",
    f"http://testserver{BUTTON}": "/",
    "http://testserver/nowhere/": "/",
    "http://testserver//elsewhere.example/people/": "/",
    "http://elsewhere.example/people/reviews/": "/",
    "http://[": "/",
    "": "/",
}


@pytest.mark.parametrize("came_from", CAME_FROM)
def test_after_a_button_one_goes_on_where_the_button_was(client: Client, came_from: str) -> None:
    page = client.post(BUTTON, headers={"Referer": came_from})
    assert page.headers["Location"] == f"/accounts/login/?next={CAME_FROM[came_from]}"


def test_after_a_button_with_words_too(client: Client) -> None:
    page = client.post(BUTTON, {"words": "Seen twice."})
    assert 'href="/accounts/login/?next=/"' in page.content.decode()


def test_a_session_that_was_ended_elsewhere_says_so_at_the_door() -> None:
    somebody = person(Role.OFFICER, PartnershipFactory())
    client = Client()
    client.force_login(somebody)
    end_sessions(user=somebody)

    page = client.get("/people/?role=chair", follow=True)

    assert page.redirect_chain == [("/accounts/login/?next=/people/%3Frole%3Dchair", 302)]
    assert SESSION_OVER in page.content.decode()
    assert SESSION_OVER not in client.get("/accounts/login/").content.decode()
    assert SESSION_OVER not in client.get("/people/", follow=True).content.decode()


def test_a_session_that_never_was_is_told_the_same_and_a_new_visitor_nothing() -> None:
    stranger = Client()
    assert SESSION_OVER not in stranger.get("/people/", follow=True).content.decode()

    stranger.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    assert SESSION_OVER in stranger.get("/people/", follow=True).content.decode()

    stranger.cookies[settings.SESSION_COOKIE_NAME] = "no key at all"
    assert SESSION_OVER not in stranger.get("/people/", follow=True).content.decode()


def test_who_signed_out_is_told_nothing_of_the_kind() -> None:
    client = Client()
    client.force_login(person(Role.OFFICER, PartnershipFactory()))
    client.post("/accounts/logout/")
    assert SESSION_OVER not in client.get("/people/", follow=True).content.decode()


def test_whose_last_role_has_ended_is_told_that_alone() -> None:
    somebody = person(Role.OFFICER, PartnershipFactory())
    client = Client()
    client.force_login(somebody)
    somebody.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    page = client.get("/people/", follow=True).content.decode()

    assert "because your last role has ended" in page
    assert SESSION_OVER not in page


def test_another_sites_form_is_refused_before_its_words_are_shown() -> None:
    page = Client(enforce_csrf_checks=True).post(ADDRESS, {"text": "Words of another site"})

    assert page.status_code == 403
    assert b"Words of another site" not in page.content


def test_a_page_from_before_somebody_signed_in_again_gives_its_words_back() -> None:
    typed = {"text": "Words of <b>ours</b>", "password": "the old words of Ada"}

    page = Client(enforce_csrf_checks=True).post(
        ADDRESS, typed, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert page.status_code == 403
    assert b"Words of &lt;b&gt;ours&lt;/b&gt;" in page.content
    assert b"the old words of Ada" not in page.content
