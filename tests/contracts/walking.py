"""Finds every route, gives each an address in the scenario, and opens it as everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pypdf import PdfReader

from agencies.domain.invitations import token_for
from agencies.models import OutboxMessage
from agencies.models.outbox import MessageState
from audits.models import Stage
from reports.models import Document, Prose
from tests import scenario as scenes
from tests.scenario import Scenario, Told

ROLES = (
    "auditor",
    "lead",
    "colleague",
    "excused",
    "unasked",
    "officer",
    "chair",
    "member",
    "board",
    "admin",
    "foreign",
    "leaver",
)
"""Columns of the table of access; tests/scenario.py says who each is."""

STAGES = tuple(stage.value for stage in scenes.RETURN_STAGES)
NO_STAGE = "any"
"""For addresses that belong to no audit."""

# The tables in which a refused request may leave a trace: its session, and that it was refused.
TRACES = ("django_session", "agencies_signedin", "agencies_activity", "agencies_activitychain")


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    kwargs: tuple[str, ...]
    converters: tuple[str, ...]

    @property
    def is_of_audit(self) -> bool:
        fixed = {"direction", "token", "uidb36", "key", "pk", "provider_id"}
        return bool(set(self.kwargs) - set(SHARED) - fixed)


SHARED = (
    "agency_id",
    "body_id",
    "contributor_id",
    "message_id",
    "person_id",
    "membership_id",
    "theme_id",
    "learning_theme_id",
    "toolkit_id",
    "question_id",
    "request_id",
    "review_id",
    "ref",
)


# What is one agency's: "colleague" and "excused" have rows of their own under these names.
OWNED = {
    "return_id",
    "case_return_id",
    "revision_id",
    "report_revision_id",
    "correction_id",
    "concern_id",
    "time_request_id",
    "action_id",
    "agency_id",
    "contributor_id",
}
FIXED = {
    "direction": "up",
    "kind": Document.Kind.SUMMARY_REPORT,
    "passage": Prose.Passage.BACKGROUND,
    "uidb36": "0",
    "key": "no-key",
    "pk": 0,
    "provider_id": "none",
}
"""Words in an address that name no row."""


def all_routes() -> list[Route]:
    return sorted(_collect(get_resolver().url_patterns, ""), key=lambda route: route.name)


def _collect(patterns: list[Any], prefix: str) -> Iterator[Route]:
    for each in patterns:
        whole = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _collect(each.url_patterns, whole)
        elif isinstance(each, URLPattern):
            found = each.pattern.regex.groupindex
            kinds = [type(kind).__name__ for kind in each.pattern.converters.values()]
            yield Route(each.name or whole, whole, tuple(found), tuple(kinds))


@dataclass
class Page:
    """What one person got from one address."""

    status: int
    location: str
    headers: dict[str, str]
    text: str
    writes: list[str]
    """The statements that wrote, sessions and traces of refusals left out."""
    mail: str = ""
    """All that was written to anybody because of it."""

    @property
    def is_html(self) -> bool:
        return self.status == 200 and self.headers.get("content-type", "").startswith("text/html")


@dataclass
class Walk:
    scenario: Scenario
    pages: dict[tuple[str, str, str, str], Page] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """One signed-in client a role, that says what went wrong as a server would.

        Signed in now, since a session begun in a test ends with it.
        """
        self.clients = {
            role: Client(raise_request_exception=False) for role in (*ROLES, "anonymous")
        }
        for role in ROLES:
            self.clients[role].force_login(self.scenario.people[role])

    def stages_of(self, route: Route) -> list[str]:
        """The stages at which the scenario has what the address names."""
        if not route.is_of_audit:
            return [NO_STAGE]
        return [stage for stage in STAGES if self.address(route, stage) is not None]

    def address(self, route: Route, stage: str, whose: str = "own") -> str | None:
        """None where the scenario has no such row, or none that is `whose`."""
        if whose in {"colleague", "excused"} and not OWNED & set(route.kwargs):
            return None
        told = self.scenario.told.get("foreign" if whose == "foreign" else stage)
        values = {name: self.value(route, name, told, whose) for name in route.kwargs}
        if None in values.values():
            return None
        return reverse(route.name, kwargs=values)

    def value(self, route: Route, name: str, told: Told | None, whose: str = "own") -> Any:
        if name in FIXED:
            return FIXED[name]
        shared = self.scenario.shared
        if whose != "own" and (name in OWNED or whose == "foreign"):
            shared = self.scenario.others.get(whose, {})
        if name in SHARED:
            return shared.get(name)
        if name == "token":
            return token_for(shared["invitation"])
        return _of_audit(route, name, told, whose) if told else None

    def get(self, route: Route, stage: str, role: str) -> Page:
        return self._remembered("GET", route, stage, role)

    def post(self, route: Route, stage: str, role: str) -> Page:
        """With what every form carries and no more: all that it asks for is left out."""
        return self._remembered("POST", route, stage, role)

    def _remembered(self, method: str, route: Route, stage: str, role: str) -> Page:
        key = (method, route.name, stage, role)
        if key not in self.pages:
            address = self.address(route, stage)
            assert address is not None, f"The scenario has no {route.name} at {stage}."
            self.pages[key] = self.open(method, address, role)
        return self.pages[key]

    def open(self, method: str, address: str, role: str) -> Page:
        """Everything but the answer is undone."""
        cache.clear()
        client = self.clients[role]
        signed_in = client.cookies.get(settings.SESSION_COOKIE_NAME)
        key = signed_in.value if signed_in else ""
        with transaction.atomic(), writes() as written:
            response = client.generic(
                method,
                address,
                "csrfmiddlewaretoken=x" if method == "POST" else "",
                content_type="application/x-www-form-urlencoded",
            )
            mail = "" if not any("agencies_outbox" in each for each in written) else _mail()
            transaction.set_rollback(True)
        client.cookies.pop("messages", None)
        if key:
            client.cookies[settings.SESSION_COOKIE_NAME] = key
        text = words_of(b"".join(response) if response.streaming else response.content)
        headers = {name.lower(): value for name, value in response.headers.items()}
        headers["set-cookie"] = response.cookies.output()
        location = headers.get("location", "")
        return Page(response.status_code, location, headers, text, written, mail)


def words_of(content: bytes) -> str:
    """What can be read in an answer: of a workbook, all of its parts; of a PDF, its pages."""
    if content.startswith(b"PK\x03\x04"):
        with ZipFile(BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    if content.startswith(b"%PDF") and b"startxref" in content[-100:]:
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return content.decode(errors="replace")


def _mail() -> str:
    """What waits in the outbox beside what the scenario put there."""
    rows = OutboxMessage.objects.filter(state=MessageState.WAITING)
    return "\n".join(
        f"{row.to} {row.subject} {row.body} {bytes(row.calendar).decode()}" for row in rows
    )


# A step that the officer could take from each stage.
AUDIT_STEPS = {
    Stage.PLANNED: "ask-for-nominations",
    Stage.NOMINATING: "circulate",
    Stage.COLLECTING: "go-to-meeting",
    Stage.MEETING: "start-drafting",
    Stage.DRAFTING: "ask-for-approval",
    Stage.PUBLISHED: "close",
}


def _of_audit(route: Route, name: str, told: Told, whose: str) -> Any:
    if name == "audit_id":
        return told.audit.pk
    if name == "name" and route.name == "audit-transition":
        return AUDIT_STEPS[Stage(told.audit.stage)]
    if name == "name":
        return "sign-off" if told.stage == Stage.COLLECTING else "reopen"
    parts = told.parts if whose in {"own", "foreign"} else told.others.get(whose, {})
    if route.name == "point-update" and name == "point_id":
        return parts.get("returned")
    return (parts if name in OWNED else told.parts).get(name)


@contextmanager
def writes() -> Iterator[list[str]]:
    """What was written and not taken back again."""
    written: list[str] = []
    before: dict[str, int] = {}

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        savepoint = sql.rpartition(" ")[2]
        if sql.startswith("SAVEPOINT"):
            before[savepoint] = len(written)
        elif sql.startswith("ROLLBACK TO SAVEPOINT"):
            del written[before.get(savepoint, 0) :]
        elif sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(
            f'"{table}"' in sql[:60] for table in TRACES
        ):
            written.append(sql[:120])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield written
