"""Whose role ends, or whose account is shut, is out with the next request: everywhere."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.domain import dormancy, people
from agencies.domain.invitations import token_for
from agencies.models import (
    AccountState,
    Invitation,
    OutboxMessage,
    Partnership,
    SignedIn,
    User,
)
from agencies.roles import Role
from tests.factories import MembershipFactory, PartnershipFactory, person

pytestmark = pytest.mark.django_db

PASSWORD = "seven grey herons wade"
DAY = timedelta(days=1)
SIGN_IN = "/accounts/login/"

Leaving = Callable[["Ground"], None]


class Ground:
    def __init__(self) -> None:
        self.partnership: Partnership = PartnershipFactory()
        self.officer = person(Role.OFFICER, self.partnership, name="Olive")
        self.leaver = person(
            Role.MEMBER,
            self.partnership,
            name="Lou",
            email="lou@fenshire.example",
            password=PASSWORD,
        )


@pytest.fixture
def ground() -> Ground:
    return Ground()


def role_ends(ground: Ground) -> None:
    people.end_membership(membership=ground.leaver.memberships.get(), by=ground.officer)


def role_runs_out(ground: Ground) -> None:
    ground.leaver.memberships.update(
        starts_on=timezone.localdate() - 9 * DAY, ends_on=timezone.localdate() - DAY
    )


def is_deactivated(ground: Ground) -> None:
    people.deactivate(
        user=ground.leaver, partnership=ground.partnership, by=ground.officer, reason="Left"
    )


def falls_dormant(ground: Ground) -> None:
    long_ago = timezone.now() - 91 * DAY
    User.objects.filter(pk=ground.leaver.pk).update(vouched_at=long_ago, last_login=long_ago)
    dormancy.lock_dormant(now=timezone.now())


every_way = pytest.mark.parametrize(
    "leaves", [role_ends, role_runs_out, is_deactivated, falls_dormant]
)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def try_password(client: Client, password: str = PASSWORD) -> Any:
    return client.post(SIGN_IN, {"login": "lou@fenshire.example", "password": password})


@every_way
def test_the_next_request_finds_the_door(ground: Ground, leaves: Leaving) -> None:
    browsers = [signed_in(ground.leaver), signed_in(ground.leaver)]
    assert [each.get("/").status_code for each in browsers] == [200, 200]
    leaves(ground)
    for each in browsers:
        assert each.get("/")["Location"] == f"{SIGN_IN}?next=/"
    assert not SignedIn.objects.visible_to(ground.leaver).exists()


@pytest.mark.parametrize("leaves", [role_ends, role_runs_out])
def test_the_door_says_why(ground: Ground, leaves: Leaving) -> None:
    browser = signed_in(ground.leaver)
    leaves(ground)
    assert b"because your last role has ended" in browser.get("/", follow=True).content
    assert b"because your last role has ended" not in Client().get("/", follow=True).content


@every_way
def test_a_page_that_saves_by_itself_is_told_so(ground: Ground, leaves: Leaving) -> None:
    browser = signed_in(ground.leaver)
    leaves(ground)
    answer = browser.post(reverse("session-stay"), headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"signed_out": True})
    assert browser.get(reverse("session-check")).json()["who"] is None


@every_way
def test_the_right_password_leads_to_the_reason_and_no_further(
    ground: Ground, leaves: Leaving
) -> None:
    leaves(ground)
    browser = Client()
    answer = try_password(browser)
    assert answer.status_code == 403
    assert "_auth_user_id" not in browser.session
    said: dict[Leaving, str] = {
        role_ends: "You hold no role today",
        role_runs_out: "You hold no role today",
        is_deactivated: "This account is closed",
        falls_dormant: "This account is locked",
    }
    assert said[leaves] in answer.content.decode()


@every_way
def test_a_wrong_password_gives_nothing_away(ground: Ground, leaves: Leaving) -> None:
    leaves(ground)
    answer = try_password(Client(), "some other words of Lou")
    assert "No account has this e-mail address with this password" in answer.content.decode()


@every_way
def test_a_link_for_a_new_password_is_over(
    ground: Ground, leaves: Leaving, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_a_new_password()
    address = link_that_was_sent()
    leaves(ground)
    page = Client().get(address, follow=True)
    assert "This link has expired" in page.content.decode()


@every_way
def test_nobody_who_left_is_sent_such_a_link(ground: Ground, leaves: Leaving) -> None:
    leaves(ground)
    ask_for_a_new_password()
    assert not OutboxMessage.objects.filter(template__startswith="password_reset").exists()


def test_a_link_stays_over_when_the_account_is_opened_again(
    ground: Ground, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_a_new_password()
    address = link_that_was_sent()
    is_deactivated(ground)
    people.reactivate(
        user=ground.leaver, partnership=ground.partnership, by=ground.officer, reason="Back"
    )
    assert "This link has expired" in Client().get(address, follow=True).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_a_new_password()
    page = Client().get(link_that_was_sent(), follow=True).content.decode()
    assert "Choose a new password" in page


def ask_for_a_new_password() -> None:
    form = {"email": "lou@fenshire.example"}
    assert Client().post("/accounts/password/reset/", form).status_code == 302


def link_that_was_sent() -> str:
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox.pop().body))
    assert found
    return found[1]


def test_an_invitation_is_over_with_the_last_role_it_was_for(ground: Ground) -> None:
    newcomer = person(Role.BOARD, ground.partnership, is_active=False)
    invitation = Invitation.objects.create(user=newcomer, invited_by=ground.officer)
    address = reverse("invitation-accept", args=[token_for(invitation)])
    assert Client().get(address).status_code == 200
    newcomer.memberships.update(
        starts_on=timezone.localdate() - 9 * DAY, ends_on=timezone.localdate() - DAY
    )
    page = Client().get(address)
    assert (page.status_code, b"This link no longer works" in page.content) == (410, True)
    chosen = {"password": PASSWORD, "repeated": PASSWORD}
    assert Client().post(address, chosen).status_code == 410
    newcomer.refresh_from_db()
    assert not newcomer.is_active


def test_whose_role_begins_later_chooses_a_password_and_is_told_when(ground: Ground) -> None:
    newcomer = person(Role.BOARD, ground.partnership, is_active=False)
    newcomer.memberships.update(starts_on=timezone.localdate() + 3 * DAY)
    invitation = Invitation.objects.create(user=newcomer, invited_by=ground.officer)
    browser = Client()
    page = browser.post(
        reverse("invitation-accept", args=[token_for(invitation)]),
        {"password": PASSWORD, "repeated": PASSWORD},
    )
    assert "You are a little early" in page.content.decode()
    assert "_auth_user_id" not in browser.session
    newcomer.refresh_from_db()
    assert newcomer.account_state == AccountState.ACTIVE


def test_whoever_keeps_another_role_stays(ground: Ground) -> None:
    browser = signed_in(ground.leaver)
    MembershipFactory(user=ground.leaver, partnership=ground.partnership, role=Role.BOARD)
    people.end_membership(
        membership=ground.leaver.memberships.get(role=Role.MEMBER), by=ground.officer
    )
    assert browser.get("/").status_code == 200


def test_a_leaver_who_was_writing_gets_their_words_back(ground: Ground) -> None:
    browser = signed_in(ground.leaver)
    role_ends(ground)
    page = browser.post("/", {"reason": "Several words about a theme"})
    assert (page.status_code, b"Several words about a theme" in page.content) == (403, True)
