"""The mailed link: what it opens, how often, until when, and what it says when it does not."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.domain import invitations
from agencies.domain.refusal import RefusedError
from agencies.models import AccountState, Activity, Invitation, Partnership, User
from agencies.roles import Role
from tests.factories import MembershipFactory, PartnershipFactory, UserFactory, person

pytestmark = pytest.mark.django_db

CHOSEN = "three quiet herons wade"


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory(name="Fenshire Safeguarding Children Partnership")


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership, name="Olive Marsh")


@pytest.fixture
def invited(partnership: Partnership) -> User:
    user: User = UserFactory(name="Nora Fenn", email="nora@fenshire.example", is_active=False)
    MembershipFactory(user=user, partnership=partnership, role=Role.MEMBER)
    return user


@pytest.fixture
def invitation(partnership: Partnership, officer: User, invited: User) -> Invitation:
    return invitations.send_invitation(user=invited, partnership=partnership, by=officer)


def address(invitation: Invitation) -> str:
    return reverse("invitation-accept", args=[invitations.token_for(invitation)])


def choose(client: Client, invitation: Invitation, password: str = CHOSEN, **more: str) -> Any:
    data = {"password": password, "repeated": password, **more}
    return client.post(address(invitation), data)


def test_the_mail_says_who_asks_until_when_and_gives_the_link_alone(
    partnership: Partnership,
    officer: User,
    invited: User,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: Callable[..., Any],
    settings: Any,
) -> None:
    settings.BASE_URL = "https://maca.fenshire.example"
    with (
        time_machine.travel("2026-06-01 10:00", tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        invitation = invitations.send_invitation(user=invited, partnership=partnership, by=officer)
    (mail,) = mailoutbox
    assert mail.to == ["nora@fenshire.example"]
    assert mail.subject == "Your invitation to Fenshire Safeguarding Children Partnership"
    assert "Olive Marsh has invited you" in mail.body
    assert "It works once, until 15 June 2026." in mail.body
    assert re.findall(r"https?://\S+", str(mail.body)) == [
        f"https://maca.fenshire.example{address(invitation)}"
    ]


def test_mail_waits_for_the_transaction(
    partnership: Partnership, officer: User, invited: User, mailoutbox: list[EmailMessage]
) -> None:
    invitations.send_invitation(user=invited, partnership=partnership, by=officer)
    assert mailoutbox == []


def test_the_token_holds_a_random_id_and_a_signature(invitation: Invitation) -> None:
    token = invitations.token_for(invitation)
    key, signature = token.split(".")
    assert key == invitation.pk.hex
    assert invitations.invitation_of(token) == invitation
    assert invitations.invitation_of(f"{key}.{signature[:-1]}") is None
    assert invitations.invitation_of(invitation.pk.hex) is None


def test_choosing_a_password_signs_in(
    client: Client, partnership: Partnership, invited: User, invitation: Invitation
) -> None:
    page = client.get(address(invitation))
    assert page.status_code == 200
    assert b"Welcome, Nora Fenn" in page.content
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    answer = choose(client, invitation)
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(invited.pk)
    invited.refresh_from_db()
    assert invited.account_state == AccountState.ACTIVE
    assert invited.check_password(CHOSEN)
    newest = Activity.objects.all()[0]
    assert (newest.verb, newest.by, newest.partnership) == (
        "accepted an invitation",
        invited,
        partnership,
    )


@pytest.mark.parametrize(
    ("password", "repeated", "fault"),
    [
        ("too short", "too short", "This password has 9 characters. Choose one of at least 15."),
        ("nora@fenshire.example", "nora@fenshire.example", "too similar"),
        (CHOSEN, "three quiet herons walk", "The two passwords differ. Type the same one twice."),
        (CHOSEN, "", "repeated"),
    ],
)
def test_a_weak_or_mistyped_password_is_not_taken(
    client: Client, invited: User, invitation: Invitation, password: str, repeated: str, fault: str
) -> None:
    page = choose(client, invitation, password=password, repeated=repeated)
    assert page.status_code == 200
    assert fault in page.content.decode()
    invited.refresh_from_db()
    assert not invited.is_active


def test_a_link_works_once(client: Client, invitation: Invitation) -> None:
    choose(client, invitation)
    page = Client().get(address(invitation))
    assert page.status_code == 410
    assert b"This invitation has been used" in page.content
    assert choose(Client(), invitation, password="another pass phrase").status_code == 410


def test_two_who_answer_at_once_do_not_both_come_in(invitation: Invitation) -> None:
    invitations.accept_invitation(invitation=invitation, password=CHOSEN)
    with pytest.raises(RefusedError, match="can no longer be used"):
        invitations.accept_invitation(invitation=invitation, password="another pass phrase")


def test_a_link_runs_out_after_a_fortnight(client: Client, invitation: Invitation) -> None:
    with time_machine.travel(invitation.sent_at + timedelta(days=14, seconds=1)):
        page = client.get(address(invitation))
        assert page.status_code == 410
        assert b"Ask Olive Marsh" in page.content
        assert choose(client, invitation).status_code == 410
    with time_machine.travel(invitation.sent_at + timedelta(days=13, hours=23)):
        assert client.get(address(invitation)).status_code == 200


def test_a_newer_invitation_replaces_the_older(
    client: Client, partnership: Partnership, officer: User, invited: User, invitation: Invitation
) -> None:
    newer = invitations.send_invitation(user=invited, partnership=partnership, by=officer)
    page = client.get(address(invitation))
    assert page.status_code == 410
    assert b"use the link in the latest e-mail" in page.content
    assert client.get(address(newer)).status_code == 200


def test_a_withdrawn_invitation_lets_nobody_in(
    client: Client, partnership: Partnership, officer: User, invited: User, invitation: Invitation
) -> None:
    invitations.withdraw_invitation(user=invited, partnership=partnership, by=officer)
    assert choose(client, invitation).status_code == 410
    invited.refresh_from_db()
    assert invited.account_state == AccountState.WITHDRAWN
    assert Activity.objects.all()[0].verb == "withdrew an invitation"


def test_withdrawing_nothing_records_nothing(
    partnership: Partnership, officer: User, invited: User
) -> None:
    invitations.withdraw_invitation(user=invited, partnership=partnership, by=officer)
    assert not Activity.objects.exists()


def test_after_a_restore_whatever_is_open_is_withdrawn(
    client: Client, invited: User, invitation: Invitation
) -> None:
    old = Invitation.objects.create(user=invited, sent_at=timezone.now() - timedelta(days=15))
    assert [invitations.withdraw_all(by=None) for _ in "ab"] == [1, 0]
    assert choose(client, invitation).status_code == 410
    old.refresh_from_db()
    assert old.withdrawn_at is None
    entries = Activity.objects.filter(verb="withdrew an invitation after a restore")
    assert [(each.subject_id, each.by) for each in entries] == [(str(invited.pk), None)]


def test_a_link_never_sent_is_not_found(client: Client) -> None:
    page = client.get(reverse("invitation-accept", args=["no-such-token"]))
    assert page.status_code == 404
    assert b"Copy the whole of it from the e-mail" in page.content


def test_a_forgotten_password_is_no_way_round_an_invitation(
    client: Client, invited: User, mailoutbox: list[EmailMessage]
) -> None:
    client.post(reverse("account_reset_password"), {"email": invited.email})
    assert mailoutbox == []


@pytest.mark.parametrize("active", [True, False])
def test_whoever_has_an_account_is_not_invited_again(
    partnership: Partnership, officer: User, active: bool
) -> None:
    user = UserFactory(password=CHOSEN, is_active=active)
    with pytest.raises(RefusedError, match="has an account already"):
        invitations.send_invitation(user=user, partnership=partnership, by=officer)


def test_states_of_an_account() -> None:
    user: User = UserFactory(is_active=False)
    states = [user.account_state]
    sent = Invitation.objects.create(user=user, sent_at=timezone.now() - timedelta(days=15))
    states.append(user.account_state)
    assert list(Invitation.objects.expired()) == [sent]
    assert not Invitation.objects.open().exists()
    Invitation.objects.create(user=user)
    states.append(user.account_state)
    assert states == [AccountState.NOT_INVITED, AccountState.EXPIRED, AccountState.INVITED]
