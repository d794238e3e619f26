"""Files for the tests: one that uses everything, one as small as may be, and their parts."""

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction

FOLDER = Path(__file__).parent
EVERYTHING = FOLDER / "everything.json"

SMALL: dict[str, Any] = {
    "format": "maca-audit-1",
    "partnership": {"short_name": "vale", "name": "Vale Partnership"},
    "theme": {"name": "Neglect"},
    "audit": {"code": "P-1", "title": "Neglect"},
}


def everything() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(EVERYTHING.read_text())
    return data


def small(**more: Any) -> dict[str, Any]:
    return copy.deepcopy(SMALL) | more


def as_bytes(data: Any) -> bytes:
    return json.dumps(data).encode()


@contextmanager
def another_database() -> Iterator[None]:
    """What is written inside is gone afterwards: the database is as empty as it was before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
