"""The tests' way round the guards of the activity, of documents, and of words that are signed.

The database itself refuses to change or empty the activity (migration agencies 0007) and what is
published (reports 0003), and so it would refuse to be cleaned up after a test that commits.
`unguarded` puts the guards aside for as long as it lasts, which takes the owner of the tables: on
PostgreSQL it disables their triggers, on SQLite it drops and makes them again. Nothing in
the application can do this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.db import connection

TABLES = ("agencies_activity", "agencies_activitychain", "reports_document")
GUARDS: dict[str, str] = {
    **import_module("agencies.migrations.0007_activity_guards").SQLITE,
    **import_module("reports.migrations.0003_documents_stay").SQLITE,
}


@contextmanager
def unguarded() -> Iterator[None]:
    _switch(on=False)
    try:
        yield
    finally:
        _switch(on=True)


def open_signed_words() -> None:
    """For the rest of the transaction PostgreSQL lets what is signed off be changed, for a test
    that writes into every column there is. SQLite has no such guard. Takes a superuser."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            connection.check_constraints()
            cursor.execute("SET LOCAL session_replication_role = replica")


def _switch(*, on: bool) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Checks that wait for the end of a transaction keep a table from being altered.
            connection.check_constraints()
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} {'ENABLE' if on else 'DISABLE'} TRIGGER USER")
            return
        for name, rule in GUARDS.items():
            cursor.execute(f"CREATE TRIGGER {name} {rule}" if on else f"DROP TRIGGER {name}")
