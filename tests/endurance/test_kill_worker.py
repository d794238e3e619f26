"""Kill -9 of the worker amid jobs and mail: no job is lost, and no mail goes out twice.

A mail that was being handed over when its worker died may or may not have arrived. Such a one is
doubtful: it is counted here, and it must be shown to a person and not be sent again by itself.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from agencies.domain import outbox
from agencies.models import Agency, MessageState, OutboxMessage, Partnership, Worker
from tests.endurance import Figures
from tests.factories import PartnershipFactory
from tests.support.jobs import open_agency
from tests.support.mailserver import MailServer, Mood, listening
from tests.support.workers import environment

SMALL, LONG = 4, 200

ROOT = Path(__file__).resolve().parents[2]
LEASE = 1
# So much to do for each round that a worker is seldom found idle.
JOBS = 12
LONGEST = 1.2
PATIENCE = 90.0


def run(rounds: int) -> Figures:
    return Ground(rounds).figures()


class Ground:
    """One mail server, one database, and one worker after the other."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds
        self.random = random.Random(20261122)
        self.partnership: Partnership = PartnershipFactory()
        self.written = 0

    def figures(self) -> Figures:
        with listening() as server:
            server.mood = self._mood
            for _ in range(self.rounds):
                self._give_work()
                self._work_until_killed(server)
            server.mood = lambda _: Mood.SLOW
            self._finish(server)
            return self._count(server)

    def _mood(self, recipient: str) -> Mood:
        """Often slow, so that there is a moment in which to die; now and then contrary."""
        number = crc32(recipient.encode()) % 30
        return Mood.BUSY if number == 0 else Mood.SLOW if number < 15 else Mood.KIND

    def _give_work(self) -> None:
        for _ in range(JOBS):
            number = self.written = self.written + 1
            with transaction.atomic():
                open_agency.enqueue(str(self.partnership.pk), number)
                self._write(f"plain{number}")

    def _write(self, name: str) -> None:
        outbox.write_message(
            to=f"{name}@fenshire.example",
            template="plain",
            subject="Word",
            body="Words.",
            key=name,
            partnership=self.partnership,
        )

    def _begin(self, server: MailServer) -> subprocess.Popen[bytes]:
        """A worker that is at work, not one that is still starting."""
        known = set(Worker.objects.values_list("name", flat=True))
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run_worker"],
            cwd=ROOT,
            env=environment(server, lease=LEASE) | {"MACA_LOG_LEVEL": "ERROR"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait(lambda: Worker.objects.exclude(name__in=known).exists())
        return process

    def _work_until_killed(self, server: MailServer) -> None:
        process = self._begin(server)
        time.sleep(self.random.uniform(0, LONGEST))
        process.kill()
        process.wait()

    def _finish(self, server: MailServer) -> None:
        """The last worker is left alone until nothing waits but what waits for a person.

        However slow the machine is: only one who gets no further has failed.
        """
        process = self._begin(server)
        try:
            left = self._left()
            while left:
                before = left
                self._wait(lambda: self._left() < before)  # noqa: B023 - called at once
                left = self._left()
        finally:
            process.terminate()
            process.wait()

    def _left(self) -> int:
        # A server that said "not now" is asked again in a minute or more; here, at once.
        waiting = OutboxMessage.objects.filter(state=MessageState.WAITING)
        waiting.update(due_at="2026-01-01T00:00Z")
        undone = DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).count()
        # A job counts more than the mail it writes, so that doing it is progress.
        return OutboxMessage.objects.waiting().count() + 2 * undone

    def _wait(self, what: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not what():
            if time.monotonic() > until:
                raise TimeoutError("The worker never came so far.")
            time.sleep(0.05)

    def _count(self, server: MailServer) -> Figures:
        figures = Figures(
            "kill_worker", bad=("jobs lost", "mails twice", "mails lost", "sent unseen")
        )
        times = server.times()
        figures.add("kills", self.rounds)
        figures.add("jobs", self.written)
        begun = DBTaskResult.objects.values_list("worker_ids", flat=True)
        figures.add("jobs begun again", sum(len(each) > 1 for each in begun))
        opened = Agency.objects.filter(partnership=self.partnership).count()
        figures.add("jobs lost", self.written - opened)
        figures.add("jobs lost", DBTaskResult.objects.exclude(status="SUCCESSFUL").count())
        figures.add("mails", 2 * self.written)
        figures.add("mails twice", sum(number - 1 for number in times.values()))
        messages = OutboxMessage.objects.filter(partnership=self.partnership)
        figures.add("mails lost", 2 * self.written - messages.count())
        for message in messages:
            arrived = bool(times[f"<{message.pk}@fenshire.example>"])
            self._judge(figures, message, arrived=arrived)
        return figures

    def _judge(self, figures: Figures, message: OutboxMessage, *, arrived: bool) -> None:
        """Sent means arrived; doubtful, either; and whatever arrived is one of the two."""
        if message.state == MessageState.DOUBTFUL:
            figures.add("doubtful, arrived" if arrived else "doubtful, not arrived")
        elif message.state != MessageState.SENT:
            figures.add("sent unseen" if arrived else "mails lost")
        elif not arrived:
            figures.add("mails lost")


@pytest.mark.django_db(transaction=True)
def test_no_job_is_lost_and_no_mail_goes_twice() -> None:
    figures = run(SMALL)
    assert figures.held, str(figures)
