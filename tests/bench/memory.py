"""What a web worker weighs: gunicorn is started, asked for pages, and its memory is read."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings
from django.db import connection as database

from tests.support.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 20


def database_address() -> str:
    """The address of the benchmark's own database, which only this process knows by settings."""
    parts = database.settings_dict
    login = f"{parts['USER']}:{parts['PASSWORD']}".rstrip(":")
    return f"postgresql://{login}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"


@contextmanager
def gunicorn(application: str, settings_file: str) -> Iterator[tuple[int, int]]:
    """Port and process id of one worker that has answered."""
    port = free_port()
    command = ["gunicorn", "--config", settings_file, "--bind", f"127.0.0.1:{port}"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MACA_")}
    with subprocess.Popen(
        [sys.executable, "-m", *command, "--log-level", "error", application],
        cwd=ROOT,
        env={
            **inherited,
            "DATABASE_URL": database_address(),
            "DJANGO_SETTINGS_MODULE": "maca.settings",
            "MACA_DEBUG": "no",
            "MACA_WORKER": "separate",
            "WEB_CONCURRENCY": "1",
        },
    ) as arbiter:
        try:
            await_answer(port)
            yield port, worker_of(arbiter.pid)
        finally:
            arbiter.terminate()


def await_answer(port: int) -> None:
    for _ in range(900):
        try:
            fetch(port, "/", "")
        except ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not answer within 90 seconds.")


def worker_of(arbiter: int) -> int:
    children = Path(f"/proc/{arbiter}/task/{arbiter}/children").read_text().split()
    return int(children[0])


def fetch(port: int, path: str, session: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(
            "GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
        )
        connection.getresponse().read()
    finally:
        connection.close()


def resident(process: int) -> int:
    """Resident memory in KiB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("The system does not say how much memory a process has.")


def holds_engine(process: int) -> bool:
    """Whether pango, which WeasyPrint loads when it is imported, is mapped into the process."""
    return "libpango" in Path(f"/proc/{process}/maps").read_text()


def weight(
    application: str, pages: Sequence[tuple[str, str]], settings_file: str = "gunicorn.conf.py"
) -> tuple[int, bool]:
    """Memory of a worker that has served these pages (path and session), and whether it prints."""
    with gunicorn(application, settings_file) as (port, worker):
        for _ in range(ROUNDS):
            for path, session in pages:
                fetch(port, path, session)
        return resident(worker), holds_engine(worker)
