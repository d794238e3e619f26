"""The first step of an agency's return: which of the cases it knows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied

from agencies.domain import activity
from agencies.models import User
from agencies.roles import Permission
from audits.domain.case_texts import kept_keys
from audits.domain.drafts import ReturnClosedError, Text, raise_revision
from audits.domain.leading import hold_cases, is_open, may_fill
from audits.domain.revisions import Kept, keep, kept_before
from audits.domain.transitions import transition
from audits.models import AgencyReturn, CaseReturn, CaseReturnStage, Known


@dataclass(frozen=True)
class Told:
    """What a page says about one case, and what it had shown before: empty for no answer."""

    known: str
    seen: str


@dataclass(frozen=True)
class Outcome:
    """Case returns that were written, and those that somebody else had answered meanwhile."""

    written: list[CaseReturn] = field(default_factory=list)
    answered_meanwhile: list[CaseReturn] = field(default_factory=list)


@activity.gathered()
def answer(
    agency_return: AgencyReturn, *, by: User, told: Mapping[UUID, Told], how_checked: str = ""
) -> Outcome:
    """Write the answers that changed, never over what somebody else answered meanwhile.

    A case that is not known is returned as soon as it is said how that was checked. To answer
    does not start a case return, and makes nobody its auditor. Finished audits stay as they
    are. Raises PermissionDenied or ReturnClosedError.
    """
    # The words about how it was checked go to cases beside those that are told of.
    hold_cases(agency_return, None if how_checked.strip() else set(told))
    outcome = Outcome()
    for row in _locked(agency_return, by=by, among=told):
        said = told[row.pk]
        if row.stage == CaseReturnStage.COMPLETE or row.known == said.known:
            continue
        if row.known != said.seen:
            outcome.answered_meanwhile.append(row)
            continue
        _write(row, said.known, how_checked, by=by)
        outcome.written.append(row)
    if how_checked.strip():
        waiting = agency_return.case_returns.in_sample().filter(known=Known.NO)
        waiting = waiting.exclude(stage__in=[CaseReturnStage.NOT_KNOWN, CaseReturnStage.COMPLETE])
        outcome.written.extend(_settle(agency_return, waiting.values_list("pk"), how_checked, by))
    return outcome


def _settle(
    agency_return: AgencyReturn, waiting: Collection[tuple[UUID]], how_checked: str, by: User
) -> list[CaseReturn]:
    """Cases that were not known and waited for the words about how that was checked."""
    rows = _locked(agency_return, by=by, among=[pk for (pk,) in waiting])
    for row in rows:
        _write(row, Known.NO, how_checked, by=by)
    return rows


@activity.gathered()
def rest_not_known(agency_return: AgencyReturn, *, by: User, how_checked: str) -> list[CaseReturn]:
    """Every case without an answer is not known, checked the same way. Raises as `answer` does."""
    hold_cases(agency_return)
    blank = agency_return.case_returns.in_sample().filter(known="")
    told = {pk: Told(Known.NO, "") for pk in blank.values_list("pk", flat=True)}
    return answer(agency_return, by=by, told=told, how_checked=how_checked).written


@activity.gathered()
def take_answers_back(agency_return: AgencyReturn, *, by: User, pks: Collection[UUID]) -> int:
    """Undo: cases that were put down as not known have no answer again. Says how many."""
    rows = [row for row in _locked(agency_return, by=by, among=pks) if row.known == Known.NO]
    for row in rows:
        _write(row, "", "", by=by)
    return len(rows)


def _locked(agency_return: AgencyReturn, *, by: User, among: Collection[UUID]) -> list[CaseReturn]:
    rows = list(
        CaseReturn.objects.select_for_update(of=("self",), no_key=True)
        .filter(agency_return=agency_return, pk__in=among, case__withdrawn_at=None)
        .select_related("agency_return", "audit", "case")
        .order_by("case__number")
    )
    for row in rows:
        if not may_fill(row, by):
            raise PermissionDenied
        if not is_open(row):
            raise ReturnClosedError
    return rows


def _write(row: CaseReturn, known: str, how_checked: str, *, by: User) -> None:
    if row.stage == CaseReturnStage.NOT_KNOWN:
        transition(row, "take-back", by=by)
        row.stage = CaseReturnStage.IN_PROGRESS
    reason = how_checked.strip() or row.not_known_reason if known == Known.NO else ""
    _say(row, {"known": known, "not_known_reason": reason}, by=by)
    if known == Known.NO and reason:
        row.stage = transition(row, "not-known", by=by).stage
    elif row.stage == CaseReturnStage.IN_PROGRESS and not row.has_words():
        row.stage = transition(row, "not-begun", by=by).stage


def _say(row: CaseReturn, words: dict[str, str], *, by: User) -> None:
    """The answer, kept like every other text; who entered it from paper is marked."""
    before = {name: Text(getattr(row, name), row.revision) for name in words}
    changed = {name: text for name, text in words.items() if before[name].words != text}
    if not changed:
        return
    unkept = set(changed) - kept_keys(row, changed)
    from_paper = row.agency_id not in by.agencies_with(Permission.ANSWER_RETURN)
    raise_revision(row, **changed, **({"entered_from_paper": True} if from_paper else {}))
    keep(kept_before(before, unkept), agency_return=row.agency_return, by=None, case_return=row)
    said = [Kept(name, text, row.revision) for name, text in changed.items()]
    keep(said, agency_return=row.agency_return, by=by, case_return=row)
