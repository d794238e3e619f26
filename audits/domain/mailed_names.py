"""An audit's title and code stand in its mails, so neither may say who somebody is.

Why the agencies are asked is prose that all of them read: it is told of and listed with the words
to look at, where a sealed name that is an ordinary word can be cleared.
"""

from collections.abc import Mapping
from typing import Any

from agencies.domain.refusal import RefusedError
from agencies.models import User
from audits.domain.screened import Scope, Screener, ScreeningDownError
from audits.domain.telling import tell
from audits.models import Audit
from audits.screening import Hit
from audits.screening.known_names import CODE as KNOWN_NAME
from audits.screening.registry import CERTAIN

MAILED = ("title", "code")
WHY_ASKED = ("purpose", "legal_power", "identity_channel")


class NamesSomebodyError(RefusedError):
    """`complaints`: by field, what to do about its words; `names`: those that are sealed."""

    def __init__(self, complaints: dict[str, str], names: frozenset[str] = frozenset()) -> None:
        super().__init__(" ".join(complaints.values()))
        self.complaints = complaints
        self.names = names


def complaint(field: str) -> str:
    return (
        f"The {field} says who somebody is, and stands in every e-mail about the audit. "
        "Take the name or number out of it."
    )


def certain_hits(audit: Audit, texts: Mapping[str, str]) -> dict[str, list[Hit]]:
    """By field, what certainly says who somebody is. Raises ScreeningDownError."""
    screener = Screener(Scope.of_audit(audit))
    hits = {field: screener.flags(text) for field, text in texts.items()}
    certain = {field: [hit for hit in own if hit.rule in CERTAIN] for field, own in hits.items()}
    return {field: own for field, own in certain.items() if own}


def mailed_texts(audit: Audit) -> dict[str, str]:
    return {field: getattr(audit, field) for field in MAILED}


def texts_of_why_asked(audit: Audit) -> dict[str, str]:
    return {field: getattr(audit, field) for field in WHY_ASKED}


def refuse_names(audit: Audit, values: Mapping[str, Any]) -> None:
    """Raises NamesSomebodyError for words that the next mail would carry; what stands already is
    told of elsewhere, and keeps nobody from changing something else. An audit that went back to
    being planned has mails of its identities all the same."""
    standing = mailed_texts(audit)
    changed = {
        field: str(values[field])
        for field in MAILED
        if field in values and values[field] != standing[field]
    }
    try:
        found = certain_hits(audit, changed)
    except ScreeningDownError as fault:
        raise NamesSomebodyError(dict.fromkeys(changed, str(fault))) from None
    if found:
        names = {hit.text for hits in found.values() for hit in hits if hit.rule == KNOWN_NAME}
        raise NamesSomebodyError({field: complaint(field) for field in found}, frozenset(names))


def refuse_sealing(audit: Audit) -> None:
    """Raises NamesSomebodyError where what is sealed now stands in what the next mail carries;
    ScreeningDownError where that cannot be found out. For a transaction that has sealed it."""
    if found := certain_hits(audit, mailed_texts(audit)):
        raise NamesSomebodyError({field: complaint(field) for field in found})


def record_refusal(audit: Audit, refused: NamesSomebodyError, *, by: User) -> None:
    """Whoever is refused a word learns that it is sealed: written down like any other such answer,
    outside the transaction that came to nothing."""
    if refused.names:
        tell(Scope.of_audit(audit), refused.names, by=by)
