"""The hash of an entry of the activity, as anybody can work it out for themselves. Format 1.

The hash is SHA-256, in lower-case hexadecimal, over the UTF-8 bytes of one JSON object that holds
every column of the row but its `id` and its `hash`: keys sorted, no spaces, everything beyond
ASCII escaped, ids as text with hyphens, the time in UTC with six decimals and a `Z`, what is empty
as `null`. The `id` is the database's own and nothing refers to it.

Rows that were written keep their hash for ever, so this format never changes: a new one would get
a name of its own beside it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

# What an entry's row says, by the names of its columns.
COLUMNS = (
    "chain",
    "number",
    "previous",
    "at",
    "kind",
    "verb",
    "by_id",
    "partnership_id",
    "audit_id",
    "agency_id",
    "subject_type",
    "subject_id",
)
REGISTER = "register"
"""The chain that counts the others, so that none can vanish with all it held."""


def chain_of(partnership_id: UUID | None, audit_id: UUID | None) -> str:
    """The chain an entry belongs to: its audit's, else its partnership's, else the one that is
    left for what has neither."""
    if audit_id is not None:
        return f"audit:{audit_id}"
    return f"partnership:{partnership_id}" if partnership_id else "installation"


def entry_hash(columns: Mapping[str, Any]) -> str:
    return _digest({name: columns[name] for name in COLUMNS})


def opening_hash(chain: str, number: int, previous: str) -> str:
    """Of a chain's place in the register."""
    return _digest({"chain": chain, "number": number, "previous": previous})


def short_fingerprint(hashed: str) -> str:
    """The beginning of a hash, as a person reads it aloud: 3f9a-77c1-0b2e."""
    return "-".join(hashed[start : start + 4] for start in range(0, 12, 4))


def _digest(columns: dict[str, Any]) -> str:
    text = json.dumps(
        {name: _plain(value) for name, value in columns.items()},
        sort_keys=True,
        separators=(",", ":"),
    )
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str | int | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, int):
        return value
    return str(value)
