"""Requests that no browser sends: no server error, whatever it is.

Forms are spoilt as `tests.endurance.test_bad_input` spoils them; here every address is asked as
well with queries, methods, headers, cookies and paths of nonsense. What an answer says to
somebody who filled in a form is judged there; here it is only whether there is one.
"""

import os
import random
from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache

from tests.contracts.access_table import OPEN_TO_ALL, PAGES
from tests.contracts.walking import NO_STAGE, ROLES, Walk, all_routes
from tests.endurance import Figures
from tests.endurance.forms_found import all_forms
from tests.endurance.lasting import lasting_walk
from tests.endurance.nonsense import BODIES, TYPES, Form, Nonsense, Sent
from tests.endurance.test_bad_input import multipart
from tests.support.undone import undone

SMALL, LONG = 250, 100_000

METHODS = [
    "GET",
    "GET",
    "GET",
    "GET",
    "POST",
    "HEAD",
    "OPTIONS",
    "PUT",
    "PATCH",
    "DELETE",
    "TRACE",
    "FOO",
]
NAMES = [
    "q", "page", "sort", "stage", "status", "agency", "audit", "case", "theme", "from", "to",
    "next", "kind", "role", "state", "person", "partnership", "point", "compare", "version", "show",
    "tab",
    "o", "", "\x00", "page[]", "__proto__", "csrfmiddlewaretoken", "format", "date", "day",
]  # fmt: skip
HEADERS = [
    "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_ORIGIN",
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_HX_REQUEST",
    "HTTP_HX_TARGET", "HTTP_HX_CURRENT_URL", "HTTP_HX_PROMPT", "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_X_CSRFTOKEN", "HTTP_SEC_FETCH_SITE",
    "HTTP_AUTHORIZATION", "HTTP_X_REQUESTED_WITH", "HTTP_HOST", "HTTP_EXPECT", "HTTP_FORWARDED",
    "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_COOKIE", "HTTP_X_HTTP_METHOD_OVERRIDE",
]  # fmt: skip
COOKIES = ["sessionid", "csrftoken", "messages", "contributor", "\x00", "__Host-sessionid"]
# Octal, in quotes, is how a cookie says a byte that a header cannot carry.
KEYS = ['"\\000' + "a" * 31 + '"', '"' + "\\377" * 9 + '"', "a" * 3000, "é" * 32, "A" * 32, '"\\']
ODD_BODIES = [
    *BODIES,
    b"answer_%00=x&evidence_%FF=x&point_%00=x&basis=%00",
    b"credential=" + b"[" * 20_000,
]
ODD_TYPES = [
    *TYPES,
    "application/x-www-form-urlencoded; charset=latin-1",
    "application/x-www-form-urlencoded; charset=UTF8",
    "application/x-www-form-urlencoded; charset=unicode_escape",
    "multipart/form-data; boundary=x; charset=utf-7",
]
PATHS = [
    "//", "/./", "/../", "/%00", "/%2e%2e/", "/%ff%fe", "/\u202e", "/;a=b", "/?", "/#", "/%",
    "/index.php", "/.env", "/.git/config", "/admin/", "/static/../maca/settings.py",
    "/static/%2e%2e/settings.py", "/media/x", "/accounts/password/reset/key/x-y/", "/" + "a/" * 900,
    "/invitations/x/", "/contribute/links/x/", "/invitations/" + "x" * 3000 + "/",
]  # fmt: skip


def run(rounds: int) -> Figures:
    figures = Figures("hostile_requests", bad=("server errors",))
    with lasting_walk() as walk:
        Attack(walk, figures, whole=rounds > SMALL).go(rounds)
    return figures


