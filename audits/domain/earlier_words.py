"""Bringing back what a text of a return said before, as a new revision of it."""

from uuid import UUID

from django.db import transaction

from agencies.models import User
from audits.domain import case_returns, summative
from audits.domain.case_texts import OWN_FIELDS, AnswerDraft, CaseReturnDraft
from audits.domain.drafts import NO_MARK, Basis, ConflictError, digest
from audits.domain.engagement import Line
from audits.domain.restorative import RestorativeDraft
from audits.domain.summative import SummativeDraft
from audits.models import TextRevision


@transaction.atomic
def bring_back(earlier: TextRevision, *, by: User, basis: Basis) -> None:
    """Write the words again, provided that the text still says what its reader saw.

    Raises as saving does: PermissionDenied, ReturnClosedError, ConflictError; the last one also
    where the reader took these words for the present ones.
    """
    if basis.marks.get(earlier.key, NO_MARK)[1] == digest(earlier.words):
        raise ConflictError([])
    if earlier.case_return is None:
        draft = _summative_draft(earlier.key, earlier.words)
        summative.save_summative(earlier.agency_return, by=by, draft=draft, basis=basis)
    else:
        words = _case_draft(earlier.key, earlier.words)
        case_returns.save_draft(earlier.case_return, by=by, draft=words, basis=basis)


def _case_draft(key: str, words: str) -> CaseReturnDraft:
    kind, _, pk = key.partition(":")
    own = {key: words} if key in OWN_FIELDS else {}
    grade = words if key == "own_grade" else ""
    if kind in ("answer", "evidence"):
        value, evidence = (words, "") if kind == "answer" else ("", words)
        answers = {UUID(pk): AnswerDraft(value, evidence)}
        return CaseReturnDraft(own, answers=answers, only={key})
    if kind == "point":
        return CaseReturnDraft(own, points={UUID(pk): words}, only={key})
    if kind == "entry":
        return CaseReturnDraft(own, entries={UUID(pk): Line.parse(words)}, only={key})
    return CaseReturnDraft(own, grade=grade, only={key})


def _summative_draft(key: str, words: str) -> SummativeDraft:
    kind, _, pk = key.partition(":")
    if kind == "point":
        return SummativeDraft("", points={UUID(pk): words}, only={key})
    if kind == "action":
        return SummativeDraft("", actions=[RestorativeDraft.parse(int(pk), words)], only={key})
    return SummativeDraft(words, only={key})
