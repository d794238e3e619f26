"""Kill -9 of the server amid saves: what it said is saved, is saved.

A real gunicorn serves; writers save as the page does, and send the same words again until they
have an answer. Its serving processes are killed one after the other, and now and then all of it,
the one that starts the others too.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.models import User
from agencies.roles import Role
from audits.models import CaseReturn, TextRevision
from tests.audits.collecting import Collecting, collecting
from tests.endurance import Figures
from tests.factories import person
from tests.support.postgres import free_port
from tests.support.workers import database_url

SMALL, LONG = 6, 1000

ROOT = Path(__file__).resolve().parents[2]
WRITERS = 4
WHOLE_EVERY = 50
READY_WITHIN = 90.0


def run(rounds: int) -> Figures:
    return Ground(rounds).figures()


class Server:
    """gunicorn with two serving processes, on a port of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.master: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        kept = {name: v for name, v in os.environ.items() if not name.startswith("MACA_")}
        self.master = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--preload", "--workers", "2", "maca.wsgi"],
            cwd=ROOT,
            env=kept
            | {
                "DJANGO_SETTINGS_MODULE": "maca.settings",
                "DATABASE_URL": database_url(),
                "MACA_BIND": f"127.0.0.1:{self.port}",
                "MACA_WORKER": "separate",
                "MACA_LOG_LEVEL": "CRITICAL",
                # Sessions that were begun here are good there.
                "MACA_SECRET_KEY": settings.SECRET_KEY,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + READY_WITHIN
        while not self._answers():
            if time.monotonic() > until:
                raise TimeoutError("The server never answered.")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as link:
                link.request("GET", "/health/")
                return link.getresponse().status == 200
        except (OSError, HTTPException):
            return False

    @property
    def serving(self) -> list[int]:
        """The processes that serve: the children of the one that was started."""
        assert self.master is not None
        told = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
        )
        pairs = (line.split() for line in told.stdout.splitlines())
        return [int(pid) for pid, parent in pairs if int(parent) == self.master.pid]

    def kill_one(self, chance: random.Random) -> None:
        serving = self.serving
        if serving:
            _kill(chance.choice(serving))

    def kill_whole(self) -> None:
        if self.master is not None:
            serving = self.serving
            self.master.kill()
            for pid in serving:
                _kill(pid)
            self.master.wait()
            self.master = None


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@dataclass
class Writer:
    """One page on one case return, typing the next words as soon as the last ones are saved."""

    number: int
    user: User
    row: CaseReturn
    port: int
    cookies: str = ""
    token: str = ""
    saved: list[str] = field(default_factory=list)
    basis: dict[str, object] = field(default_factory=dict)
    again: int = 0
    refused: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        """The session is made in the database; the token comes from the page, as for anybody."""
        client = Client()
        client.force_login(self.user)
        told = client.get(reverse("session-check")).json()
        self.token = told["csrf"]
        self.cookies = "; ".join(
            f"{name}={client.cookies[name].value}"
            for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
        )

    def work(self, stop: Event) -> None:
        try:
            while not stop.is_set():
                self._write(f"{self.number}.{len(self.saved)}", stop)
        finally:
            connection.close()

    def _write(self, words: str, stop: Event) -> None:
        body = urlencode({"engagement_past": words, "basis": json.dumps(self.basis)})
        while not stop.is_set():
            answer = self._send(body)
            if answer is None:
                self.again += 1
                time.sleep(0.05)
                continue
            status, told = answer
            if status != 200:
                self.refused.append(f"{status} {told[:200]!r}")
                stop.set()
                return
            self.saved.append(words)
            self.basis = json.loads(told)["basis"]
            return

    def _send(self, body: str) -> tuple[int, bytes] | None:
        """None where no whole answer came: the words are sent again as they are."""
        path = reverse("case-return-save", args=[self.row.agency_return_id, self.row.pk])
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "Cookie": self.cookies,
            "X-CSRFToken": self.token,
        }
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as link:
                link.request("POST", path, body, headers)
                response = link.getresponse()
                return response.status, response.read()
        except (OSError, HTTPException):
            return None


class Ground:
    def __init__(self, rounds: int) -> None:
        self.rounds = rounds
        self.chance = random.Random(20261122)
        self.world: Collecting = collecting(cases=WRITERS, questions=0)
        self.server = Server()
        self.writers = [
            Writer(number, person(Role.AUDITOR, self.world.agency), row, self.server.port)
            for number, row in enumerate(self.world.case_returns)
        ]
        for writer in self.writers:
            writer.sign_in()

    def figures(self) -> Figures:
        self.server.start()
        stop = Event()
        threads = [Thread(target=each.work, args=(stop,), daemon=True) for each in self.writers]
        try:
            for thread in threads:
                thread.start()
            for number in range(1, self.rounds + 1):
                self._kill(number)
                if stop.is_set():
                    break
            self._wait_for_saves(each_of_them=True)
        finally:
            stop.set()
            for thread in threads:
                thread.join(60)
            self.server.kill_whole()
        return self._count()

    def _kill(self, number: int) -> None:
        self._wait_for_saves()
        time.sleep(self.chance.uniform(0, 0.1))
        if number % WHOLE_EVERY == 0 or number == self.rounds:
            self.server.kill_whole()
            self.server.start()
        else:
            self.server.kill_one(self.chance)

    def _wait_for_saves(self, each_of_them: bool = False) -> None:
        """Somebody's next words are saved, or everybody's: the server is at it again."""
        before = [len(each.saved) for each in self.writers]
        enough = all if each_of_them else any
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and not any(each.refused for each in self.writers):
            if enough(len(w.saved) > was for w, was in zip(self.writers, before, strict=True)):
                return
            time.sleep(0.01)

    def _count(self) -> Figures:
        figures = Figures(
            "kill_server", bad=("acknowledged saves lost", "saves kept twice", "refused")
        )
        figures.add("kills", self.rounds)
        for writer in self.writers:
            figures.add("acknowledged saves", len(writer.saved))
            figures.add("sent again", writer.again)
            figures.add("refused", len(writer.refused))
            kept = list(
                TextRevision.objects.filter(case_return=writer.row, key="engagement_past")
                .order_by("pk")
                .values_list("words", flat=True)
            )
            figures.add("acknowledged saves lost", len(set(writer.saved) - set(kept)))
            figures.add("saves kept twice", len(kept) - len(set(kept)))
            stands = CaseReturn.objects.get(pk=writer.row.pk).engagement_past
            # The last one may have been saved without its answer arriving.
            last = {*writer.saved[-1:], f"{writer.number}.{len(writer.saved)}"}
            figures.add("acknowledged saves lost", int(stands not in last))
        return figures


@pytest.mark.django_db(transaction=True)
def test_what_was_said_to_be_saved_outlives_the_server() -> None:
    figures = run(SMALL)
    assert figures.held, figures
    assert figures.counts["acknowledged saves"] > SMALL
