"""A second database beside that of the tests: empty, and of the same kind."""

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import psycopg2
from django.conf import settings
from django.db import connection

from tests.support.workers import database_url, process_environment

ROOT = Path(__file__).resolve().parents[2]

Hashes = dict[str, tuple[int, str]]


class OtherDatabase:
    def __init__(self, folder: Path) -> None:
        self.name = f"other_{uuid4().hex}"
        self.file = folder / f"{self.name}.sqlite3"

    def __enter__(self) -> Self:
        self.wipe()
        return self

    def __exit__(self, *_error: object) -> None:
        self.drop()

    def wipe(self) -> None:
        self.drop()
        if connection.vendor == "postgresql":
            _say(f'CREATE DATABASE "{self.name}" TEMPLATE template0')

    def drop(self) -> None:
        self.file.unlink(missing_ok=True)
        if connection.vendor == "postgresql":
            _say(f'DROP DATABASE IF EXISTS "{self.name}"')

    @property
    def url(self) -> str:
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.file}"
        return _beside(self.name)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`manage.py` on this database, with the keys of the tests."""
        environment = process_environment() | {
            "DATABASE_URL": self.url,
            "MACA_MASTER_KEYS": settings.MASTER_KEYS,
            "MACA_BACKUP_KEYS": settings.BACKUP_KEYS,
            "MACA_KEY_FOLDER": str(settings.KEY_FOLDER),
        }
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with self.opened() as cursor:
            cursor.execute(question)
            return list(cursor)

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """A cursor; what it does is kept only where its connection commits."""
        with _opened(self.file, self.name) as cursor:
            yield cursor

    def hashes(self) -> Hashes:
        with self.opened() as cursor:
            return _hashes(cursor)


def hashes_of_the_tests() -> Hashes:
    """The same of the database the tests run on, read by the same driver."""
    name = str(connection.settings_dict["NAME"])
    with _opened(Path(name), name) as cursor:
        return _hashes(cursor)


@contextmanager
def _opened(file: Path, name: str) -> Iterator[Any]:
    one = sqlite3.connect(file) if connection.vendor == "sqlite" else _postgresql(name)
    with closing(one) as database, closing(database.cursor()) as cursor:
        yield cursor


def _beside(name: str) -> str:
    """The address of a database on the server of the tests."""
    return f"{database_url().rpartition('/')[0]}/{name}"


def _postgresql(name: str) -> Any:
    return psycopg2.connect(_beside(name))


def _say(statement: str) -> None:
    with closing(_postgresql(str(connection.settings_dict["NAME"]))) as server:
        server.autocommit = True
        with closing(server.cursor()) as cursor:
            cursor.execute(statement)


def _hashes(cursor: Any) -> Hashes:
    """Each table's number of rows, and a hash of all that stands in them."""
    found = {}
    for table in connection.introspection.table_names():
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a table of ours
        rows = sorted(repr([_plain(value) for value in row]) for row in cursor)
        found[table] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
