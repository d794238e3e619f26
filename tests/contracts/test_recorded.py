"""Whatever writes is on record: every domain function that writes, and every route that does.

The first is read from the source. A function writes if it, or a domain function that it calls,
calls one of the methods that write rows; it records if it, or one that it calls, appends to the
activity. The second opens what an empty form makes write, and looks at what was written.
"""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.contracts.access_table import BUTTONS, PAGES, WRITTEN_UNASKED
from tests.contracts.test_code import called, is_write, tree_of, within
from tests.contracts.walking import ROLES, Route, Walk, all_routes

Key = tuple[str, str]

# Domain functions that write and record nothing, and why.
UNRECORDED = {
    "agencies.domain.access_reviews": "a review keeps each decision with who made it and when",
    "agencies.domain.jobs": "background work, of which jobs and workers have rows of their own",
    "agencies.domain.outbox": "a mail is a part of a write that is recorded, and has its own row",
    "agencies.domain.reencryption": "a command renews keys; what is said stays as it was",
    "agencies.domain.sessions": "sessions begin and end with entrances, which are recorded",
    "agencies.domain.timetable": "the timetable notes for itself what it has seen to",
    "agencies.domain.verifying": "what came of a check of the activity itself",
    "agencies.domain.workers": "background work, of which jobs and workers have rows of their own",
    "audits.domain.presence": "who has a page open just now; forgotten within minutes",
}
PARTS = {
    "add_lines": "its callers keep each text, which notes the sitting",
    "begin": "its caller keeps each text",
    "keep": "keeps texts; the sitting of whoever wrote them is noted by it",
    "list_under": "a part of a write that is recorded",
    "meeting_of": "makes the row that its callers write to",
    "raise_revision": "a part of a write that is recorded",
    "record_preview": "says itself who looked at which draft and when",
    "renumber": "a part of a write that is recorded",
    "reword": "its callers keep each text",
    "use": "the entrance it opens is recorded",
    "send_code": "who comes in with the code is recorded, and the mail has its own row",
    "write": "its callers keep each text",
}


def module_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts[-3:])


@cache
def functions() -> dict[Key, ast.FunctionDef]:
    return {
        (module_of(path), node.name): node
        for path in within("domain")
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef)
    }


@cache
def imported(path: Path) -> dict[str, tuple[str, str]]:
    """What a module's names mean: where they come from, and what they are called there."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def target(call: ast.Call, path: Path) -> Key | None:
    """The domain function that is called, as far as the source says."""
    names = imported(path)
    if isinstance(call.func, ast.Name):
        home, name = names.get(call.func.id, (module_of(path), call.func.id))
        return home, name
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        home, module = names.get(call.func.value.id, ("", ""))
        return f"{home}.{module}", call.func.attr
    return None


@cache
def calls() -> dict[Key, set[Key]]:
    found: dict[Key, set[Key]] = {}
    for path in within("domain"):
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef):
                inside = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
                keys = {target(each, path) for each in inside}
                found[module_of(path), node.name] = {key for key in keys if key in functions()}
    return found


def reaching(start: set[Key]) -> set[Key]:
    """These functions, and all that call one of them, however far."""
    there = set(start)
    while more := {key for key, inside in calls().items() if inside & there} - there:
        there |= more
    return there


def test_every_domain_function_that_writes_records() -> None:
    writing = reaching(
        {key for key, node in functions().items() if any(is_write(each) for each in ast.walk(node))}
    )
    recording = reaching({("agencies.domain.activity", "record")})
    # What a table of steps calls afterwards is a part of the step, which is recorded.
    silent = {
        (home, name)
        for home, name in writing - recording
        if not name.startswith("_") and home not in UNRECORDED and name not in PARTS
        if home not in {"audits.domain.settling", "audits.domain.circulation"}
        if home not in {"audits.domain.approval", "agencies.domain.activity"}
    }
    assert silent == set(), "Record what it does, or say in this module why not."


# Entries of the activity, and texts kept with who wrote them and when.
ON_RECORD = {"agencies_activity", "audits_textrevision"}
# Rows that say themselves who looked at what and when, and are gone or overtaken soon.
PASSING = {"audits_presence", "reports_preview", "django_session", "agencies_signedin"}
STATEMENT = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


@contextmanager
def tables() -> Iterator[set[str]]:
    """Those in which a row was written, changed or removed."""
    found: set[str] = set()

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        result = execute(sql, params, many, context)
        match = STATEMENT.match(sql)
        # A driver counts what it put in only once its ids were fetched.
        if match and (sql.startswith("INSERT") or context["cursor"].rowcount):
            found.add(match[1])
        return result

    with connection.execute_wrapper(note):
        yield found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "route",
    [route for route in all_routes() if route.name in WRITTEN_UNASKED],
    ids=lambda route: route.name,
)
def test_what_a_request_writes_is_on_record(route: Route, walk: Walk) -> None:
    silent = []
    for stage, line in (PAGES | BUTTONS)[route.name].items():
        marks = dict(zip(ROLES, line.replace(" ", ""), strict=True))
        for role in [role for role, mark in marks.items() if mark == "+"]:
            address = walk.address(route, stage)
            assert address is not None
            with tables() as written:
                walk.open("POST", address, role)
            if written - PASSING and not written & ON_RECORD:
                silent.append(f"{role}, {stage}: {sorted(written)}")
    assert silent == [], "\n".join(silent)


def test_calls_are_understood() -> None:
    """A graph that found no callers would find no fault either."""
    recording = reaching({("agencies.domain.activity", "record")})
    assert ("audits.domain.transitions", "transition") in recording
    assert ("audits.domain.case_returns", "save_sent") in recording
    assert ("audits.domain.presence", "note") not in recording
    assert called(ast.parse("f()").body[0].value) == "f"  # type: ignore[attr-defined]
