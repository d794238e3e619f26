"""Asked again before what matters: words survive, and the answer has to be right."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Activity, Membership, User
from agencies.roles import Role
from tests.factories import PASSWORD, PartnershipFactory, person
from tests.support.authenticators import shown, with_app, with_codes

pytestmark = pytest.mark.django_db

MINUTES = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def as_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONFIRM_AFTER", MINUTES.total_seconds())


@pytest.fixture
def officer() -> User:
    return person(Role.OFFICER, PartnershipFactory(), password=PASSWORD)


@pytest.fixture
def later(officer: User) -> Any:
    """The officer's browser, a while after signing in; time stands still."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        client.force_login(officer)
        clock.shift(MINUTES + timedelta(seconds=1))
        yield client


def asked(page: str) -> bool:
    return "Confirm that it is you" in page


SENT = {"name": "Nell Newer", "email": "nell@fenshire.example", "role": "member"}
ADDRESS = "/people/add/"


def typed() -> dict[str, str]:
    return SENT | {"starts_on": timezone.localdate().isoformat()}


def waiting(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))


def test_soon_after_signing_in_nobody_is_asked(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    assert client.post(ADDRESS, typed()).status_code == 302


def test_looking_is_free_and_sending_is_not(later: Client) -> None:
    assert not asked(later.get(ADDRESS).content.decode())
    assert asked(later.post(ADDRESS, typed()).content.decode())
    assert not User.objects.filter(email=SENT["email"]).exists()


def test_what_was_typed_waits_in_the_page_and_nowhere_else(later: Client) -> None:
    page = later.post(ADDRESS, typed()).content.decode()
    kept = waiting(page)
    assert {name: kept[name] for name in SENT} == SENT
    assert kept["confirm-step"] == "send"
    assert "Newer" not in str(dict(later.session.items()))


def test_the_right_password_lets_it_go_on(later: Client) -> None:
    kept = waiting(later.post(ADDRESS, typed()).content.decode())
    answer = later.post(ADDRESS, kept | {"confirm-password": PASSWORD})
    invited = User.objects.get(email=SENT["email"])
    assert answer["Location"] == f"/people/{invited.pk}/"
    assert Membership.objects.filter(user=invited, role=Role.MEMBER).count() == 1
    assert not asked(later.post(ADDRESS, {}).content.decode())


def test_a_wrong_one_asks_again_and_loses_nothing(later: Client) -> None:
    kept = waiting(later.post(ADDRESS, typed()).content.decode())
    page = later.post(ADDRESS, kept | {"confirm-password": "not the one"}).content.decode()
    assert "This is not your password. Try again." in page
    assert waiting(page)["name"] == SENT["name"]
    assert "not the one" not in page
    page = later.post(ADDRESS, kept).content.decode()
    assert "Type your password." in page
    assert not User.objects.filter(email=SENT["email"]).exists()


def test_wrong_answers_are_on_record(later: Client, officer: User) -> None:
    with_app(officer)
    sent = typed() | {"confirm-step": "send"}
    later.post(ADDRESS, sent)
    assert not Activity.objects.exists()
    later.post(ADDRESS, sent | {"confirm-password": "not the one"})
    later.post(ADDRESS, sent | {"confirm-code": "12345"})
    rows = Activity.objects.values_list("verb", "by", "kind")
    assert list(rows) == [("did not confirm who they are", officer.pk, "sign_in")] * 2


def test_a_recovery_code_says_how_many_are_left(later: Client, officer: User) -> None:
    code = with_codes(with_app(officer))[0]
    answer = later.post(ADDRESS, typed() | {"confirm-step": "send", "confirm-code": code})
    told = later.get(answer["Location"]).content
    assert b"You have 9 recovery codes left." in told
    link = f'<a href="{reverse("mfa_index")}">Second step at signing in</a>.'
    assert link.encode() in told


def test_a_code_does_as_well(later: Client, officer: User) -> None:
    with_app(officer)
    kept = waiting(later.post(ADDRESS, typed()).content.decode())
    wrong = later.post(ADDRESS, kept | {"confirm-code": "12345"}).content.decode()
    assert "This is not the present code" in wrong
    assert later.post(ADDRESS, kept | {"confirm-code": shown()}).status_code == 302


@pytest.fixture
def without_password(officer: User, later: Client) -> Client:
    """The same browser, of somebody whom a directory lets in."""
    with_app(officer)
    officer.set_unusable_password()
    officer.save()
    session = later.session
    session["_auth_user_hash"] = officer.get_session_auth_hash()
    session.save()
    return later


NEW = "purple walrus ledger 91 tango"
SET = "/accounts/password/set/"


def test_nobody_gives_a_session_left_open_a_password(
    without_password: Client, officer: User
) -> None:
    assert asked(without_password.get(SET).content.decode())
    page = without_password.post(SET, {"password1": NEW, "password2": NEW}).content.decode()
    assert asked(page)
    assert NEW not in page
    officer.refresh_from_db()
    assert not officer.has_usable_password()


def test_who_confirmed_sets_one_and_it_is_on_record(
    without_password: Client, officer: User
) -> None:
    answer = without_password.post(SET, {"confirm-step": "open", "confirm-code": shown()})
    assert answer["Location"] == SET
    without_password.post(SET, {"password1": NEW, "password2": NEW})
    officer.refresh_from_db()
    assert officer.check_password(NEW)
    assert "set a password" in Activity.objects.values_list("verb", flat=True)


def test_guessing_is_slowed_down(later: Client) -> None:
    sent = typed() | {"confirm-step": "send"}
    for _ in range(10):
        later.post(ADDRESS, sent | {"confirm-password": "a guess at it"})
    page = later.post(ADDRESS, sent | {"confirm-password": PASSWORD}).content.decode()
    assert "Too many tries" in page


def test_markup_that_was_typed_stays_text(later: Client) -> None:
    page = later.post(ADDRESS, {"name": '"><script>alert(1)</script>'}).content.decode()
    assert asked(page)
    assert "<script>alert" not in page


def test_whoever_may_not_is_refused_after_all(officer: User) -> None:
    member = person(Role.MEMBER, officer.memberships.get().partnership, password=PASSWORD)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        client.force_login(member)
        clock.shift(MINUTES + timedelta(seconds=1))
        sent = {"confirm-step": "send", "confirm-password": PASSWORD}
        assert client.post(ADDRESS, sent).status_code == 403
