"""Is a form that is filled in well refused to whoever may not send it, and a row it never offered?

Forms are found on the pages of those who may send them, filled in until they are taken, and then
sent by everybody else, to everybody's rows. Whoever is refused an empty form for its emptiness
would pass the matrix; here the form itself is beyond reproach.

Then each row that a form names, in a field, in a list to choose from or in a field's own name, is
exchanged for one of the same kind that was not offered: of another return, another audit, another
partnership. It may be ignored or refused, but nothing that is written may name it.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Model

from tests.contracts.test_access import REFUSED, STATUSES
from tests.contracts.walking import ROLES, TRACES, Page, Walk, words_of
from tests.endurance import Figures
from tests.endurance.forms_found import forms_on, pages_seen
from tests.endurance.lasting import lasting_walk
from tests.endurance.nonsense import Field, Form, Nonsense, Sent
from tests.endurance.test_bad_input import multipart
from tests.scenario import CANARY
from tests.security.elsewhere import ANY_ID, OUTSIDE, leads_away, rows
from tests.security.matrix import Cell, Matrix, leaks, mark_of
from tests.security.test_matrix import spread
from tests.support.undone import undone

SMALL, LONG = 12, 1_000_000
NAME = "forms"
TRIES = 25
"""How often a form is filled in anew until it is taken."""
AT_MOST = 6
"""How many rows are tried in each place."""
SEEN_IN_THE_SUITE = {
    "action-update", "case-return-edit", "concern-create", "finding-update", "meeting-case",
    "membership-create", "nomination-create", "person-invite", "summative-edit",
}  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """A form that was taken from who may send it: what was sent, and where it belongs."""

    form: Form
    sent: Sent
    cell: Cell


def run(rounds: int) -> Figures:
    """So many forms; few of them from a few pages."""
    with lasting_walk() as walk:
        return Trial(walk).figures(rounds)


class Trial:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.matrix = Matrix(walk)
        self.figures_ = Figures(NAME, bad=("faults",))
        self.rows = rows()

    def figures(self, rounds: int) -> Figures:
        found = self._forms(SEEN_IN_THE_SUITE if rounds <= SMALL else None)
        self.figures_.add("forms", len(found))
        for form in spread(found, rounds):
            taken = self._taken(form)
            if taken is None:
                self.figures_.add("never taken")
                self.figures_.add(f"never taken: {form.route} as {form.role}")
                continue
            self.figures_.add("taken")
            for fault in (*self._by_others(taken), *self._with_other_rows(taken)):
                self.figures_.add("faults")
                self.figures_.add(fault)
        return self.figures_

    def _forms(self, only: set[str] | None) -> list[Form]:
        """One of each, sent to an address that the matrix knows."""
        found: dict[tuple[str, ...], Form] = {}
        for role, address, source in pages_seen(self.walk, only):
            for form in forms_on(source, address, role):
                if form.method == "post" and form.action.split("?")[0] in self.matrix.named:
                    found.setdefault((*form.signature, *self._cell(form)[1:2]), form)
        return sorted(found.values(), key=lambda form: (form.signature, form.action))

    def _cell(self, form: Form) -> tuple[str, str, str]:
        return self.matrix.named[form.action.split("?")[0]]

    def _taken(self, form: Form) -> Taken | None:
        """Filled in this way and that until it writes something, or leads on."""
        route, stage, whose = self._cell(form)
        filling = Filling(form)
        for number in range(TRIES):
            sent = filling.sent(usual=number == 0)
            answer = self._send(form, form.role, form.action, sent)
            if answer.written or answer.page.status == 302:
                return Taken(form, sent, Cell("POST", route, stage, whose, form.role))
        return None

    def _by_others(self, taken: Taken) -> Iterator[str]:
        """By everybody who may not, and to the same rows of everybody else."""
        for cell, address in self._cells(taken.cell):
            answer = self._send(taken.form, cell.role, address, taken.sent)
            self.figures_.add("sent by others")
            for fault in self._judged(cell, answer):
                yield f"{cell}: {fault}, of a form that {taken.form.role} may send"

    def _cells(self, own: Cell) -> Iterator[tuple[Cell, str]]:
        for whose in ("own", "colleague", "excused", "foreign"):
            address = self.matrix.address(replace(own, whose=whose))
            if address is None:
                continue
            for role in (*ROLES, "anonymous"):
                cell = replace(own, whose=whose, role=role)
                if role == "anonymous" or mark_of(cell) in REFUSED:
                    yield cell, address

    def _judged(self, cell: Cell, answer: "Answer") -> Iterator[str]:
        page, mark = answer.page, mark_of(cell)
        if page.status >= 500:
            yield f"breaks down: {page.status}"
        if answer.written:
            yield f"wrote {answer.written[0][0][:80]}"
        if page.mail:
            yield "sent mail"
        if mark in REFUSED and page.status != STATUSES[mark]:
            yield f"{STATUSES[mark]} expected, got {page.status}"
        yield from leaks(cell, page)

    def _with_other_rows(self, taken: Taken) -> Iterator[str]:
        for place, value, sent in Smuggler(self.rows, taken, self._offered(taken)).all():
            answer = self._send(taken.form, taken.form.role, taken.form.action, sent)
            self.figures_.add("sent with rows that are not offered")
            told = f"{taken.cell}, {place} naming another {self.rows[value].__name__}"
            if answer.page.status >= 500:
                yield f"{told}: breaks down: {answer.page.status}"
            if answer.names(value):
                yield f"{told}: is written"
            yield from (f"{told}: {each}" for each in leaks(taken.cell, answer.page))
        for where in OUTSIDE:
            sent = replace(taken.sent, pairs=[*taken.sent.pairs, ("next", where)])
            answer = self._send(taken.form, taken.form.role, taken.form.action, sent)
            self.figures_.add("sent with a way out")
            yield from (f"{taken.cell}: leads to {each}" for each in leads_away(answer.page))

    def _offered(self, taken: Taken) -> set[str]:
        """All that its page says of rows, its address among it."""
        fields = taken.form.fields
        said = [taken.form.action, *(each.name + each.value for each in fields)]
        said += [choice for each in fields for choice in each.choices]
        return {found for each in said for found in ANY_ID.findall(each)}

    def _send(self, form: Form, role: str, address: str, sent: Sent) -> "Answer":
        """Everything but the answer is undone."""
        cache.clear()
        client = self.walk.clients[role]
        name = settings.SESSION_COOKIE_NAME
        key = client.cookies[name].value if name in client.cookies else ""
        body, kind = sent.encoded(), sent.content_type
        if form.multipart or sent.files:
            body, kind = multipart(sent)
        with undone(), said_to_the_database() as written:
            response: Any = client.generic("POST", address, body, content_type=kind)
            mail = "".join(str(params) for sql, params in written if '"agencies_outbox' in sql)
        client.cookies.pop("messages", None)
        if key:
            client.cookies[name] = key
        text = words_of(b"".join(response) if response.streaming else response.content)
        for own in {each.group() for each in CANARY.finditer(str(sent.pairs))}:
            text = text.replace(own, "")  # what one has typed is given back to be kept
        headers = {name.lower(): value for name, value in response.headers.items()}
        location = headers.get("location", "")
        return Answer(Page(response.status_code, location, headers, text, [], mail), written)


type Said = list[tuple[str, Any]]


@dataclass
class Answer:
    page: Page
    all_said: Said

    @cached_property
    def written(self) -> Said:
        """Sessions and traces of refusals left out."""
        return [
            (sql, params)
            for sql, params in self.all_said
            if not any(f'"{table}"' in sql[:60] for table in TRACES)
        ]

    def names(self, value: str) -> bool:
        """Whether a row of this id is named by what was written, however the database says it."""
        ways = {value, value.replace("-", "")}
        return any(way in str(params) for _, params in self.written for way in ways)


@contextmanager
def said_to_the_database() -> Iterator[Said]:
    said: Said = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            said.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield said


class Filling:
    """Ways to fill in a form that an ordinary person might think of; the same each time."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.chance = random.Random(str(form.signature))
        self.nonsense = Nonsense(str(form.signature), [], lambda _chance: b"")

    def sent(self, *, usual: bool) -> Sent:
        """As it stands, with a choice where none is made; or with more of it filled in."""
        pairs = []
        for each in self.form.fields:
            value = self._value(each, usual=usual)
            if value is not None:
                pairs.append((each.name, value))
        return Sent(pairs)

    def _value(self, each: Field, *, usual: bool) -> str | None:
        if each.kind == "file":
            return None
        if each.choices:
            made = [choice for choice in each.choices if choice]
            return made[0] if usual and made else self.chance.choice(each.choices)
        if each.kind == "checkbox":
            return each.value or "on" if usual or self.chance.random() < 0.6 else None
        if each.value or each.kind == "hidden":
            return each.value
        if each.kind == "email":
            return "someone@fenshire.example"
        if each.kind == "date":
            return "2026-12-15"
        guesses = ("Words.", "4", "2026-12-15", "15", "12", "2027", "someone@fenshire.example", "")
        return "Words." if usual else self.chance.choice(guesses)


@dataclass
class Smuggler:
    """Puts rows of the same kind, that were not offered, where a form names one."""

    rows: dict[str, type[Model]]
    taken: Taken
    offered: set[str]

    def all(self) -> Iterator[tuple[str, str, Sent]]:
        """Where it was put, which row it is, and what is sent."""
        for at, (name, value) in enumerate(self.taken.sent.pairs):
            for part in (name, value):
                for own in ANY_ID.findall(part):
                    for other in self._others(own):
                        pair = (name.replace(own, other), value.replace(own, other))
                        pairs = [*self.taken.sent.pairs]
                        pairs[at] = pair
                        plain = ANY_ID.sub("…", name)
                        yield plain, other, replace(self.taken.sent, pairs=pairs)

    def _others(self, own: str) -> list[str]:
        model = self.rows.get(own)
        same = [pk for pk, each in self.rows.items() if each is model and pk not in self.offered]
        return spread(same, AT_MOST) if model else []


@pytest.mark.django_db
def test_a_form_that_is_filled_in_well_is_refused_to_whoever_may_not_send_it() -> None:
    figures = run(SMALL)
    assert figures.held, figures
    assert figures.counts["taken"] > SMALL / 2
    assert figures.counts["sent with rows that are not offered"] > SMALL
