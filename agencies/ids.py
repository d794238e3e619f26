"""Ids as PostgreSQL sends them, each made a `UUID` once.

A page about one audit reads the same few hundred ids over and over, and making a UUID out of
its letters is Python's slowest part of reading a row. The same id is the same object again, so
looking it up in a dict compares nothing either.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

UUID_TYPE = 2950
"""The number by which PostgreSQL names its type `uuid`."""

as_uuid = lru_cache(maxsize=16_384)(UUID)


def remember_ids() -> None:
    """Replaces, for this process, how ids are read; SQLite keeps Django's own way."""
    if connection.vendor != "postgresql":
        return
    from psycopg2 import extensions

    extensions.register_type(extensions.new_type((UUID_TYPE,), "UUID", _read))


def _read(text: str | None, _cursor: Any) -> UUID | None:
    return None if text is None else as_uuid(text)
