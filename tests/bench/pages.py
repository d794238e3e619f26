"""Pages asked for as a server asks for them: through WSGI, with a session, one after another."""

import gc
import json
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import count
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.domain.sessions import SessionStore
from agencies.models import User
from audits.domain.drafts import Basis

Work = Callable[[], object]
Clock = Callable[[], float]


def session_of(user: User) -> str:
    """The key of a session in which this person is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


class Site:
    """The application as a server calls it."""

    def __init__(self) -> None:
        self._call = get_wsgi_application()

    def get(self, path: str, session: str) -> bytes:
        """The body of a page; raises when it is not a page."""
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        return self._ask(path, {"REQUEST_METHOD": "GET", "HTTP_COOKIE": cookie}, b"")

    def post(self, path: str, session: str, fields: Mapping[str, str]) -> bytes:
        """What a form that was sent is answered; raises when it was not taken."""
        token = "b" * 32
        cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: token}
        sent = urlencode(fields).encode()
        return self._ask(
            path,
            {
                "REQUEST_METHOD": "POST",
                "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
                "HTTP_X_CSRFTOKEN": token,
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(sent)),
            },
            sent,
        )

    def _ask(self, path: str, about: Mapping[str, str], sent: bytes) -> bytes:
        environ = {
            **about,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.input": BytesIO(sent),
            "wsgi.url_scheme": "http",
        }
        said: list[str] = []

        def start_response(status: str, _headers: Any, _problem: Any = None) -> Any:
            said.append(status)

        response = self._call(environ, start_response)
        body = b"".join(response)
        response.close()
        if said != ["200 OK"]:
            raise RuntimeError(f"{path} answered {said[0]}")
        return body

    def page(self, path: str, session: str) -> Work:
        return lambda: self.get(path, session)

    def autosave(self, path: str, session: str, name: str, basis: Basis) -> Work:
        """What a page sends while somebody writes: one text, other words each time, and what
        that text said when it was read."""
        marks = {name: basis.marks[name]}
        numbers = count(1)

        def save() -> None:
            words = f"Seen at home, as the record of visit {next(numbers)} shows."
            fields = {name: words, "basis": str(Basis(marks))}
            answer = json.loads(self.post(path, session, fields))
            marks.update((key, tuple(mark)) for key, mark in answer["basis"].items())

        return save


def queries(work: Work) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def seconds(work: Work, clock: Clock = time.perf_counter) -> float:
    began = clock()
    work()
    return clock() - began


def ratios(
    works: Mapping[str, Work], *, to: str, rounds: int, clock: Clock = time.perf_counter
) -> dict[str, float]:
    """Each work's time as a multiple of the one named: the median of the rounds' own ratios.

    Every round takes all of them in turn, so that whatever else the machine does meets all.
    """
    for work in works.values():
        work()
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        gc.collect()
        taken = {name: seconds(work, clock) for name, work in works.items()}
        for name, time_taken in taken.items():
            found[name].append(time_taken / taken[to])
    return {name: median(values) for name, values in found.items()}
