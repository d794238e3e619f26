"""Correcting what was signed off: a new revision with a reason, and nothing else changes.

Stage, signature and what the meeting agreed stay as they are; what the texts said before can
be read beside what they say now. PostgreSQL lets a signed-off return change only inside a
transaction that has made a `Correction` of it and named it (migration 0006).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet

from agencies.domain import activity
from agencies.models import User
from agencies.roles import Permission
from audits.domain import case_texts, fingerprints, restorative, returns
from audits.domain.case_texts import AnswerDraft, CaseReturnDraft, Standing
from audits.domain.clearing import Clearing, stop_at_words
from audits.domain.completeness import Content, gaps
from audits.domain.drafts import Basis, ConflictError, Text, raise_revision, writable
from audits.domain.guards import GuardError
from audits.domain.leading import hold_audit
from audits.domain.returns import RestorativeDraft, SummativeDraft
from audits.domain.revisions import Kept, keep, kept_before
from audits.domain.room import NoRoomError
from audits.models import (
    AgencyReturn,
    Audit,
    CaseReturn,
    CaseReturnStage,
    Correction,
    Known,
    PointPlacement,
    Question,
    ReturnStage,
    Stage,
    TextRevision,
)
from audits.questions import asked_of, in_play

CORRECTABLE = (ReturnStage.SIGNED_OFF, ReturnStage.NIL)

EMPTY = AnswerDraft("", "")
NOT_SIGNED = (
    "This return is not signed off, so it needs no correction: what it says is changed on its own "
    "pages while it is open."
)
PUBLISHED = (
    "The audit is published, and what it was published from stays as it is. If this has to change, "
    "ask the officer to take the audit a step back, with the reason."
)
WITHDRAWN = "This case was withdrawn from the sample, so nothing rests on it any more."
KNOWN_OR_NOT = (
    "Whether the family is known to you decides about the whole case return, so a correction "
    "cannot change it. Ask the officer to reopen the return."
)
NOTHING_GOES = "A correction takes nothing out: write what it should say instead."


def may_correct(
    agency_return: AgencyReturn, user: User, case_return: CaseReturn | None = None
) -> bool:
    """The agency's lead; the officer for what the business unit entered from paper."""
    partnership = agency_return.audit.partnership_id
    if user.may(Permission.LEAD_RETURN, partnership, agency_return.agency_id):
        return True
    if not user.may(Permission.RUN_AUDIT, partnership):
        return False
    if case_return is not None:
        return case_return.entered_from_paper
    return agency_return.case_returns.filter(entered_from_paper=True).exists()


def closed_because(agency_return: AgencyReturn, case_return: CaseReturn | None = None) -> list[str]:
    """Why nothing of it can be corrected now; empty if it can."""
    if agency_return.stage not in CORRECTABLE:
        return [NOT_SIGNED]
    if agency_return.audit.has_reached(Stage.PUBLISHED):
        return [PUBLISHED]
    if case_return is not None and case_return.case.is_withdrawn:
        return [WITHDRAWN]
    return []


def can_correct(
    agency_return: AgencyReturn, user: User, case_return: CaseReturn | None = None
) -> bool:
    """Whether a page offers this person to correct it."""
    return not closed_because(agency_return, case_return) and may_correct(
        agency_return, user, case_return
    )


def _hold(
    agency_return: AgencyReturn, *, by: User, reason: str, case_return: CaseReturn | None = None
) -> AgencyReturn:
    """The return, locked and with its audit, so that it is neither reopened nor published
    meanwhile. Raises PermissionDenied, or GuardError with what stands in the way."""
    audit = hold_audit(agency_return.audit_id)
    row = AgencyReturn.objects.select_for_update(of=("self",), no_key=True).get(pk=agency_return.pk)
    row.audit = audit
    if not may_correct(row, by, case_return):
        raise PermissionDenied
    missing = closed_because(row, case_return)
    if not reason.strip():
        missing.append("Give a reason.")
    if missing:
        raise GuardError(missing)
    return row


@contextmanager
def _under(correction: Correction) -> Iterator[None]:
    """Name the correction to the database for as long as it is written."""
    _tell_database(str(correction.pk))
    yield
    _tell_database("")


