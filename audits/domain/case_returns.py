"""Filling in one agency's audit of one case."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from agencies.domain import activity
from agencies.models import User
from audits.domain import case_texts
from audits.domain.case_texts import (
    OWN_FIELDS,
    VOICES,
    AnswerDraft,
    CaseReturnDraft,
    locked,
    texts_of,
)
from audits.domain.drafts import Basis, Conflict, ConflictError, Text, raise_revision
from audits.domain.revisions import Kept, keep, keep_first
from audits.domain.screened import with_kit
from audits.domain.transitions import transition
from audits.models import CaseReturn, Known

__all__ = [
    "OWN_FIELDS",
    "VOICES",
    "AnswerDraft",
    "CaseReturnDraft",
    "finish",
    "locked",
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
    ReturnClosedError, PermissionDenied for the id of a point from elsewhere, or ConflictError
    if somebody else changed the same texts, or NoRoomError where there is none for new ones.
    """
    rows = CaseReturn.objects.filter(pk=case_return.pk)
    row = case_texts.hold(rows, by=by)
    case_texts.require_open(row)
    now = case_texts.standing(row)
    case_texts.points_in(row, {*draft.begun, *draft.points} - now.points.keys())
    keys, conflicts = case_texts.compare(draft, now, basis, give_way)
    if conflicts:
        raise ConflictError(conflicts)
    vars(row)["kept_keys"] = case_texts.kept_keys(row, keys)
    case_texts.write(row, by=by, draft=draft, keys=keys, now=now)
    return row


class Sent(Protocol):
    """A few texts of a case return, as a page sent them while somebody was writing.

    What it names is known before the rows are read; whether it makes sense, only after.
    """

    @property
    def basis(self) -> Basis: ...
    @property
    def keys(self) -> Collection[str]: ...
    @property
    def codes(self) -> Collection[str]:
        """Of the questions whose answers or evidence were sent."""
        ...

    @property
    def point_ids(self) -> Collection[UUID]: ...
    @property
    def entry_ids(self) -> Collection[UUID]: ...

    def draft(self, row: CaseReturn, questions: list[case_texts.Asked]) -> CaseReturnDraft: ...


@dataclass(frozen=True)
class Saved:
    """`texts` are those sent, as they now stand; a conflict's are what the other wrote. `refused`
    says of new ones why there is no room for them."""

    row: CaseReturn
    texts: dict[str, Text]
    conflicts: list[Conflict]
    refused: dict[str, str]


@transaction.atomic
def save_sent(rows: QuerySet[CaseReturn], *, by: User, sent: Sent) -> Saved:
    """Save what can be saved of a few texts; the rest comes back as conflicts.

    `rows` is the one case return, as far as its writer may see it. It takes few queries, since
    it is done every few seconds: those of `hold`, one each for questions, points and entries
    if any were sent, one for each kind of text that changed, and one for the history. Raises
    DoesNotExist, PermissionDenied or ReturnClosedError.
    """
    known = with_kit(rows, audit="audit", agency_return="agency_return")
    row = case_texts.hold(known, by=by, keys=sent.keys)
    case_texts.require_open(row)
    questions = case_texts.asked(row, sent.codes)
    draft = sent.draft(row, questions)
    asked = draft.texts()
    now = case_texts.Standing(
        row,
        {each.question.pk: each.answer for each in questions if each.answer},
        case_texts.points_in(row, sent.point_ids),
        case_texts.entries_in(row, sent.entry_ids),
    )
    keys, conflicts = case_texts.compare(draft, now, sent.basis)
    before = now.texts
    refused: dict[str, str] = {}
    said = case_texts.write(row, by=by, draft=draft, keys=keys, now=now, refused=refused)
    after = before | {each.key: Text(each.words, each.revision) for each in said}
    return Saved(row, {key: after[key] for key in asked if key in after}, conflicts, refused)


@transaction.atomic
def finish(case_return: CaseReturn, *, by: User) -> CaseReturn:
    """Complete it, or return it as not known, as its first answer says. Raises GuardError."""
    name = "not-known" if case_return.known == Known.NO else "complete"
    return transition(case_return, name, by=by)


@activity.gathered()
def return_as_not_known(
    case_returns: Iterable[CaseReturn], *, by: User, how_checked: str
) -> list[CaseReturn]:
    """Answer “not known” for several cases at once. Raises ReturnClosedError."""
    done = []
    for case_return in case_returns:
        row = locked(case_return, by=by)
        words = {"known": str(Known.NO), "not_known_reason": how_checked.strip()}
        before = case_texts.texts_of(row, (), ())
        keep_first({key: before[key] for key in words}, row.agency_return, row)
        raise_revision(row, **words)
        said = [Kept(key, text, row.revision) for key, text in words.items()]
        keep(said, agency_return=row.agency_return, by=by, case_return=row)
        done.append(transition(case_texts.begun(row, by=by), "not-known", by=by))
    return done
