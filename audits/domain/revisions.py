"""Keeping what every text of a return said, save by save."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agencies.models import User
from audits.models import AgencyReturn, CaseReturn, Correction, TextRevision


@dataclass(frozen=True)
class Kept:
    """One text as it was just written; `shape` is what its words alone do not say."""

    key: str
    words: str
    revision: int
    shape: dict[str, Any] | None = None


def keep(
    texts: Iterable[Kept],
    *,
    agency_return: AgencyReturn,
    by: User | None,
    case_return: CaseReturn | None = None,
    correction: Correction | None = None,
) -> None:
    """Add a revision for each text; call inside the transaction of the write, in one query."""
    TextRevision.objects.bulk_create(
        TextRevision(
            agency_return=agency_return,
            case_return=case_return,
            correction=correction,
            key=text.key,
            words=text.words,
            shape=text.shape,
            revision=text.revision,
            by=by,
        )
        for text in texts
    )
