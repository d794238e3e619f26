"""How each database is copied out and put back, whole, with its own means."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Protocol, cast

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from agencies.backups.box import PIECE, BackupError

# Where a database of SQLite says whether it has a write-ahead log (its file format, 1.3.3).
WAL_FLAGS = slice(18, 20)
BEGIN = b"""BEGIN; SET LOCAL lock_timeout = '10s';
DROP SCHEMA public CASCADE; CREATE SCHEMA public;
"""
# Said last and by us: were this process to die, what had come so far would be no database.
COMMIT = b"\nCOMMIT;\n"


class Engine(Protocol):
    name: str

    def dump(self) -> Iterator[bytes]:
        """The database as it is at one moment. Raises BackupError."""

    def load(self, database: Iterable[bytes]) -> None:
        """Put this in the place of all that is there, or change nothing. Raises BackupError."""


class SQLite:
    """Copied by SQLite itself, into memory and never into a second file."""

    name = "sqlite"

    def dump(self) -> Iterator[bytes]:
        connection.ensure_connection()
        with closing(sqlite3.connect(":memory:")) as copy:
            connection.connection.backup(copy)
            whole = bytearray(copy.serialize())
        # No write-ahead log goes with it; a copy that says so opens nowhere but beside its log.
        whole[WAL_FLAGS] = b"\x01\x01"
        for at in range(0, len(whole), PIECE):
            yield bytes(whole[at : at + PIECE])

    def load(self, database: Iterable[bytes]) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(":memory:")) as copy:
            try:
                copy.deserialize(b"".join(database))
                sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            except sqlite3.DatabaseError:
                sound = False
            if not sound:
                raise BackupError("What the backup holds is no database, says SQLite.")
            try:
                copy.backup(connection.connection)
            except sqlite3.Error as error:
                raise BackupError(f"SQLite would not take it: {error}. Stop the site.") from None
        connection.close()


class PostgreSQL:
    """Copied by pg_dump and put back by psql, in one transaction."""

    name = "postgresql"

    def dump(self) -> Iterator[bytes]:
        options = ["--format=plain", "--no-owner", "--no-privileges", "--encoding=UTF8"]
        command, environment = _client("pg_dump", options)
        with TemporaryFile() as said:
            with _started(command, environment, stdout=subprocess.PIPE, stderr=said) as process:
                output = cast("IO[bytes]", process.stdout)
                while part := output.read(PIECE):
                    yield part
            _hold(process.returncode, "pg_dump", said)

    def load(self, database: Iterable[bytes]) -> None:
        options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
        command, environment = _client("psql", options)
        connection.close()
        with TemporaryFile() as said:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": said}
            # Where it goes away in between, it has said why.
            with (
                suppress(BrokenPipeError),
                _started(command, environment, **pipes) as process,
                cast("IO[bytes]", process.stdin) as words,
            ):
                for part in chain([BEGIN], database, [COMMIT]):
                    words.write(part)
            _hold(process.returncode, "psql", said)


def engine() -> Engine:
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()


def _client(program: str, options: list[str]) -> tuple[list[str], dict[str, str]]:
    """The command, and its environment: the password stands in no list of processes."""
    command, environment = DatabaseClient.settings_to_cmd_args_env(
        connection.settings_dict, options
    )
    return [str(_found(program)), *command[1:]], {**os.environ, **(environment or {})}


def _started(
    command: list[str], environment: dict[str, str], **pipes: Any
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=environment, **pipes)  # noqa: S603 - put together here


def _found(program: str) -> Path:
    """The one on the path, or else the newest of Debian's: an old one refuses a newer server."""
    if there := shutil.which(program):
        return Path(there)
    folders = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    if there_too := max(folders, key=lambda path: int(path.parts[-3]), default=None):
        return there_too
    raise BackupError(f"{program} is not here. Install PostgreSQL’s client programs.")


def _hold(status: int | None, program: str, said: Any) -> None:
    if status:
        said.seek(0)
        # Its first line says what is wrong; later ones may quote rows.
        lines = said.read().decode(errors="replace").splitlines() or [""]
        raise BackupError(f"{program} failed: {lines[0]}")
