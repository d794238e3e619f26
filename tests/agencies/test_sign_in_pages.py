"""The pages seen before anybody is known, and those seen when something is amiss."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from agencies.roles import Role
from tests.factories import PASSWORD, PartnershipFactory, person

STATIC = Path(settings.BASE_DIR) / "static"


def headings(markup: str) -> list[str]:
    return [re.sub(r"\s+", " ", text) for text in re.findall(r"<h1[^>]*>([^<]*)</h1>", markup)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/accounts/login/", "Sign in"),
        ("/accounts/password/reset/", "Set a new password"),
        ("/accounts/password/reset/done/", "Look in your e-mail"),
        ("/accounts/password/reset/key/1-wrong/", "This link has expired"),
        ("/accounts/password/reset/key/done/", "Your password is changed"),
        ("/accounts/signup/", "Accounts are made by invitation"),
    ],
)
def test_a_page_of_the_entrance(client: Client, address: str, heading: str) -> None:
    markup = client.get(address).content.decode()

    assert headings(markup) == [heading]
    assert " style=" not in markup
    assert 'aria-label="Main"' not in markup


@pytest.mark.django_db
def test_a_wrong_password_keeps_the_address_and_points_at_the_problem(client: Client) -> None:
    markup = client.post(
        "/accounts/login/", {"login": "nobody@fenshire.example", "password": "not the right one"}
    ).content.decode()

    assert "<title>Error: Sign in – MACA</title>" in markup
    assert 'value="nobody@fenshire.example"' in markup
    assert 'href="#id_form_errors"' in markup
    assert 'id="id_form_errors"' in markup
    assert "not the right one" not in markup


@pytest.mark.django_db
def test_signing_in_and_out(client: Client) -> None:
    user = person(Role.OFFICER, PartnershipFactory(), password=PASSWORD)

    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert headings(client.get("/accounts/logout/").content.decode()) == ["Sign out"]
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_the_header_names_the_partnership_and_offers_the_others(client: Client) -> None:
    partnership = PartnershipFactory(name="Fenshire & Mossdale")
    user = person(Role.OFFICER, partnership)
    client.force_login(user)

    alone = client.get("/").content.decode()
    assert '<p class="maca-header__partnership">Fenshire &amp; Mossdale</p>' in alone
    assert 'id="partnership-switch"' not in alone

    other = PartnershipFactory(name="Severnside")
    user.memberships.create(
        partnership=other, role=Role.OFFICER, starts_on=user.memberships.get().starts_on
    )
    both = client.get("/").content.decode()
    assert f'<option value="{other.pk}">Severnside</option>' in both
    assert f'<option value="{partnership.pk}" selected>Fenshire &amp; Mossdale</option>' in both


@pytest.mark.parametrize(
    ("template", "heading"),
    [
        ("400.html", "This request made no sense"),
        ("403.html", "This is not yours to do"),
        ("403_csrf.html", "This page was open for too long"),
        ("404.html", "There is no such page"),
        ("500.html", "Something went wrong"),
    ],
)
def test_an_error_page_says_what_to_do(template: str, heading: str) -> None:
    markup = render_to_string(template, request=RequestFactory().get("/nowhere/"))

    assert headings(markup) == [heading]
    assert " style=" not in markup


def test_the_page_for_our_own_faults_needs_nothing_that_may_have_failed() -> None:
    assert headings(render_to_string("500.html")) == ["Something went wrong"]


def test_vendored_styles_reach_for_nothing_that_belongs_to_others() -> None:
    css = (STATIC / "vendor/govuk-frontend/govuk-frontend.min.css").read_text()

    assert "GDS Transport" not in css
    assert "url(" not in css
    assert "sourceMappingURL" not in css


def test_every_font_named_is_there() -> None:
    named = set(re.findall(r"\.\./fonts/([\w.-]+)", (STATIC / "css/fonts.css").read_text()))

    assert len(named) == 12
    assert named == {path.name for path in (STATIC / "fonts").glob("*.woff2")}
