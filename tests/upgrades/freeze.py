"""Writes an SQLite database to `frozen/NAME.json.gz`.

Load the demonstration into it first. Printed documents are cut to their first bytes, and
passwords are left out.
"""

import gzip
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

FROZEN = Path(__file__).parent / "frozen"
LONGEST_BLOB = 64
# Made afresh by each database, or of no use in another.
LEFT_OUT = {"sqlite_sequence", "django_content_type", "auth_permission", "django_session"}


def frozen(database: sqlite3.Connection) -> dict[str, object]:
    """Tables with their columns and rows, values as text; and the migrations they are of."""
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    tables = {}
    for (name,) in names.fetchall():
        if name in LEFT_OUT or name == "django_migrations":
            continue
        cursor = database.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - a table of ours
        columns = [column for column, *_ in cursor.description]
        rows = [
            [
                "!" if column == "password" else as_text(value)
                for column, value in zip(columns, row, strict=True)
            ]
            for row in cursor
        ]
        if rows:
            tables[name] = {"columns": columns, "rows": sorted(rows, key=str)}
    applied = database.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return {"migrations": [list(row) for row in applied], "tables": tables}


def as_text(value: object) -> str | None:
    """Either kind of database reads this back into the column it came from."""
    if isinstance(value, bytes):
        return "\\x" + value[:LONGEST_BLOB].hex()
    return None if value is None else str(value)


def main(name: str, path: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        text = json.dumps(frozen(database), ensure_ascii=False, indent=0)
    target = FROZEN / f"{name}.json.gz"
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    sys.stdout.write(f"{target.name}: {target.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
