"""The matrix: role × method × address × whose object, and what is wrong with any of its cells.

Built from the table of access and the scenario of `tests.contracts`. The table says what each role
gets at the addresses of one agency, "own". Who asks for a row of somebody else stands where another
role of the table stands towards "own", so one table answers for all of them (`column`). Which words
a cell may show is decided by `tests.contracts.privacy`, whatever the table says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.db import transaction
from django.urls import reverse
from django.utils.html import escape

from audits.screening.known_names import WHY as WHY_KNOWN
from tests.contracts.access_table import BUTTONS, OPEN_TO_ALL, PAGES, RECORDED, SAVING
from tests.contracts.access_table import WRITTEN_UNASKED as UNASKED
from tests.contracts.privacy import FROM_MEETING, is_in, may_read
from tests.contracts.test_access import ANSWERED, REFUSED, STATUSES, expected
from tests.contracts.walking import FIXED, NO_STAGE, OWNED, ROLES, STAGES, Page, Route, Walk
from tests.contracts.walking import all_routes as every_route
from tests.scenario import CANARY
from tests.security.calls import call, calls, offered_by_mail
from tests.security.rows import Rows, scopes

METHODS = ("GET", "POST")
CALL, MAIL, ROWS = "CALL", "MAIL", "ROWS"
BEHIND = {CALL, MAIL, ROWS}
"""What is asked of the code behind the pages."""
OF_WHOM = ("own", "colleague", "excused", "foreign", "mixed", "smuggled")
"""Whose row an address names; "mixed" names a colleague's under the return of "own", "smuggled"
one of the other partnership under a row of this one."""
SPEAKING = re.compile(r"<title>(.*?)</title>", re.DOTALL)
OFFERS = re.compile(r'(href|action)="(/[^"#?]*)')
SENT_HERE = re.compile(r"<form(?![^>]*\saction=)[^>]*\smethod=\"post\"")
BROKEN = "breaks down:"
CLOSED = 423
TITLES_OF_OTHERS = {"called"}


@dataclass(frozen=True)
class Cell:
    method: str
    route: str
    stage: str
    whose: str
    role: str

    def __str__(self) -> str:
        return f"{self.method} {self.route} as {self.role}, {self.stage}, {self.whose}"


@cache
def routes() -> dict[str, Route]:
    return {route.name: route for route in every_route() if route.name not in OPEN_TO_ALL}


def cells(walk: Walk) -> Iterator[Cell]:
    """Every one there is: at all stages, whether or not the table says what the page answers."""
    for route in routes().values():
        stages = STAGES if route.is_of_audit else (NO_STAGE,)
        for whose in OF_WHOM:
            for stage in ("meeting",) if whose == "foreign" and route.is_of_audit else stages:
                if address(walk, route, stage, whose) is not None:
                    for method in METHODS:
                        for role in (*ROLES, "anonymous"):
                            yield Cell(method, route.name, stage, whose, role)


def address(walk: Walk, route: Route, stage: str, whose: str) -> str | None:
    if whose == "foreign" and not set(route.kwargs) - set(FIXED):
        return None
    if whose not in {"mixed", "smuggled"}:
        return walk.address(route, stage, whose)
    of = "colleague" if whose == "mixed" else "foreign"
    first, *rest = route.kwargs or ("",)
    words = {*FIXED, "name"}
    differ = [name for name in rest if name not in words and (name in OWNED or of == "foreign")]
    if not differ or first in FIXED or (of == "colleague" and first != "return_id"):
        return None
    told = walk.scenario.told.get(stage)
    there = told if of == "colleague" else walk.scenario.told["foreign"]
    values = {name: walk.value(route, name, told) for name in route.kwargs}
    values |= {name: walk.value(route, name, there, of) for name in differ}
    return None if None in values.values() else reverse(route.name, kwargs=values)


def column(cell: Cell) -> str:
    """The role of the table that stands to the addressed row as this one does to that of "own"."""
    role, whose = cell.role, cell.whose
    if whose == "foreign":
        return {"foreign": "officer", "leaver": "leaver"}.get(role, "foreign")
    first = routes()[cell.route].kwargs[0] if whose in {"colleague", "excused"} else "audit_id"
    if first != "audit_id":
        # Of a return that is not in others read as little as somebody whose own is not; what an
        # agency is to do was agreed by all.
        is_agreed = first == "action_id"
        is_shut = cell.stage in FROM_MEETING and not is_agreed and not is_in(cell.stage, whose)
        others = dict.fromkeys(
            ("lead", "auditor", "colleague"), "excused" if is_shut else "colleague"
        )
        return (others | {whose: "lead"}).get(role, role)
    return role


def mark_of(cell: Cell) -> str:
    """What the table says; empty where it says nothing of this stage."""
    if cell.method == CALL:
        return expected(calls()[cell.route].line)[cell.role]
    if cell.method in {MAIL, ROWS} or cell.role == "anonymous":
        return ""
    lines = (PAGES | BUTTONS)[cell.route]
    if cell.method == "GET" and cell.route in BUTTONS:
        return "x"
    if cell.method == "POST":
        lines = lines | SAVING.get(cell.route, {})
    if cell.whose == "foreign" and cell.role != "foreign":
        line = next(iter(lines.values()))
    else:
        line = lines.get(cell.stage, "")
    return expected(line)[column(cell)] if line else ""


class Matrix:
    """The cells of one scenario, each opened when it is asked for."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.rows = Rows(walk.scenario)
        self.cells = [*cells(walk), *_beside_pages()]
        self.named = {
            where: (cell.route, cell.stage, cell.whose)
            for cell in self.cells
            if cell.method == "GET"
            and cell.role == "anonymous"
            and (where := self.address(cell)) is not None
        }
        """What each address names."""

    def faults(self, cell: Cell) -> list[str]:
        """What is wrong with it, said in words; nothing if it is as it should be."""
        if cell.method not in BEHIND:
            return self._opened(cell)
        try:
            with transaction.atomic():
                found = [fault for fault in self._behind(cell) if fault]
        except Exception as trouble:  # noqa: BLE001 - a rule that is broken on purpose
            found = [f"{BROKEN} {type(trouble).__name__}"]
        return [f"{cell}: {fault}" for fault in found]

    def _behind(self, cell: Cell) -> Iterator[str]:
        if cell.method == CALL:
            yield call(self.walk.scenario, cell.route, cell.role)
        elif cell.method == ROWS:
            yield self.rows.beyond(cell.route, cell.role)
        else:
            for where in offered_by_mail(self.walk.scenario, cell.role):
                if self.walk.open("GET", where, cell.role).status != 200:
                    yield f"names {where}, which is refused"

    def address(self, cell: Cell) -> str | None:
        return address(self.walk, routes()[cell.route], cell.stage, cell.whose)

    def _opened(self, cell: Cell) -> list[str]:
        """What is wrong: the answer, what was written, whose words came out, what is offered."""
        where = self.address(cell)
        assert where is not None, cell
        page = self.walk.open(cell.method, where, cell.role)
        if page.status >= 500:
            return [f"{cell}: {BROKEN} {page.status}"]
        found = (*_wrong(cell, page), *leaks(cell, page), *self._offered(cell, page))
        return [f"{cell}: {fault}" for fault in found]

    def _offered(self, cell: Cell, page: Page) -> Iterator[str]:
        """Links and buttons that would be refused to whoever is shown them."""
        for attribute, where in OFFERS.findall(page.text if page.is_html else ""):
            yield from self._refused(cell, where, sent=attribute == "action")
        here = Cell("POST", cell.route, cell.stage, cell.whose, cell.role)
        if page.is_html and SENT_HERE.search(page.text) and mark_of(here) in REFUSED:
            yield "shows a form that it would refuse"

    def _refused(self, cell: Cell, where: str, *, sent: bool = False) -> Iterator[str]:
        route, stage, whose = self.named.get(where, ("", "", ""))
        if route:
            method = "POST" if sent and route in BUTTONS else "GET"
            if mark_of(Cell(method, route, stage, whose, cell.role)) in {".", "-"}:
                yield f"offers {route}, {stage}, {whose}, and would refuse it"


