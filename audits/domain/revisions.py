"""Keeping what every text of a return said, save by save."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agencies.models import User
from audits.domain import sittings
from audits.domain.drafts import Text
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
    before: Iterable[Kept] = (),
    is_seated: bool | None = None,
) -> None:
    """Add a revision for each text; call inside the transaction of the write, in one query.

    `before` is what texts without a history said until now: see `kept_before`. Whoever writes is
    said to sit over this return: see `sittings`.
    """

    def revision(text: Kept, **who: Any) -> TextRevision:
        return TextRevision(
            agency_return=agency_return,
            case_return=case_return,
            key=text.key,
            words=text.words,
            shape=text.shape,
            revision=text.revision,
            **who,
        )

    TextRevision.objects.bulk_create(
        [
            *(revision(text) for text in before),
            *(revision(text, by=by, correction=correction) for text in texts),
        ]
    )
    if by is not None and correction is None:
        sittings.note(agency_return, by=by, case_return=case_return, is_seated=is_seated)


def kept_before(texts: Mapping[str, Text], keys: Iterable[str]) -> list[Kept]:
    """What texts without a history said until now, so that their first change loses nothing.

    Whoever wrote them is not known: they were loaded, or are older than the keeping.
    """
    there = {key: texts[key] for key in keys if key in texts and texts[key].words}
    return [Kept(key, text.words, max(text.revision, 0)) for key, text in there.items()]


def keep_first(
    texts: Mapping[str, Text], agency_return: AgencyReturn, case_return: CaseReturn | None = None
) -> None:
    """Keep those of these texts that have no history yet, before they change."""
    home = case_return.revisions if case_return else agency_return.revisions
    there = home.filter(key__in=texts, case_return=case_return).values_list("key", flat=True)
    unkept = set(texts) - set(there.order_by().distinct())
    keep(kept_before(texts, unkept), agency_return=agency_return, by=None, case_return=case_return)
