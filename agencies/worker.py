"""Background work: mail, jobs, the timetable, and what dead workers left.

One worker does all of it, round after round. Any number may run at once, in processes of their
own (`manage.py run_worker`) or as a thread of each web process (`agencies.embedded`).
"""

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from threading import Event, Thread
from time import monotonic

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from agencies.domain import jobs, outbox, timetable, workers
from agencies.mail import Outlet, OutletClosedError
from agencies.models import OutboxMessage

logger = logging.getLogger(__name__)

PAUSE = 1.0
AWAY = 10.0
# Neither many mails nor many jobs keep the other waiting for long.
A_ROUND = 20
# A mail server that is down is knocked at after so many seconds, then after twice as many …
FIRST_KNOCK, LAST_KNOCK = 5.0, 300.0


class Worker:
    def __init__(self, *, embedded: bool = False) -> None:
        self.name = f"{socket.gethostname()[:30]}-{os.getpid()}-{token_hex(6)}"
        self.embedded = embedded
        self.stopping = Event()
        self._known: timetable.Known = {}
        self._take_over_at = 0.0
        self._knock_at = 0.0
        self._knock_after = FIRST_KNOCK
        self._mail_fault = ""

    def run(self) -> None:
        """Until told to stop; what has been begun by then is finished first."""
        while not self.stopping.is_set():
            try:
                self._run()
            except Error as error:
                logger.warning("No work without the database: %s", type(error).__name__)
                self.stopping.wait(AWAY)

    def _run(self) -> None:
        with self._alive():
            while not self.stopping.is_set():
                if not self._try_round():
                    self.stopping.wait(PAUSE)

    def run_until_idle(self) -> None:
        """Until nothing is left that could be done now."""
        with self._alive():
            while self.round() and not self.stopping.is_set():
                pass

    def run_once(self) -> None:
        with self._alive():
            self.round()

    def round(self) -> bool:
        """One look at everything; whether there was something to do."""
        self._take_over()
        queued = timetable.queue_due(timezone.now(), self._known)
        posted = self._post()
        worked = self._work()
        return bool(queued or posted or worked)

    def _try_round(self) -> bool:
        """Whatever goes wrong, the next round is another try; what it says may quote rows."""
        close_old_connections()
        try:
            return self.round()
        except Exception as error:  # noqa: BLE001 - as above
            logger.warning("A round of work failed: %s", type(error).__name__)
            connection.close()
            return False

    def _take_over(self) -> None:
        if monotonic() < self._take_over_at:
            return
        self._take_over_at = monotonic() + settings.WORKER_LEASE / 2
        # Between two pieces of work it holds nothing, so what stands in its name was dropped, as
        # when the database went away before the end could be written down.
        others = workers.living().exclude(name=self.name)
        jobs.take_over(others)
        if doubted := outbox.doubt_those_of_the_dead(others):
            logger.warning("%d messages are in doubt: their worker is gone", doubted)

    def _post(self) -> int:
        """Send what is due; the number of messages that were offered."""
        due = OutboxMessage.objects.due(timezone.now())
        if monotonic() < self._knock_at or not due.exists():
            return 0
        offered = 0
        try:
            with Outlet() as outlet:
                while offered < A_ROUND and not self.stopping.is_set():
                    if not outlet.post(self.name):
                        break
                    offered += 1
        except OutletClosedError as error:
            self._mail_is_down(str(error))
        else:
            self._mail_is_up()
        return offered

    def _mail_is_down(self, fault: str) -> None:
        logger.warning("No mail leaves: %s", fault)
        self._knock_at = monotonic() + self._knock_after
        self._knock_after = min(2 * self._knock_after, LAST_KNOCK)
        self._note_mail(fault)

    def _mail_is_up(self) -> None:
        self._knock_after = FIRST_KNOCK
        self._note_mail("")

    def _note_mail(self, fault: str) -> None:
        if fault != self._mail_fault:
            workers.note_mail(self.name, fault)
            self._mail_fault = fault

    def _work(self) -> int:
        """Do what is queued; the number of jobs that were begun."""
        begun = 0
        while begun < A_ROUND and not self.stopping.is_set():
            job = jobs.claim(worker=self.name)
            if job is None:
                break
            jobs.perform(job)
            begun += 1
        return begun

    @contextmanager
    def _alive(self) -> Iterator[None]:
        """A sign of life from a thread of its own, however long a job takes."""
        workers.sign_in(self.name, embedded=self.embedded)
        ended = Event()
        pulse = Thread(target=self._beat, args=[ended], name="pulse", daemon=True)
        pulse.start()
        try:
            yield
        finally:
            ended.set()
            pulse.join()
            workers.sign_out(self.name)
            connection.close()

    def _beat(self, ended: Event) -> None:
        try:
            while not ended.wait(settings.WORKER_LEASE / 4):
                close_old_connections()
                try:
                    workers.beat(self.name, embedded=self.embedded)
                except Error as error:
                    logger.warning("No sign of life: %s", type(error).__name__)
                    connection.close()
        finally:
            connection.close()
