"""Made-up children, and a watch for their names wherever none may stand.

As a plugin, `pytest -p tests.support.canaries`, it puts them into the tests' own requests and into
the empty free text of rows that tests make, and writes what it saw to the file that `CANARIES`
names. Some tests mind finding words where they left none; what counts is where the names went.
"""

import json
import logging
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.handlers.base import BaseHandler
from django.db.models import QuerySet
from django.db.models.signals import post_save, pre_save
from django.test import Client

from maca.logs import JsonLines

IDENTITIES = 500
SYLLABLES = ["bar", "del", "fen", "gor", "hul", "jin", "kam", "lor", "mun", "nid", "pol", "rus"]
# A number stands by itself, or behind a space of an address: ten digits of a random id are none.
# A name is told by all of its syllables: a few letters stand in a random token by chance.
MARK = re.compile(
    rf"zq(?:{'|'.join(SYLLABLES)}){{3}}|(?:(?<![0-9a-f])|(?<=%20))999\d{{7}}(?![0-9a-f])",
    re.IGNORECASE,
)
LINK = re.compile(r'\b(?:href|src|action|formaction|hx-[a-z]+)="([^"]*)"')
PLACES = ("log", "mail", "session", "address", "header", "activity", "traceback")
# Rows that hold what leaves the application or outlives a request.
KEPT: dict[str, tuple[str, Callable[[Any], str]]] = {
    "Session": ("session", lambda row: json.dumps(row.get_decoded(), default=str)),
    "OutboxMessage": ("mail", lambda row: f"{row.subject} {row.body} {row.calendar} {row.to}"),
    "Activity": ("activity", lambda row: str(vars(row))),
    "DBTaskResult": ("traceback", lambda row: f"{row.traceback} {row.args_kwargs}"),
}


def identities(number: int) -> list[str]:
    """First name, family name, number; each of them unlike any word."""
    chance = random.Random(4)
    made: dict[str, None] = {}
    while len(made) < number:
        first, family = ("Zq" + "".join(chance.choices(SYLLABLES, k=3)) for _ in range(2))
        made[f"{first} {family}, 999{chance.randrange(10**7):07}"] = None
    return list(made)


class Watch:
    """Everything that is written, sent, kept or led to while it is on."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.during: set[str] = set()
        """Places and the tests in which a name was found there."""

    def look(self, place: str, text: str, known: frozenset[str] = frozenset()) -> None:
        self.seen[place] += 1
        if {each.lower() for each in MARK.findall(text)} - known:
            self.found[place] += 1
            test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
            self.during.add(f"in {place} during {test}")

    def look_at_row(self, sender: type[Any], instance: Any, **_signal: object) -> None:
        if sender.__name__ in KEPT:
            place, words = KEPT[sender.__name__]
            self.look(place, words(instance))

    def look_at_answer(self, request: Any, response: Any) -> None:
        """What somebody asked for by its words may be led back to them by those words."""
        asked = f"{request.get_full_path()} {request.META.get('HTTP_REFERER', '')}"
        known = frozenset(each.lower() for each in MARK.findall(asked))
        for name, value in response.headers.items():
            self.look("address" if name == "Location" else "header", f"{name}: {value}", known)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/h"):
            self.look("address", " ".join(LINK.findall(response.content.decode())), known)


class _Handler(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())
        self.watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        self.watch.look("traceback" if record.exc_info else "log", self.format(record))


@contextmanager
def watching() -> Iterator[Watch]:
    watch = Watch()
    with ExitStack() as stack:
        stack.enter_context(_logs(watch))
        stack.enter_context(_answers(watch))
        stack.enter_context(_rows_at_once(watch))
        # Each by itself: a watch within another must not end that one's.
        post_save.connect(watch.look_at_row, weak=False, dispatch_uid=watch)
        stack.callback(post_save.disconnect, dispatch_uid=watch)
        yield watch


@contextmanager
def _logs(watch: Watch) -> Iterator[None]:
    """As production writes them, requests and refusals included."""
    handler = _Handler(watch)
    loggers = [logging.getLogger(name) for name in ("", "django", "maca.logs")]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.INFO)
    for each in loggers[:2]:
        each.addHandler(handler)
    try:
        yield
    finally:
        for each, level in zip(loggers, levels, strict=True):
            each.removeHandler(handler)
            each.setLevel(level)


@contextmanager
def _rows_at_once(watch: Watch) -> Iterator[None]:
    """Rows made together send no signal; the activity is written so."""
    real: Callable[..., Any] = QuerySet.bulk_create

    def bulk_create(self: QuerySet[Any], objs: Any, *args: Any, **more: Any) -> Any:
        made = list(objs)
        for each in made:
            watch.look_at_row(self.model, each)
        return real(self, made, *args, **more)

    with patch.object(QuerySet, "bulk_create", bulk_create):
        yield


@contextmanager
def _answers(watch: Watch) -> Iterator[None]:
    real: Callable[..., Any] = BaseHandler.get_response

    def get_response(self: BaseHandler, request: Any) -> Any:
        response = real(self, request)
        watch.look_at_answer(request, response)
        return response

    with patch.object(BaseHandler, "get_response", get_response):
        yield


class Plugin:
    def __init__(self, told: Path) -> None:
        self.told = told
        self.names = identities(IDENTITIES)
        self.at = 0
        self.stack = ExitStack()

    def _next(self) -> str:
        self.at += 1
        return self.names[self.at % len(self.names)]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self) -> None:
        self.watch = self.stack.enter_context(watching())
        pre_save.connect(self._seed, weak=False, dispatch_uid="seed")
        real: Callable[..., Any] = Client.post

        def post(client: Client, path: str, data: Any = None, *args: Any, **extra: Any) -> Any:
            if isinstance(data, dict):
                data = {**data, "said_too": self._next()}
            return real(client, path, data, *args, **extra)

        self.stack.enter_context(patch.object(Client, "post", post))

    def _seed(self, sender: type[Any], instance: Any, **_signal: object) -> None:
        from tests.security.filling import TYPED

        if instance._state.adding:
            for field in TYPED.get(sender, []):
                empty = (
                    field.max_length is None and field.blank and not getattr(instance, field.name)
                )
                if empty and not field.name.endswith("reason"):
                    setattr(instance, field.name, f"{self._next()} was seen.")

    def pytest_sessionfinish(self) -> None:
        self.stack.close()
        pre_save.disconnect(dispatch_uid="seed")
        told = {
            "seen": self.watch.seen,
            "found": self.watch.found,
            "during": sorted(self.watch.during),
            "names": self.at,
        }
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        self.told.mkdir(exist_ok=True)
        (self.told / f"{worker}.json").write_text(json.dumps(told))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Plugin(Path(os.environ["CANARIES"])))
