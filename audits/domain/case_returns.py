"""Filling in one agency's audit of one case."""

from collections.abc import Collection, Iterable

from django.db import transaction

from agencies.models import User
from audits.domain import case_texts
from audits.domain.case_texts import (
    OWN_FIELDS,
    VOICES,
    AnswerDraft,
    CaseReturnDraft,
    locked,
    may_fill,
    texts_of,
)
from audits.domain.drafts import Basis, ConflictError, raise_revision
from audits.domain.revisions import Kept, keep, kept_before
from audits.domain.transitions import transition
from audits.models import CaseReturn, Known

__all__ = [
    "OWN_FIELDS",
    "VOICES",
    "AnswerDraft",
    "CaseReturnDraft",
    "finish",
    "locked",
    "may_fill",
    "return_as_not_known",
    "save_draft",
    "texts_of",
]


@transaction.atomic
def save_draft(
    case_return: CaseReturn,
    *,
    by: User,
    draft: CaseReturnDraft,
    basis: Basis,
    give_way: Collection[str] = (),
) -> CaseReturn:
    """Write what changed and nothing else; texts whose keys give way stay as others left them.

    The first words start the case return and make their writer its auditor. Raises
    ReturnClosedError, or ConflictError if somebody else changed the same texts.
    """
    rows = CaseReturn.objects.filter(pk=case_return.pk)
    row = case_texts.hold(rows, by=by)
    case_texts.require_open(row)
    now = case_texts.standing(row)
    keys, conflicts = case_texts.compare(draft, now, basis, give_way)
    if conflicts:
        raise ConflictError(conflicts)
    vars(row)["kept_keys"] = case_texts.kept_keys(row, keys)
    return case_texts.write(row, by=by, draft=draft, keys=keys, now=now)


@transaction.atomic
def finish(case_return: CaseReturn, *, by: User) -> CaseReturn:
    """Complete it, or return it as not known, as its first answer says. Raises GuardError."""
    name = "not-known" if case_return.known == Known.NO else "complete"
    return transition(case_return, name, by=by)


@transaction.atomic
def return_as_not_known(
    case_returns: Iterable[CaseReturn], *, by: User, how_checked: str
) -> list[CaseReturn]:
    """Answer “not known” for several cases at once. Raises ReturnClosedError."""
    done = []
    for case_return in case_returns:
        row = locked(case_return, by=by)
        words = {"known": str(Known.NO), "not_known_reason": how_checked.strip()}
        before = case_texts.texts_of(row, (), ())
        unkept = set(words) - case_texts.kept_keys(row, words)
        raise_revision(row, **words)
        said = [Kept(key, text, row.revision) for key, text in words.items()]
        keep(kept_before(before, unkept), agency_return=row.agency_return, by=None, case_return=row)
        keep(said, agency_return=row.agency_return, by=by, case_return=row)
        done.append(transition(case_texts.begun(row, by=by), "not-known", by=by))
    return done