def _tell_database(name: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('maca.correction', %s, true)", [name])


def _kept_already(
    history: QuerySet[TextRevision], texts: Mapping[str, Text], keys: Collection[str]
) -> set[str]:
    """The texts whose history ends with what they say now."""
    rows = history.filter(key__in=keys).order_by("at", "pk").values_list("key", "words")
    last = dict(rows)
    return {key for key in keys if key in texts and last.get(key) == texts[key].words}


def _record(verb: str, subject: AgencyReturn | CaseReturn, audit: Audit, *, by: User) -> None:
    activity.record(
        verb, by=by, partnership=audit.partnership_id, subject=subject, audit_id=audit.pk
    )


@activity.gathered()
def correct_case_return(
    case_return: CaseReturn,
    *,
    by: User,
    reason: str,
    draft: CaseReturnDraft,
    basis: Basis,
    give_way: Collection[str] = (),
    clearings: Collection[Clearing] = (),
) -> Correction | None:
    """Write the texts that changed, each as a revision that belongs to the correction.

    None if nothing changed. Points can get other words, but none comes, goes or moves. Raises
    PermissionDenied, ConflictError, WordsToClearError unless `clearings` say of everything in the
    words what it is, or GuardError with what stands in the way.
    """
    agency_return = _hold(case_return.agency_return, by=by, reason=reason, case_return=case_return)
    row = case_texts.hold(CaseReturn.objects.filter(pk=case_return.pk), by=by)
    now = case_texts.standing(row)
    draft = replace(draft, begun={}, new_points={})
    keys, conflicts = case_texts.compare(draft, now, basis, give_way)
    if conflicts:
        raise ConflictError(conflicts)
    draft, keys = _settled(row, draft, keys, now)
    if not keys:
        return None
    vars(row)["kept_keys"] = _kept_already(row.revisions.all(), now.texts, keys)
    correction = Correction.objects.create(
        agency_return=agency_return, case_return=row, reason=reason.strip(), by=by
    )
    with _under(correction):
        try:
            case_texts.write(row, by=by, draft=draft, keys=keys, now=now, correction=correction)
        except NoRoomError as full:
            raise GuardError([str(full)]) from None
    stop_at_words(agency_return, row, by=by, reason=reason, clearings=clearings)
    _record("corrected a case return", row, agency_return.audit, by=by)
    fingerprints.take(agency_return, by=by, correction=correction)
    return correction


def _settled(
    row: CaseReturn, draft: CaseReturnDraft, keys: set[str], now: Standing
) -> tuple[CaseReturnDraft, set[str]]:
    """The draft with the answers it puts out of play emptied; what it leaves must be complete.

    Raises GuardError with what would be missing.
    """
    questions = list(asked_of(row.agency_id, row.audit.toolkit_id))
    there = {pk: AnswerDraft(each.value, each.evidence) for pk, each in now.answers.items()}
    answers = {**there, **draft.answers}
    before, asked = _in_play(questions, there), _in_play(questions, answers)
    for pk in answers.keys() - asked:
        old = there.get(pk, EMPTY)
        goes = pk in before
        answers[pk] = EMPTY if goes else old
        for key, words in ((f"answer:{pk}", old.value), (f"evidence:{pk}", old.evidence)):
            keys = keys | {key} if goes and words else keys - {key}
    known = draft.own.get("known", row.known) if "known" in keys else row.known
    checked = draft.own.get("not_known_reason", row.not_known_reason)
    if missing := _missing(row, known):
        raise GuardError(missing)
    kinds = PointPlacement.objects.filter(point__case_return=row, agreed=False)
    content = Content(
        known,
        checked,
        {pk: answer.value for pk, answer in answers.items()},
        set(kinds.values_list("kind", flat=True)),
    )
    if keys and (left := gaps(content, questions)):
        raise GuardError([gap.sentence for gap in left])
    return replace(draft, answers={**draft.answers, **answers}), keys


def _in_play(questions: Iterable[Question], answers: Mapping[UUID, AnswerDraft]) -> set[UUID]:
    said = {pk: answer.value for pk, answer in answers.items()}
    return {each.pk for each in in_play(questions, said)}


def _missing(row: CaseReturn, known: str) -> list[str]:
    was_known, is_known = row.stage == CaseReturnStage.COMPLETE, known not in ("", Known.NO)
    if was_known == is_known and known != Known.UNSURE:
        return []
    return [KNOWN_OR_NOT]


def summative_texts(agency_return: AgencyReturn) -> dict[str, Text]:
    """Everything the summative report says, its restorative actions too."""
    returned = returns.summative_points(agency_return)
    actions = agency_return.restorative_actions.all()
    return returns.summative_texts(agency_return, returned.values(), actions)


@activity.gathered()
def correct_summative(
    agency_return: AgencyReturn,
    *,
    by: User,
    reason: str,
    draft: SummativeDraft,
    basis: Basis,
    give_way: Collection[str] = (),
    clearings: Collection[Clearing] = (),
) -> Correction | None:
    """The same for the summative report: its overview, the words of its points, its actions."""
    row = _hold(agency_return, by=by, reason=reason)
    current = summative_texts(row)
    actions = {restorative.key_of(each.pk): each for each in draft.actions}
    wanted = {
        key: text for key, text in draft.texts().items() if key in current and key not in give_way
    }
    keys = writable(wanted, current, basis)
    if not all(wanted[key].strip() for key in keys):
        raise GuardError([NOTHING_GOES])
    if not keys:
        return None
    correction = Correction.objects.create(agency_return=row, reason=reason.strip(), by=by)
    unkept = set(keys) - _kept_already(row.revisions.filter(case_return=None), current, keys)
    with _under(correction):
        said = [
            *_write_overview(row, draft, keys),
            *_write_points(row, draft, keys),
            *_write_actions(row, actions, keys),
        ]
    stop_at_words(row, None, by=by, reason=reason, clearings=clearings)
    keep(kept_before(current, unkept), agency_return=row, by=None)
    keep(said, agency_return=row, by=by, correction=correction)
    _record("corrected a summative report", row, row.audit, by=by)
    fingerprints.take(row, by=by, correction=correction)
    return correction


def _write_overview(
    row: AgencyReturn, draft: SummativeDraft, keys: Collection[str]
) -> Iterable[Kept]:
    if "overview" in keys:
        raise_revision(row, overview=draft.overview.strip())
        yield Kept("overview", row.overview, row.revision)


def _write_points(
    row: AgencyReturn, draft: SummativeDraft, keys: Collection[str]
) -> Iterable[Kept]:
    there = returns.summative_points(row)
    texts: Mapping[UUID, str] = draft.points
    return case_texts.reword(
        {there[pk]: text.strip() for pk, text in texts.items() if f"point:{pk}" in keys}
    )


def _write_actions(
    row: AgencyReturn, actions: Mapping[str, RestorativeDraft], keys: Collection[str]
) -> Iterable[Kept]:
    for each in row.restorative_actions.all():
        key = restorative.key_of(each.pk)
        if key in keys:
            raise_revision(each, **actions[key].values())
            yield Kept(key, str(RestorativeDraft.of(each)), each.revision)
