"""From each release's rows to today's schema: nothing fails, and nothing is lost unasked."""

import gzip
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.support.other_database import OtherDatabase
from tests.upgrades.freeze import FROZEN

GO_BACK_TO = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
MigrationExecutor(connection).migrate({})
"""
# Where a migration writes rows: an entry of the activity names each document published before.
WRITTEN = {"agencies_activity": "reports_document"}
RELEASES = sorted(path.name.removesuffix(".json.gz") for path in FROZEN.glob("*.json.gz"))


def release(name: str) -> Any:
    return json.loads(gzip.decompress((FROZEN / f"{name}.json.gz").read_bytes()))


def leaves(frozen: Any) -> Iterator[tuple[str, str]]:
    """The last applied migration of each app that had any."""
    ours = {config.label for config in apps.get_app_configs()}
    yield from sorted(
        {app: name for app, name in sorted(frozen["migrations"]) if app in ours}.items()
    )


def hash_what_was_cut(documents: dict[str, Any]) -> None:
    """Printed documents are frozen cut; their hashes become those of what is left of them."""
    pdf, hashed = (documents["columns"].index(name) for name in ("pdf", "pdf_hash"))
    for row in documents["rows"]:
        row[hashed] = sha256(bytes.fromhex(row[pdf][2:])).hexdigest()


def fill(other: OtherDatabase, tables: dict[str, Any]) -> None:
    with other.opened() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET TIME ZONE 'UTC'")
        else:
            cursor.execute("PRAGMA defer_foreign_keys = on")
        for table, found in tables.items():
            mark = "%s" if connection.vendor == "postgresql" else "?"
            columns = ", ".join(f'"{column}"' for column in found["columns"])
            marks = ", ".join([mark] * len(found["columns"]))
            blobs = _blobs(cursor, table)
            cursor.executemany(
                f'INSERT INTO "{table}" ({columns}) VALUES ({marks})',  # noqa: S608 - frozen by us
                [
                    [
                        bytes.fromhex(value[2:]) if value and column in blobs else value
                        for column, value in zip(found["columns"], row, strict=True)
                    ]
                    for row in found["rows"]
                ],
            )
            if connection.vendor == "postgresql" and "id" in found["columns"]:
                _continue_numbers(cursor, table)
        cursor.connection.commit()


def _blobs(cursor: Any, table: str) -> set[str]:
    """SQLite takes bytes as bytes; PostgreSQL reads them from their letters."""
    if connection.vendor == "postgresql":
        return set()
    cursor.execute(f"PRAGMA table_info('{table}')")
    return {name for _at, name, kind, *_rest in cursor if kind == "BLOB"}


def _continue_numbers(cursor: Any, table: str) -> None:
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])
    if sequence := cursor.fetchone()[0]:
        last = f'SELECT max(id) FROM "{table}"'  # noqa: S608 - frozen by us
        cursor.execute(f"SELECT setval(%s, ({last}))", [sequence])


def counts(other: OtherDatabase, tables: dict[str, Any]) -> dict[str, int]:
    return {
        table: other.ask(f'SELECT count(*) FROM "{table}"')[0][0]  # noqa: S608 - frozen by us
        for table in tables
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", RELEASES)
def test_a_release_with_rows_comes_to_today(name: str, tmp_path: Path) -> None:
    frozen = release(name)
    with OtherDatabase(tmp_path) as other:
        answer = other.manage("shell", "--command", GO_BACK_TO.format(list(leaves(frozen))))
        assert answer.returncode == 0, answer.stderr
        hash_what_was_cut(frozen["tables"]["reports_document"])
        fill(other, frozen["tables"])
        expected = counts(other, frozen["tables"])
        expected |= {table: expected[table] + expected[of] for table, of in WRITTEN.items()}

        answer = other.manage("migrate", "--verbosity=0")
        assert answer.returncode == 0, answer.stderr
        assert counts(other, frozen["tables"]) == expected
        answer = other.manage("verify_activity")
        assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_first_release_is_among_them() -> None:
    frozen = release("first")
    assert ["audits", "0001_initial"] in frozen["migrations"]
    assert len(frozen["tables"]) > 40
    assert sum(len(table["rows"]) for table in frozen["tables"].values()) > 5000
    known = set(MigrationLoader(None).disk_migrations)
    assert {("audits", "0001_initial"), ("agencies", "0001_initial")} <= known
