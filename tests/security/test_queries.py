"""Does a filter, a search or a `next` tell what the page itself would not?

What a page reads from its query is heard while it is opened, so nothing is listed here. Each of
these names is then said with the ids of rows that are not theirs, with words they may not read and
with addresses that lead away. An answer must be the one that an id of nothing gets, to the letter:
whoever looks for a hidden row must not even learn that it is there.
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.utils.functional import cached_property

from tests.contracts.access_table import OPEN_TO_ALL, PAGES, RECORDED
from tests.contracts.test_access import REFUSED, STATUSES
from tests.contracts.walking import NO_STAGE, ROLES, Page, Route, Walk, all_routes
from tests.endurance import Figures
from tests.endurance.forms_found import GROUPS, OPENS, forms_on
from tests.endurance.lasting import lasting_walk
from tests.security.elsewhere import (
    ANY_ID,
    OUTSIDE,
    ids_kept_from,
    leads_away,
    nowhere,
    rows,
    words_kept_from,
)
from tests.security.matrix import Cell, leaks, mark_of
from tests.security.test_field_rules import OF_THE_MOMENT

SMALL, LONG = 120, 1_000_000
NAME = "queries"
A_PAGE = 10
"""Questions to each page in the suite."""
OTHER_IDS = 3
"""How many ids are said that the name does not ask for, beside those that it does."""
LINKED = re.compile(r'href="[^"#]*[?]([^"#]*)"')
NAMES = re.compile(r"(?:^|&|;)([\w-]+)=")


@dataclass(frozen=True)
class Ask:
    route: str
    stage: str
    role: str
    address: str
    key: str
    value: str

    def __str__(self) -> str:
        return f"{self.route} as {self.role}, {self.stage}: {self.key}={self.value}"


def run(rounds: int) -> Figures:
    """So many questions; the pages are gone through in an order of chance, the same each time."""
    with lasting_walk() as walk:
        return Asking(walk).figures(rounds)


class Asking:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.chance = random.Random(7)
        self.names: set[str] = set()
        self.rows = rows()
        self.baseline: dict[tuple[str, str, str, str], Page] = {}

    def figures(self, rounds: int) -> Figures:
        """A page gets all there are to ask, or a few where there are few rounds for all pages."""
        figures = Figures(NAME, bad=("faults",))
        of_a_page = A_PAGE if rounds <= SMALL else rounds
        few = (self.chance.sample(each, min(len(each), of_a_page)) for each in self.pages())
        for ask in islice(chain.from_iterable(few), rounds):
            figures.add("questions")
            for fault in self.faults(ask):
                figures.add("faults")
                figures.add(f"{ask}: {fault}")
        figures.add("names that pages read", len(self.names))
        return figures

    def pages(self) -> Iterator[list[Ask]]:
        routes = all_routes()
        self.chance.shuffle(routes)
        for route in routes:
            for stage in [*PAGES.get(route.name, {}), *([NO_STAGE] * (route.name in OPEN_TO_ALL))]:
                address = self.walk.address(route, stage)
                if address is None:
                    continue
                keys = sorted(self._read_by(route, stage, address))
                self.names |= {f"{route.name} {key}" for key in keys}
                yield [
                    Ask(route.name, stage, role, address, key, value)
                    for key in keys
                    for role in (*ROLES, "anonymous")
                    for value in self._values(route.name, stage, role, key)
                ]

    def _read_by(self, route: Route, stage: str, address: str) -> set[str]:
        """The names that the page reads or offers; some are read only beside others."""
        found: set[str] = set()
        for role in _readers_of(route, stage):
            for _ in range(2):
                query = urlencode(dict.fromkeys(sorted(found), "1"))
                with heard() as names:
                    page = self.walk.open("GET", f"{address}?{query}", role)
                found |= names | set(_offered(page, address, role))
        return found

    def _values(self, route: str, stage: str, role: str, key: str) -> list[str]:
        """One is enough for whoever is refused: the page must stay shut."""
        ids = ids_kept_from(self.walk.scenario, role)
        if role == "leaver" or _mark(route, stage, role) not in OPENS:
            return [ids["audit_id"]]
        bare = key.partition("_")[0].rstrip("s")
        asked_for = [value for name, value in ids.items() if name.startswith(bare)]
        others = [value for value in ids.values() if value not in asked_for]
        return [
            *asked_for,
            *self.chance.sample(others, OTHER_IDS),
            *words_kept_from(role),
            *OUTSIDE,
        ]

    def faults(self, ask: Ask) -> Iterator[str]:
        page = self._open(ask, ask.value)
        if page.status >= 500:
            yield f"breaks down: {page.status}"
            return
        mark = _mark(ask.route, ask.stage, ask.role)
        if mark in REFUSED and page.status != STATUSES[mark]:
            yield f"{STATUSES[mark]} expected, got {page.status}"
        if page.writes and ask.route not in RECORDED:
            yield f"wrote {page.writes[0]}"
        yield from (f"leads to {where}" for where in leads_away(page))
        if ask.value in OUTSIDE:
            return
        edge = r"\b" if ask.value.isdigit() else ""
        said = re.compile(f"{edge}({re.escape(ask.value)}|{nowhere(ask.value)}){edge}")
        yield from leaks(_cell(ask), _without(page, said))
        if self._told(page, said) != self._told(self._nothing(ask), said):
            yield "is answered in another way than what is nowhere"

    def _nothing(self, ask: Ask) -> Page:
        """What the same page answers to something that is nowhere."""
        value = nowhere(ask.value)
        key = (ask.address, ask.role, ask.key, value)
        if key not in self.baseline:
            self.baseline[key] = self._open(ask, value)
        return self.baseline[key]

    def _told(self, page: Page, said: re.Pattern[str]) -> tuple[int, str, str]:
        """What the answer says, less the time of day and ids that are made for it."""
        plain = _without(page, said)
        if page.status == 200 and not page.is_html:  # a file says when it was made
            return page.status, "", str(len(plain.text.split()))
        text = ANY_ID.sub(lambda each: each[0] if each[0] in self.rows else "", plain.text)
        return page.status, plain.location, OF_THE_MOMENT.sub("", text)

    def _open(self, ask: Ask, value: str) -> Page:
        query = urlencode({ask.key: value})
        return self.walk.open("GET", f"{ask.address}?{query}", ask.role)


def _mark(route: str, stage: str, role: str) -> str:
    """What the table says; of what is open to all it says nothing of anybody signed in."""
    if route in OPEN_TO_ALL:
        return "+" if role == "anonymous" and OPEN_TO_ALL[route] == 200 else ""
    return "" if role == "anonymous" else mark_of(Cell("GET", route, stage, "own", role))


def _cell(ask: Ask) -> Cell:
    return Cell("GET", ask.route, ask.stage, "own", ask.role)


def _readers_of(route: Route, stage: str) -> Iterator[str]:
    """Of each group who is shown most, as `tests.endurance.forms_found` chooses them."""
    if route.name in OPEN_TO_ALL:
        yield "anonymous"
        return
    for group in GROUPS:
        shown = (role for role in group if _mark(route.name, stage, role) in OPENS)
        yield from islice(shown, 1)


def _offered(page: Page, address: str, role: str) -> Iterator[str]:
    """The names of its filters, and of the links that ask it again."""
    if not page.is_html:
        return
    for form in forms_on(page.text, address, role):
        if form.method == "get" and form.action.partition("?")[0] == address:
            yield from (each.name for each in form.fields)
    for query in LINKED.findall(page.text):
        if f'href="?{query}"' in page.text or f'href="{address}?{query}"' in page.text:
            yield from NAMES.findall(query.replace("&amp;", "&"))


def _without(page: Page, said: re.Pattern[str]) -> Page:
    """What is left where it only says again what was asked."""
    text, location = said.sub("", page.text), said.sub("", page.location)
    headers = {name: said.sub("", each) for name, each in page.headers.items()}
    return Page(page.status, location, headers, text, page.writes, page.mail)


class _Heard(QueryDict):
    """A query that notes what it is asked for."""

    asked: set[str]

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().getlist(key, default)


@contextmanager
def heard() -> Iterator[set[str]]:
    """The names that requests are asked for meanwhile, whoever asks."""
    names: set[str] = set()
    real = WSGIRequest.__dict__["GET"]

    def noting(request: WSGIRequest) -> Any:
        query: Any = _Heard(request.environ.get("QUERY_STRING", ""), encoding=request.encoding)
        query.asked = names
        return query

    patched: Any = cached_property(noting)
    patched.__set_name__(WSGIRequest, "GET")
    setattr(WSGIRequest, "GET", patched)  # noqa: B010 - a type checker may not see this
    try:
        yield names
    finally:
        setattr(WSGIRequest, "GET", real)  # noqa: B010


@pytest.mark.django_db
def test_a_query_tells_nobody_of_what_is_not_theirs() -> None:
    figures = run(SMALL)
    assert figures.held, figures
    assert figures.counts["questions"] == SMALL
    assert figures.counts["names that pages read"] > 5