def _beside_pages() -> Iterator[Cell]:
    """Functions and querysets behind the pages, asked as everybody; links of the daily mail."""
    for role in ROLES:
        yield Cell(MAIL, "the daily mail", NO_STAGE, "own", role)
        for name, made in calls().items():
            yield Cell(CALL, name, made.stage, "own", role)
        for name, _ in scopes():
            yield Cell(ROWS, name, NO_STAGE, "own", role)


def _wrong(cell: Cell, page: Page) -> Iterator[str]:
    if cell.role == "anonymous":
        if (page.status, page.location.split("?")[0]) != (302, reverse("account_login")):
            yield f"shown more than the door: {page.status}"
        return
    if cell.whose in {"mixed", "smuggled"}:
        gone = {302} if cell.role == "leaver" else set()  # signed out, and led to the door
        if page.status not in {403, 404, 405, *gone} or page.writes:
            yield f"answers {page.status} for rows that do not belong together"
        return
    mark = mark_of(cell)
    refused = not mark or mark in REFUSED
    if mark and not _answers(page, cell, mark):
        yield f"{STATUSES[mark]} expected, got {page.status}"
    if page.writes and mark and (refused or page.status == CLOSED or _keeps_still(cell)):
        yield f"wrote {page.writes[0]}"


def _answers(page: Page, cell: Cell, mark: str) -> bool:
    """Whether the answer is that of the mark.

    Another's return may stand at another stage than that of "own": then only whether the row is
    found and whether it is opened are asked.
    """
    if cell.role == "leaver":
        return page.status == 302
    if cell.whose == "excused" or (cell.whose == "colleague" and cell.stage != "collecting"):
        if mark in {".", "x"}:
            return page.status == STATUSES[mark]
        return page.status in ({403, *_taken(cell)} if mark != "-" else {403, 302})
    if cell.method == "POST" and mark not in REFUSED:
        return page.status in ANSWERED
    return page.status == STATUSES[mark]


