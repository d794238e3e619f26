"""A real gunicorn with the settings of production, as behind a proxy that ends TLS."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPMessage
from pathlib import Path

from django.conf import settings

from tests.support.checks import ROOT, production
from tests.support.postgres import free_port
from tests.support.workers import database_url

HOST = "maca.example"
READY_WITHIN = 90.0
PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def cookies(self) -> list[str]:
        return self.headers.get_all("Set-Cookie") or []


@dataclass
class Server:
    port: int
    log: Path
    asked: int = 0
    answers: list[tuple[str, Answer]] = field(default_factory=list)

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: str | None = None,
        *,
        tls: bool = True,
        **headers: str,
    ) -> Answer:
        """As the proxy passes it on; headers with underscores for hyphens."""
        sent = {"Host": HOST, "X-Forwarded-Proto": "https" if tls else "http"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.asked += 1
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as link:
            link.request(method, path, body, sent)
            response = link.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        self.answers.append((f"{method} {path}", answer))
        return answer

    def answers_at_all(self) -> bool:
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as link:
                link.request("GET", "/health/", headers={"Host": HOST})
                return link.getresponse().status == 200
        except (OSError, HTTPException):
            return False


def environment(folder: Path) -> dict[str, str]:
    """What docs/operators/install.md writes into /etc/maca.env, for the tests' database."""
    # What the browser tests allow themselves is for no server either.
    ours = ("MACA_", "DJANGO_ALLOW_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return (
        kept
        | production()
        | {
            "DJANGO_SETTINGS_MODULE": "maca.settings",
            "DATABASE_URL": database_url(),
            # Sessions that were begun here are good there.
            "MACA_SECRET_KEY": settings.SECRET_KEY,
            "MACA_MASTER_KEYS": settings.MASTER_KEYS,
            "MACA_KEY_FOLDER": str(settings.KEY_FOLDER),
            "MACA_ALLOWED_HOSTS": HOST,
            "MACA_STATIC_ROOT": str(folder / "static"),
            "MACA_PROXY_SSL_HEADER": "X-Forwarded-Proto",
            "MACA_PROXY_COUNT": "1",
            "MACA_SECOND_FACTOR": "no",
        }
    )


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(free_port(), folder / "log.txt")
    around = environment(folder) | {"MACA_BIND": f"127.0.0.1:{server.port}"}
    subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=around, check=True)
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--workers", "1"],
            cwd=ROOT,
            env=around,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            until = time.monotonic() + READY_WITHIN
            while not server.answers_at_all():
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"No server: {server.log.read_text()[-2000:]}")
                time.sleep(0.05)
            yield server
        finally:
            process.terminate()
            process.wait(30)
