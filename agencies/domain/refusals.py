"""Refusals are written in a transaction of their own: what is refused is rolled back, and that it
was asked for is not.

While a request is answered they are collected, and written once its own transactions are over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import transaction

from agencies.domain import activity
from agencies.models import ActivityKind, Partnership, User

_noted: ContextVar[list[dict[str, Any]] | None] = ContextVar("noted", default=None)


def note(
    verb: str,
    *,
    by: User | None,
    partnership: Partnership | UUID | None,
    subject: Any = None,
    audit_id: UUID | None = None,
) -> None:
    """As `activity.record`; `subject` is the name of a route where an object would say whose."""
    refusal = {
        "verb": verb,
        "by": by,
        "partnership": partnership,
        "subject": subject,
        "audit_id": audit_id,
    }
    noted = _noted.get()
    if noted is None:
        _write(refusal)
    else:
        noted.append(refusal)


@contextmanager
def collected() -> Iterator[None]:
    """Write at the end what is refused meanwhile, however that ends."""
    noted: list[dict[str, Any]] = []
    token = _noted.set(noted)
    try:
        yield
    finally:
        _noted.reset(token)
        for refusal in noted:
            _write(refusal)


@transaction.atomic
def _write(refusal: dict[str, Any]) -> None:
    activity.record(**refusal, kind=ActivityKind.REFUSED)
