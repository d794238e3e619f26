"""The page that shows what did not get out, and the decisions taken on it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from agencies.models import Activity, Agency, OutboxMessage, Partnership, User, Worker
from agencies.reading.post import post_room
from agencies.roles import Role
from tests.factories import AgencyFactory, MessageFactory, PartnershipFactory, person
from tests.support.jobs import stumble

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def page(client: Client) -> str:
    response = client.get("/mail/")
    assert response.status_code == 200
    return response.content.decode()


def state(message: OutboxMessage) -> str:
    message.refresh_from_db()
    return message.state


class TestTheTitle:
    def title(self, officer: User, partnership: Partnership) -> str:
        return post_room(officer, partnership, None).title

    def test_says_how_things_are(self, officer: User, partnership: Partnership) -> None:
        assert self.title(officer, partnership) == "All mail has gone out"
        MessageFactory(partnership=partnership, due_at=timezone.now() - timedelta(minutes=11))
        Worker.objects.create(name="alive")
        assert self.title(officer, partnership) == "All mail is on its way"
        Worker.objects.all().delete()
        assert self.title(officer, partnership) == "Mail is held up"
        MessageFactory(partnership=partnership, state="failed")
        assert self.title(officer, partnership) == "One message needs a decision"
        MessageFactory(partnership=partnership, state="doubtful")
        assert self.title(officer, partnership) == "Two messages need a decision"


def test_shows_to_whom_about_what_and_when_and_never_the_words(
    signed_in: Client, partnership: Partnership
) -> None:
    for each in ("waiting", "doubtful", "failed", "left"):
        MessageFactory(
            partnership=partnership,
            state=each,
            to=f"{each}@fenshire.example",
            subject="Secret subject",
            body="Secret words and /key/link",
            fault="the mail server asked for another try later (451)",
            settled_at=timezone.now(),
        )
    MessageFactory(partnership=partnership, state="sent", to="sent@fenshire.example")
    shown = page(signed_in)
    for each in ("waiting", "doubtful", "failed", "left"):
        assert f"{each}@fenshire.example" in shown
    assert "sent@fenshire.example" not in shown
    assert "Return reminder" in shown
    assert "The mail server asked for another try later (451)." in shown
    assert "ecret" not in shown


def test_with_nothing_to_do_it_says_so(signed_in: Client) -> None:
    shown = page(signed_in)
    assert "Nothing needs you here" in shown
    assert "Send again" not in shown


def test_another_partnerships_mail_is_neither_shown_nor_touched(signed_in: Client) -> None:
    message = MessageFactory(partnership=PartnershipFactory(), state="failed")
    assert message.to not in page(signed_in)
    for act in ("send", "leave"):
        assert signed_in.post(f"/mail/{message.pk}/{act}/").status_code == 404
    signed_in.post("/mail/send/")
    assert state(message) == "failed"


def test_one_is_sent_again(signed_in: Client, partnership: Partnership, officer: User) -> None:
    message = MessageFactory(partnership=partnership, state="doubtful")
    response = signed_in.post(f"/mail/{message.pk}/send/", follow=True)
    assert state(message) == "waiting"
    assert f"The message to {message.to} waits to be sent again." in response.content.decode()
    assert [(each.verb, each.by) for each in Activity.objects.all()] == [
        ("had a mail sent again", officer)
    ]


def test_one_is_left_and_sent_after_all(signed_in: Client, partnership: Partnership) -> None:
    message = MessageFactory(partnership=partnership, state="failed")
    response = signed_in.post(f"/mail/{message.pk}/leave/", follow=True)
    assert state(message) == "left"
    assert "Send it after all" in response.content.decode()
    signed_in.post(f"/mail/{message.pk}/send/")
    assert state(message) == "waiting"


def test_one_that_went_out_meanwhile_is_refused_in_words(
    signed_in: Client, partnership: Partnership
) -> None:
    message = MessageFactory(partnership=partnership, state="sent", body="")
    for act, words in (("send", "cannot be sent again"), ("leave", "has decided about this")):
        response = signed_in.post(f"/mail/{message.pk}/{act}/", follow=True)
        assert words in response.content.decode()
    assert state(message) == "sent"


def test_all_that_were_not_sent_are_sent_again_at_once(
    signed_in: Client, partnership: Partnership
) -> None:
    failed = MessageFactory.create_batch(3, partnership=partnership, state="failed")
    assert "Send again all 3 that were not sent" in page(signed_in)
    response = signed_in.post("/mail/send/", follow=True)
    assert "3 messages wait to be sent again." in response.content.decode()
    assert [state(each) for each in failed] == ["waiting"] * 3


def test_the_administrator_is_told_at_home(client: Client, partnership: Partnership) -> None:
    client.force_login(person(Role.ADMIN, partnership))
    assert "/mail/" in client.get("/").content.decode()
    MessageFactory(partnership=partnership, state="doubtful")
    MessageFactory(partnership=partnership, due_at=timezone.now() - timedelta(minutes=11))
    shown = client.get("/").content.decode()
    assert "Decide about 1 message" in shown
    assert "Mail is held up" in shown
    assert "No worker has been seen at all." in shown


def test_work_that_failed_for_good_is_named(signed_in: Client) -> None:
    stumble.enqueue("a row")
    DBTaskResult.objects.update(
        status="FAILED", finished_at=timezone.now(), exception_class_path="builtins.ValueError"
    )
    assert "Stumble, " in page(signed_in)


@pytest.mark.parametrize("role", [Role.LEAD, Role.AUDITOR])
def test_an_agencys_people_do_not_see_it(
    client: Client, role: Role, partnership: Partnership
) -> None:
    agency: Agency = AgencyFactory(partnership=partnership)
    client.force_login(person(role, agency))
    assert client.get("/mail/").status_code == 403