class Attack:
    def __init__(self, walk: Walk, figures: Figures, *, whole: bool) -> None:
        self.walk = walk
        self.figures = figures
        self.chance = random.Random(20261122)
        names = sorted({route.name for route in all_routes()})
        only = None if whole else set(self.chance.sample(names, 15))
        self.forms = all_forms(walk, only)
        self.addresses = list(_addresses(walk))
        ids = [
            value
            for told in walk.scenario.told.values()
            for value in told.parts.values()
            if hasattr(value, "hex")
        ]
        self.nonsense = Nonsense("hostile", ids, lambda chance: chance.randbytes(200))
        self.worst: Counter[str] = Counter()
        self.report = os.environ.get("ENDURE_REPORT", "")

    def go(self, rounds: int) -> None:
        self.figures.add("forms", len(self.forms))
        self.figures.add("addresses", len(self.addresses))
        for number in range(rounds):
            if number % 3 == 0:
                self._spoil_a_form()
            else:
                self._ask_oddly()

    def _spoil_a_form(self) -> None:
        form: Form = self.chance.choice(self.forms)
        sent = self.nonsense.sent(form)
        body, kind = _encoded(form, sent)
        self._send(form.role, "POST" if form.method == "post" else "GET", form.action, body, kind)

    def _ask_oddly(self) -> None:
        role, address = self.chance.choice(self.addresses)
        if self.chance.random() < 0.1:
            address = self.chance.choice(PATHS)
        elif self.chance.random() < 0.15:
            address = self._bent(address)
        if self.chance.random() < 0.8:
            address = f"{address}?{self._query()}"
        method = self.chance.choice(METHODS)
        body, kind = b"", "text/plain"
        if self.chance.random() < 0.2:
            body, kind = self.chance.choice(ODD_BODIES), self.chance.choice(ODD_TYPES)
        self._send(role, method, address, body, kind, **self._headers())

    def _bent(self, address: str) -> str:
        """One step of the path says something else."""
        steps = address.split("/")
        at = self.chance.randrange(len(steps))
        steps[at] = quote(self.nonsense.value().encode("utf-8", "replace")[:2000], safe="")
        return "/".join(steps) or "/"

    def _query(self) -> str:
        pairs = [
            (self.chance.choice(NAMES), self.nonsense.value()[:3000])
            for _ in range(self.chance.choice((1, 1, 2, 5, 40)))
        ]
        broken = self.chance.choice(("", "", "", "&&=&", "%", "%ff=%00", "=;=;"))
        said = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
        return f"{said}{broken}"

    def _headers(self) -> dict[str, str]:
        chosen = self.chance.sample(HEADERS, self.chance.choice((0, 0, 1, 2, 4)))
        headers = {name: _header(self.nonsense.value()) for name in chosen}
        if "HTTP_COOKIE" in headers:
            said = self.chance.choice((headers["HTTP_COOKIE"][:2900], *KEYS))
            headers["HTTP_COOKIE"] = f"{self.chance.choice(COOKIES)}={_header(said)}"
        return headers

    def _send(
        self, role: str, method: str, address: str, body: bytes, kind: str, **headers: str
    ) -> None:
        cache.clear()
        size = headers.get("CONTENT_LENGTH", "").replace("_", "")
        if size.isdecimal() and int(size) > len(body):
            # A server waits for the rest and gives up; the tests' client calls it a fault.
            headers["CONTENT_LENGTH"] = str(2**62)
        client: Any = self.walk.clients[role]
        kept = {name: each.value for name, each in client.cookies.items()}
        if "HTTP_COOKIE" in headers:
            # As it is: the client's own jar takes no cookie that is none.
            own = [f"{name}={value}" for name, value in kept.items()]
            headers["HTTP_COOKIE"] = "; ".join([*own, headers["HTTP_COOKIE"]])
        with undone():
            answer: Any = client.generic(method, address, body, content_type=kind, **headers)
        client.cookies.clear()
        for name, value in kept.items():
            client.cookies[name] = value
        client.cookies.pop("messages", None)
        self.figures.add("requests")
        self.figures.add(f"answered {answer.status_code // 100}xx")
        if answer.status_code >= 500 and "/health/work/" not in address:
            self.figures.add("server errors")
            self._note(method, address, body, headers, answer)

    def _note(self, method: str, address: str, body: bytes, headers: Any, answer: Any) -> None:
        """The first few of a kind in full, for whoever has to mend it."""
        trouble = repr(getattr(answer, "exc_info", None))
        self.worst[trouble[:80]] += 1
        if self.report and self.worst[trouble[:80]] <= 3:
            with open(self.report, "a", encoding="utf-8", errors="replace") as out:  # noqa: PTH123
                print(f"{method} {address[:300]!r} {headers} {body[:300]!r}\n  {trouble}", file=out)


def _addresses(walk: Walk) -> Any:
    for route in all_routes():
        for stage in walk.stages_of(route):
            address = walk.address(route, stage)
            if address is None:
                continue
            line = PAGES.get(route.name, {}).get(stage)
            marks = dict(zip(ROLES, (line or "+" * len(ROLES)).replace(" ", ""), strict=True))
            yield from ((role, address) for role in ROLES if marks[role] == "+")
            if route.name in OPEN_TO_ALL or stage == NO_STAGE:
                yield "anonymous", address


def _encoded(form: Form, sent: Sent) -> tuple[bytes, str]:
    if sent.body is None and (form.multipart or sent.files):
        return multipart(sent)
    return sent.encoded(), sent.content_type


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _header(text: str) -> str:
    """As a server hands it on: bytes, one to a letter, without ends of line."""
    plain = text.replace("\r", "").replace("\n", "")[:4000]
    return plain.encode("utf-8", "replace").decode("latin-1")


@pytest.mark.django_db
def test_odd_requests_are_answered() -> None:
    figures = run(SMALL)
    assert figures.held, str(figures)
    assert figures.counts["requests"] == SMALL
