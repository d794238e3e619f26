"""A mail is written once, taken by one worker, offered at most once, and never lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from agencies.domain import outbox, workers
from agencies.domain.outbox import PATIENCE, Outcome
from agencies.domain.refusal import RefusedError
from agencies.mail import Outlet, OutletClosedError
from agencies.models import Activity, MessageState, OutboxMessage, Partnership, User
from agencies.roles import Role
from tests.factories import MembershipFactory, MessageFactory, PartnershipFactory, person
from tests.support.mailserver import MailServer, Mood, listening

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with listening() as server:
        settings.MAILERS = {"default": server.mailer}
        yield server


def post_all(worker: str = "worker") -> int:
    number = 0
    with Outlet() as outlet:
        while outlet.post(worker):
            number += 1
    return number


def state(message: OutboxMessage) -> str:
    message.refresh_from_db()
    return message.state


def words_of(message: OutboxMessage) -> tuple[str, str, bytes]:
    return message.subject, message.body, bytes(message.calendar)


def write(**fields: Any) -> None:
    outbox.write_message(
        to="ada@fenshire.example", template="invitation", subject="Come", body="Now", **fields
    )


class TestWriting:
    def test_an_occasion_is_written_once(self) -> None:
        write(key="invitation:7")
        write(key="invitation:7")
        write()
        write()
        assert OutboxMessage.objects.filter(key="invitation:7").count() == 1
        assert OutboxMessage.objects.count() == 3

    def test_the_second_of_an_occasion_spoils_no_transaction(
        self, partnership: Partnership
    ) -> None:
        write(key="invitation:7")
        with transaction.atomic():
            write(key="invitation:7")
            partnership.name = "Still written"
            partnership.save()
        partnership.refresh_from_db()
        assert partnership.name == "Still written"

    def test_a_write_that_fails_leaves_no_mail(self) -> None:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
        assert not OutboxMessage.objects.exists()

    def test_a_subject_that_is_too_long_is_cut_and_not_refused(self) -> None:
        outbox.write_message(
            to="a@fenshire.example", template="invitation", subject="x" * 900, body="Now"
        )
        assert len(OutboxMessage.objects.get().subject) == 400


class TestSending:
    def test_a_message_arrives_with_its_calendar_and_its_words_are_gone(
        self, server: MailServer
    ) -> None:
        calendar = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
        message = MessageFactory(calendar=calendar, body="Fens & <Marshes>\n")
        assert post_all() == 1
        (mail,) = server.accepted
        assert (mail["To"], mail["Subject"]) == (message.to, "A return is due")
        assert mail["Message-ID"] == f"<{message.pk}@fenshire.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        _, text, dates = mail.walk()
        assert text.get_payload(decode=True).strip() == b"Fens & <Marshes>"  # type: ignore[union-attr]
        assert dates.get_content_type() == "text/calendar"
        assert dates.get_filename() == "dates.ics"
        assert state(message) == MessageState.SENT
        assert words_of(message) == ("", "", b"")

    def test_those_due_longest_go_first_and_those_not_due_stay(self, server: MailServer) -> None:
        now = timezone.now()
        for minutes in (-1, -3, -2, +1):
            MessageFactory(subject=str(minutes), due_at=now + timedelta(minutes=minutes))
        assert post_all() == 3
        assert [mail["Subject"] for mail in server.accepted] == ["-3", "-2", "-1"]

    def test_a_message_that_is_taken_is_not_offered_to_another_worker(self) -> None:
        first, second = MessageFactory(), MessageFactory()
        taken = {outbox.claim(worker=name) for name in ("one", "two", "three")}
        assert taken == {first, second, None}

    def test_a_server_that_is_down_takes_nothing_and_loses_nothing(self, settings: Any) -> None:
        options = {"host": "127.0.0.1", "port": 1}
        settings.MAILERS = {
            "default": {"BACKEND": "agencies.smtp.EmailBackend", "OPTIONS": options}
        }
        message = MessageFactory()
        with pytest.raises(OutletClosedError, match="nobody answers at the mail server’s address"):
            post_all()
        assert state(message) == MessageState.WAITING
        assert (message.attempts, message.claimed_by) == (0, "")

    def test_not_now_is_tried_again_later_and_later_and_at_last_given_up(
        self, server: MailServer
    ) -> None:
        server.mood = lambda _: Mood.BUSY
        message = MessageFactory()
        for patience in PATIENCE:
            before = timezone.now()
            assert post_all() == 1
            assert state(message) == MessageState.WAITING
            assert before + patience <= message.due_at <= timezone.now() + patience
            assert message.fault == "the mail server asked for another try later (451)"
            OutboxMessage.objects.update(due_at=timezone.now())
        assert post_all() == 1
        assert state(message) == MessageState.FAILED
        assert message.body
        assert server.accepted == []

    def test_after_a_not_now_it_arrives_once(self, server: MailServer) -> None:
        server.mood = lambda _: Mood.BUSY
        message = MessageFactory()
        post_all()
        server.mood = lambda _: Mood.KIND
        assert post_all() == 0
        OutboxMessage.objects.update(due_at=timezone.now())
        assert post_all() == 1
        assert state(message) == MessageState.SENT
        assert len(server.accepted) == 1

    def test_never_is_not_tried_again(self, server: MailServer) -> None:
        server.mood = lambda _: Mood.STERN
        message = MessageFactory()
        assert (post_all(), post_all()) == (1, 0)
        assert state(message) == MessageState.FAILED
        assert message.fault == "the mail server refused the address or the message (550)"

    def test_an_address_that_no_server_would_take_is_refused(self, server: MailServer) -> None:
        message = MessageFactory(to="tüpfel@fenshire.example")
        assert post_all() == 1
        assert state(message) == MessageState.FAILED
        assert message.fault == "the address is not one to which mail can be sent"

    def test_one_that_may_have_arrived_is_never_sent_again_by_itself(
        self, server: MailServer
    ) -> None:
        server.mood = lambda _: Mood.RUDE
        message = MessageFactory()
        assert (post_all(), post_all()) == (1, 0)
        assert state(message) == MessageState.DOUBTFUL
        assert message.fault == "the connection to the mail server broke"
        assert len(server.accepted) == 1

    def test_a_server_that_hangs_up_before_the_words_has_not_got_it(
        self, server: MailServer
    ) -> None:
        server.mood = lambda _: Mood.DEAF
        message = MessageFactory()
        with Outlet() as outlet:
            assert outlet.post("worker")
        assert state(message) == MessageState.WAITING
        assert message.attempts == 0
        assert post_all() == 0, "A server that hangs up on everybody is left alone for a minute."
        OutboxMessage.objects.update(due_at=timezone.now())
        server.mood = lambda _: Mood.KIND
        assert post_all() == 1
        assert state(message) == MessageState.SENT
        assert len(server.accepted) == 1

    def test_one_rude_answer_does_not_hold_up_the_next_message(self, server: MailServer) -> None:
        server.mood = lambda to: Mood.RUDE if to.startswith("rude") else Mood.KIND
        rude = MessageFactory(to="rude@fenshire.example")
        kind = MessageFactory()
        assert post_all() == 2
        assert (state(rude), state(kind)) == (MessageState.DOUBTFUL, MessageState.SENT)


class TestFiles:
    """As in development, where nothing leaves the computer."""

    def test_each_message_is_a_file_of_its_own_and_there_is_no_other(
        self, settings: Any, tmp_path: Path
    ) -> None:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"file_path": tmp_path}}}
        MessageFactory.create_batch(2)
        assert (post_all(), post_all()) == (2, 0)
        words = "".join(path.read_text() for path in tmp_path.iterdir())
        assert words.count("Subject: A return is due") == 2
        assert all(path.stat().st_size for path in tmp_path.iterdir())


class TestLeftByTheDead:
    def test_a_message_whose_worker_is_gone_is_in_doubt(self) -> None:
        workers.sign_in("alive", embedded=False)
        kept, left = MessageFactory(), MessageFactory()
        outbox.claim(worker="alive", only=kept)
        outbox.claim(worker="gone", only=left)
        assert outbox.doubt_those_of_the_dead(workers.living()) == 1
        assert (state(kept), state(left)) == (MessageState.SENDING, MessageState.DOUBTFUL)
        assert left.fault == "the worker stopped while it was being sent"

    def test_a_worker_given_up_too_early_may_still_say_that_it_was_sent(self) -> None:
        message = outbox.claim(worker="slow", only=MessageFactory())
        assert message is not None
        outbox.doubt_those_of_the_dead(workers.living())
        outbox.settle(message, Outcome.ACCEPTED)
        assert state(message) == MessageState.SENT

    def test_but_not_once_somebody_else_has_it(
        self, partnership: Partnership, officer: User
    ) -> None:
        message = outbox.claim(worker="slow", only=MessageFactory())
        assert message is not None
        outbox.doubt_those_of_the_dead(workers.living())
        outbox.send_again(message=message, partnership=partnership, by=officer)
        outbox.claim(worker="quick")
        outbox.settle(message, Outcome.REFUSED, "late news")
        assert state(message) == MessageState.SENDING
        assert message.claimed_by == "quick"


class TestDeciding:
    @pytest.mark.parametrize("undecided", ["doubtful", "failed", "left"])
    def test_sending_again_makes_it_wait_as_if_new(
        self, undecided: str, partnership: Partnership, officer: User, server: MailServer
    ) -> None:
        message = MessageFactory(state=undecided, attempts=4, fault="broke", claimed_by="gone")
        outbox.send_again(message=message, partnership=partnership, by=officer)
        assert post_all() == 1
        assert state(message) == MessageState.SENT
        activity = Activity.objects.get()
        assert (activity.verb, activity.by, activity.subject_id) == (
            "had a mail sent again",
            officer,
            str(message.pk),
        )

    @pytest.mark.parametrize("settled", ["sent", "waiting", "sending"])
    def test_nothing_else_can_be_sent_again(
        self, settled: str, partnership: Partnership, officer: User
    ) -> None:
        message = MessageFactory(state=settled)
        with pytest.raises(RefusedError, match="went out meanwhile"):
            outbox.send_again(message=message, partnership=partnership, by=officer)
        assert state(message) == settled

    def test_leaving_settles_it_and_only_once(
        self, partnership: Partnership, officer: User
    ) -> None:
        message = MessageFactory(state="doubtful")
        outbox.leave(message=message, partnership=partnership, by=officer)
        assert state(message) == MessageState.LEFT
        with pytest.raises(RefusedError, match="decided about this message already"):
            outbox.leave(message=message, partnership=partnership, by=officer)
        assert [each.verb for each in Activity.objects.all()] == ["left a mail unsent"]

    def test_all_that_certainly_did_not_go_out(
        self, partnership: Partnership, officer: User
    ) -> None:
        failed = MessageFactory.create_batch(2, state="failed", partnership=partnership)
        doubtful = MessageFactory(state="doubtful", partnership=partnership)
        elsewhere = MessageFactory(state="failed", partnership=PartnershipFactory())
        among = OutboxMessage.objects.visible_to(officer)
        assert outbox.send_failed(among=among, partnership=partnership, by=officer) == 2
        assert [state(each) for each in (*failed, doubtful, elsewhere)] == [
            "waiting",
            "waiting",
            "doubtful",
            "failed",
        ]
        assert [each.verb for each in Activity.objects.all()] == ["had all refused mail sent again"]


class TestForgetting:
    def test_words_that_nobody_will_send_are_blanked_and_the_rest_kept(self) -> None:
        now = timezone.now()
        old_left = MessageFactory(state="left", settled_at=now - timedelta(hours=25))
        new_left = MessageFactory(state="left", settled_at=now - timedelta(hours=23))
        old_doubt = MessageFactory(state="doubtful", settled_at=now - timedelta(days=31))
        new_doubt = MessageFactory(state="failed", settled_at=now - timedelta(days=29))
        waiting = MessageFactory(written_at=now - timedelta(days=90))
        outbox.blank_old(now=now)
        kept = {
            name: (state(each), bool(each.body))
            for name, each in {
                "old left": old_left,
                "new left": new_left,
                "old doubt": old_doubt,
                "new doubt": new_doubt,
                "waiting": waiting,
            }.items()
        }
        assert kept == {
            "old left": ("left", False),
            "new left": ("left", True),
            "old doubt": ("left", False),
            "new doubt": ("failed", True),
            "waiting": ("waiting", True),
        }


class TestWhoSees:
    def test_those_of_ones_partnership_and_of_accounts_in_it(
        self, partnership: Partnership, officer: User
    ) -> None:
        lead = person(Role.MEMBER, partnership)
        stranger = person(Role.MEMBER, PartnershipFactory())
        own = MessageFactory(partnership=partnership)
        password = MessageFactory(partnership=None, to=lead.email)
        MessageFactory(partnership=None, to=stranger.email)
        MessageFactory(partnership=PartnershipFactory(), to=lead.email)
        assert set(OutboxMessage.objects.visible_to(officer)) == {own, password}

    @pytest.mark.parametrize(
        ("begins", "ends", "is_seen"), [(-900, -1, False), (-900, 0, True), (5, None, True)]
    )
    def test_of_an_account_until_its_role_there_is_over(
        self, partnership: Partnership, officer: User, begins: int, ends: int | None, is_seen: bool
    ) -> None:
        today = timezone.localdate()
        member = person(Role.MEMBER, PartnershipFactory())
        MembershipFactory(
            user=member,
            partnership=partnership,
            role=Role.MEMBER,
            starts_on=today + timedelta(days=begins),
            ends_on=None if ends is None else today + timedelta(days=ends),
        )
        password = MessageFactory(partnership=None, to=member.email)
        assert (password in OutboxMessage.objects.visible_to(officer)) is is_seen

    @pytest.mark.parametrize("role", [Role.CHAIR, Role.MEMBER, Role.BOARD])
    def test_nobody_without_the_office(self, role: Role, partnership: Partnership) -> None:
        MessageFactory(partnership=partnership)
        assert not OutboxMessage.objects.visible_to(person(role, partnership)).exists()