def _taken(cell: Cell) -> set[int]:
    return ANSWERED if cell.method == "POST" else {200, 302}


def _keeps_still(cell: Cell) -> bool:
    return cell.route not in (RECORDED if cell.method == "GET" else UNASKED)


def leaks(cell: Cell, page: Page) -> Iterator[str]:
    """Words on a page, in a file, in a heading of the answer or in a mail that are not theirs."""
    for words in set(CANARY.findall(page.text)):
        if not may_read(cell.role, words, cell.route):
            yield f"shows {'-'.join(words)}"
        elif page.status >= 400 and words[1] not in TITLES_OF_OTHERS:
            yield f"shows {'-'.join(words)} beside an error"
    if _tells_names(cell, page):
        yield "tells that a word is a sealed name"
    around = "\n".join([page.location, *page.headers.values(), page.mail, *_titles(page)])
    for words in set(CANARY.findall(around)):
        if words[1] not in TITLES_OF_OTHERS or not may_read(cell.role, words, cell.route):
            yield f"says {'-'.join(words)} in a heading, an address or a mail"


def _tells_names(cell: Cell, page: Page) -> bool:
    """Whether somebody is told that a word is a sealed name who may not look at the identities."""
    looking = cell.role in {"officer", "foreign"} or (
        cell.role in {"auditor", "lead", "colleague"} and cell.stage == "collecting"
    )
    return not looking and escape(WHY_KNOWN) in page.text


def _titles(page: Page) -> list[str]:
    return SPEAKING.findall(page.text) if page.is_html else []
