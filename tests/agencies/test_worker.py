"""A worker sends, works, keeps the timetable, takes over, and stops without dropping anything."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from agencies import embedded
from agencies.domain import jobs, outbox
from agencies.embedded import Embedded
from agencies.models import MessageState, OutboxMessage, TimetableEntry
from agencies.models import Worker as WorkerRow
from agencies.worker import A_ROUND, FIRST_KNOCK, Worker
from tests.factories import MessageFactory, PartnershipFactory
from tests.support.jobs import SEEN, note, open_agency, stumble
from tests.support.mailserver import MailServer, Mood, listening
from tests.support.workers import environment

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]

Begin = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with listening() as server:
        settings.MAILERS = {"default": server.mailer}
        yield server


@pytest.fixture(autouse=True)
def seen() -> Iterator[list[str]]:
    SEEN.clear()
    yield SEEN
    SEEN.clear()


def wait_for(what: Any) -> None:
    """Until `what()` is true; a test that waits half a minute has failed."""
    until = monotonic() + 30
    while not what():
        assert monotonic() < until, "It never came about."
        sleep(0.02)


def states() -> list[str]:
    return sorted(OutboxMessage.objects.values_list("state", flat=True))


class TestOneWorker:
    def test_does_all_there_is_and_leaves_no_trace_of_itself(
        self, server: MailServer, seen: list[str]
    ) -> None:
        MessageFactory.create_batch(3)
        note.enqueue("spring")
        Worker().run_until_idle()
        assert (states(), seen) == (["sent"] * 3, ["spring"])
        assert set(TimetableEntry.objects.values_list("name", flat=True)) >= {"agencies.tasks.tidy"}
        assert not WorkerRow.objects.exists()

    def test_once_is_one_look_and_until_idle_is_all(
        self, server: MailServer, seen: list[str]
    ) -> None:
        for number in range(A_ROUND + 2):
            note.enqueue(str(number))
        call_command("run_worker", "--once")
        assert len(seen) == A_ROUND
        call_command("run_worker", "--until-idle")
        assert len(seen) == A_ROUND + 2

    def test_takes_over_what_the_dead_left(self, server: MailServer, seen: list[str]) -> None:
        note.enqueue("spring")
        jobs.claim(worker="gone")
        outbox.claim(worker="gone", only=MessageFactory())
        Worker().run_until_idle()
        assert (states(), seen) == (["doubtful"], ["spring"])

    def test_takes_up_again_what_it_dropped_itself(
        self, server: MailServer, seen: list[str]
    ) -> None:
        worker = Worker()
        note.enqueue("spring")
        jobs.claim(worker=worker.name)
        outbox.claim(worker=worker.name, only=MessageFactory())
        worker.run_until_idle()
        assert (states(), seen) == (["doubtful"], ["spring"])

    def test_a_job_that_fails_does_not_stop_the_next(self, seen: list[str]) -> None:
        stumble.enqueue("a row")
        note.enqueue("spring")
        Worker().run_until_idle()
        assert seen == ["spring"]

    def test_a_timetabled_task_is_queued_and_done(self) -> None:
        Worker().run_once()
        entry = TimetableEntry.objects.get(name="agencies.tasks.tidy")
        entry.last_due -= timedelta(days=3)
        entry.save()
        Worker().run_until_idle()
        job = DBTaskResult.objects.get(task_path="agencies.tasks.tidy")
        assert job.status == "SUCCESSFUL"

    def test_a_round_that_goes_wrong_is_not_the_last(
        self, seen: list[str], settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.MAILERS = {"default": {"BACKEND": "nowhere.Backend"}}
        MessageFactory()
        worker = Worker()
        assert worker._try_round() is False  # noqa: SLF001
        assert "A round of work failed: InvalidMailer" in caplog.text
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
        assert worker._try_round() is True  # noqa: SLF001
        assert states() == ["sent"]


class TestAMailServerThatIsDown:
    def test_is_noted_knocked_at_ever_less_often_and_forgiven(self, settings: Any) -> None:
        with listening() as server:
            port, settings.MAILERS = server.port, {"default": server.mailer}
        MessageFactory()
        worker = Worker()
        with worker._alive():  # noqa: SLF001
            assert worker.round() is False
            row = WorkerRow.objects.get()
            assert row.mail_fault == "nobody answers at the mail server’s address"
            assert row.mail_failing_since is not None
            assert worker._knock_after == 2 * FIRST_KNOCK  # noqa: SLF001
            with listening(port) as server:
                assert worker.round() is False, "It is not yet time to knock again."
                worker._knock_at = 0  # noqa: SLF001
                assert worker.round() is True
            assert len(server.accepted) == 1
            row.refresh_from_db()
            assert row.mail_fault == ""
            assert not row.mail_failing_since

    def test_does_not_keep_jobs_waiting(self, settings: Any, seen: list[str]) -> None:
        with listening() as server:
            settings.MAILERS = {"default": server.mailer}
        MessageFactory()
        note.enqueue("spring")
        Worker().run_until_idle()
        assert (states(), seen) == (["waiting"], ["spring"])


class TestEmbedded:
    def test_works_in_a_thread_until_it_is_stopped(
        self, server: MailServer, settings: Any, seen: list[str]
    ) -> None:
        settings.WORKER = "embedded"
        inside = Embedded()
        inside.start()
        inside.start()
        try:
            MessageFactory()
            note.enqueue("spring")
            wait_for(lambda: states() == ["sent"] and seen == ["spring"])
            row = WorkerRow.objects.get()
            assert row.embedded
        finally:
            inside.stop()
        assert not WorkerRow.objects.exists()

    def test_does_not_begin_where_others_do_the_work(self) -> None:
        inside = Embedded()
        inside.start()
        inside.stop()
        assert not WorkerRow.objects.exists()

    def test_begins_with_the_first_request_of_a_process(self, client: Any) -> None:
        from django.core.signals import request_started

        embedded.start_with_first_request()
        assert any(uid == "embedded worker" for (uid, _), *_ in request_started.receivers)
        assert client.get("/health/").status_code == 200
        request_started.disconnect(dispatch_uid="embedded worker")


class TestAProcess:
    """`manage.py run_worker` as a service runs it."""

    @pytest.fixture
    def begin(self, server: MailServer) -> Iterator[Begin]:
        begun: list[subprocess.Popen[str]] = []

        def begin() -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "run_worker"],
                cwd=ROOT,
                env=environment(server),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            begun.append(process)
            wait_for(lambda: WorkerRow.objects.count() == len(begun))
            return process

        yield begin
        for process in begun:
            process.kill()
            process.communicate()

    @pytest.fixture
    def process(self, begin: Begin) -> subprocess.Popen[str]:
        return begin()

    def test_two_share_the_work_and_nothing_is_done_twice(
        self, server: MailServer, begin: Begin
    ) -> None:
        server.mood = lambda _: Mood.SLOW
        begin()
        begin()
        partnership = PartnershipFactory()
        for number in range(20):
            open_agency.enqueue(str(partnership.pk), number)
        MessageFactory.create_batch(40, partnership=partnership)
        wait_for(lambda: states() == ["sent"] * 60)
        assert set(server.times().values()) == {1}
        assert len(server.times()) == 60
        jobs_done = DBTaskResult.objects.values_list("status", "worker_ids")
        assert {(status, len(ids)) for status, ids in jobs_done} == {("SUCCESSFUL", 1)}
        senders = OutboxMessage.objects.order_by().values_list("claimed_by", flat=True)
        assert len(set(senders)) == 2

    def test_finishes_what_it_sends_when_told_to_stop(
        self, server: MailServer, process: subprocess.Popen[str]
    ) -> None:
        server.mood = lambda _: Mood.SLOW
        MessageFactory.create_batch(40)
        wait_for(lambda: server.accepted)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        sent = states().count(MessageState.SENT)
        assert 0 < sent < 40
        assert states() == ["sent"] * sent + ["waiting"] * (40 - sent)
        assert sum(server.times().values()) == sent
        assert not WorkerRow.objects.exists()

    def test_says_nothing_of_whom_it_writes_to(
        self, server: MailServer, process: subprocess.Popen[str]
    ) -> None:
        server.mood = lambda to: Mood.STERN if to.startswith("wynn") else Mood.KIND
        MessageFactory(to="wynn@fenshire.example", subject="A link", body="/key/secret")
        stumble.enqueue("Wynn Marsh")
        wait_for(lambda: states() == ["failed"])
        wait_for(lambda: DBTaskResult.objects.exclude(traceback="").exists())
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=10)
        assert "return_reminder" in said
        assert "tests.support.jobs.stumble" in said
        # None of them could stand in an id by chance.
        for word in ("wynn", "Wynn", "secret", "A link"):
            assert word not in said

    def test_gives_a_sign_of_life(self, process: subprocess.Popen[str]) -> None:
        first = WorkerRow.objects.get().seen_at
        wait_for(lambda: WorkerRow.objects.get().seen_at > first)
        assert not WorkerRow.objects.get().embedded
