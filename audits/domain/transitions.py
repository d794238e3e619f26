"""The table of every change of stage, and the one function that takes it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from agencies.domain import activity, refusals
from agencies.models import Agency, User
from agencies.roles import Permission
from audits.domain import approval, circulation, guards, settling
from audits.domain.guards import Guard, GuardError
from audits.domain.leading import hold_audit, hold_cases
from audits.models import (
    AgencyReturn,
    Audit,
    CaseReturn,
    CaseReturnStage,
    ReturnStage,
    Stage,
    StatusChange,
)

REFUSED = "was refused a step: something was missing"
R = ReturnStage
C = CaseReturnStage


@dataclass(frozen=True)
class Transition:
    """One permitted change. `permissions`: any one of them is enough."""

    label: str
    verb: str
    """What the activity says happened; never text somebody typed."""
    froms: tuple[str, ...]
    to: str
    permissions: tuple[Permission, ...]
    guard: Guard = guards.nothing_missing
    needs_reason: bool = False
    is_step_back: bool = False
    after: Callable[..., None] | None = None
    """What follows in the same transaction, called as `after(thing, by=user)`."""


def _step_back(froms: Stage, to: Stage) -> Transition:
    return Transition(
        label=f"Go back to {to.label.lower()}",
        verb=f"took the audit back to {to.label.lower()}",
        froms=(froms,),
        to=to,
        permissions=(Permission.STEP_BACK,),
        needs_reason=True,
        is_step_back=True,
        after=approval.answered,
    )


_RUN = (Permission.RUN_AUDIT,)
_LEAD = (Permission.LEAD_RETURN, Permission.RUN_AUDIT)
_ANSWER = (Permission.ANSWER_RETURN, Permission.RUN_AUDIT)

AUDIT_TRANSITIONS: dict[str, Transition] = {
    "ask-for-nominations": Transition(
        "Ask for nominations",
        "asked for nominations",
        (Stage.PLANNED,),
        Stage.NOMINATING,
        _RUN,
        guards.ready_to_nominate,
    ),
    "circulate": Transition(
        "Circulate to the agencies",
        "circulated the cases to the agencies",
        (Stage.NOMINATING,),
        Stage.COLLECTING,
        _RUN,
        guards.ready_to_circulate,
        after=circulation.circulate,
    ),
    "go-to-meeting": Transition(
        "Go to the meeting",
        "closed collecting and opened the meeting",
        (Stage.COLLECTING,),
        Stage.MEETING,
        _RUN,
        guards.every_return_settled,
    ),
    "start-drafting": Transition(
        "Start drafting",
        "closed the meeting and began drafting",
        (Stage.MEETING,),
        Stage.DRAFTING,
        (Permission.RUN_AUDIT, Permission.PUBLISH),
        guards.meeting_over,
    ),
    "ask-for-approval": Transition(
        "Ask the chair to approve",
        "asked the chair to approve",
        (Stage.DRAFTING,),
        Stage.DRAFTING,
        _RUN,
        guards.not_yet_with_the_chair,
        after=approval.asked,
    ),
    "send-back-draft": Transition(
        "Send back with comments",
        "sent the draft back with comments",
        (Stage.DRAFTING,),
        Stage.DRAFTING,
        (Permission.PUBLISH,),
        guards.with_the_chair,
        needs_reason=True,
        after=approval.answered,
    ),
    "publish": Transition(
        "Publish",
        "published the documents",
        (Stage.DRAFTING,),
        Stage.PUBLISHED,
        (Permission.PUBLISH,),
        guards.every_return_settled,
        after=approval.answered,
    ),
    "close": Transition(
        "Close the audit",
        "closed the audit",
        (Stage.PUBLISHED,),
        Stage.CLOSED,
        _RUN,
        guards.actions_finished,
    ),
    "back-to-planned": _step_back(Stage.NOMINATING, Stage.PLANNED),
    "back-to-nominating": _step_back(Stage.COLLECTING, Stage.NOMINATING),
    "back-to-collecting": _step_back(Stage.MEETING, Stage.COLLECTING),
    "back-to-meeting": _step_back(Stage.DRAFTING, Stage.MEETING),
    "back-to-drafting": _step_back(Stage.PUBLISHED, Stage.DRAFTING),
    "back-to-published": _step_back(Stage.CLOSED, Stage.PUBLISHED),
}

RETURN_TRANSITIONS: dict[str, Transition] = {
    "sign-off": Transition(
        "Sign off the return",
        "signed off the return",
        (R.OPEN,),
        R.SIGNED_OFF,
        _LEAD,
        guards.ready_to_sign_off,
        after=settling.sign,
    ),
    "nil": Transition(
        "Make a nil return",
        "made a nil return",
        (R.OPEN,),
        R.NIL,
        _LEAD,
        guards.ready_as_nil,
        after=settling.sign,
    ),
    "decline": Transition(
        "Decline to return",
        "declined to return",
        (R.OPEN,),
        R.DECLINED,
        _LEAD,
        guards.ready_to_decline,
        needs_reason=True,
    ),
    "excuse": Transition(
        "Excuse the agency",
        "excused the agency",
        (R.OPEN,),
        R.EXCUSED,
        _RUN,
        guards.collecting_or_meeting,
        needs_reason=True,
    ),
    "reopen": Transition(
        "Reopen the return",
        "reopened the return",
        (R.SIGNED_OFF, R.NIL, R.DECLINED, R.EXCUSED),
        R.OPEN,
        _RUN,
        guards.collecting_or_meeting,
        needs_reason=True,
        after=settling.unsign,
    ),
}

CASE_RETURN_TRANSITIONS: dict[str, Transition] = {
    "start": Transition(
        "Start",
        "started a case return",
        (C.NOT_STARTED,),
        C.IN_PROGRESS,
        _ANSWER,
        guards.return_is_open,
    ),
    "not-begun": Transition(
        "Not begun after all",
        "put a case return back to not started",
        (C.IN_PROGRESS,),
        C.NOT_STARTED,
        _ANSWER,
        guards.nothing_written,
    ),
    "complete": Transition(
        "Complete",
        "completed a case return",
        (C.NOT_STARTED, C.IN_PROGRESS),
        C.COMPLETE,
        _ANSWER,
        guards.ready_to_complete,
        after=settling.complete,
    ),
    "not-known": Transition(
        "Not known to us",
        "returned a case as not known",
        (C.NOT_STARTED, C.IN_PROGRESS),
        C.NOT_KNOWN,
        _ANSWER,
        guards.ready_as_not_known,
        after=settling.finish,
    ),
    "send-back": Transition(
        "Send back",
        "sent a case return back",
        (C.COMPLETE, C.NOT_KNOWN),
        C.IN_PROGRESS,
        _LEAD,
        guards.return_is_open,
        needs_reason=True,
        after=settling.unfinish,
    ),
    "take-back": Transition(
        "Change something",
        "took a case return back to change it",
        (C.COMPLETE, C.NOT_KNOWN),
        C.IN_PROGRESS,
        _ANSWER,
        guards.return_is_open,
        after=settling.unfinish,
    ),
}


def table_for(thing: Audit | AgencyReturn | CaseReturn) -> dict[str, Transition]:
    if isinstance(thing, Audit):
        return AUDIT_TRANSITIONS
    if isinstance(thing, AgencyReturn):
        return RETURN_TRANSITIONS
    return CASE_RETURN_TRANSITIONS


def _audit_of(thing: Audit | AgencyReturn | CaseReturn) -> Audit:
    return thing if isinstance(thing, Audit) else thing.audit


def _agency_of(thing: Audit | AgencyReturn | CaseReturn) -> Agency | None:
    return None if isinstance(thing, Audit) else thing.agency


def allowed(thing: Audit | AgencyReturn | CaseReturn, name: str, user: User) -> bool:
    """Whether this person's role lets them take the transition, guard and stage aside."""
    audit = _audit_of(thing)
    agency = _agency_of(thing)
    return user.may_any_of(table_for(thing)[name].permissions, audit.partnership_id, agency)


def available(thing: Audit | AgencyReturn | CaseReturn, user: User) -> list[tuple[str, Transition]]:
    """What this person could do next from the present stage; guards are asked on trying."""
    return [
        (name, step)
        for name, step in table_for(thing).items()
        if thing.stage in step.froms and allowed(thing, name, user)
    ]


def transition[Staged: (Audit, AgencyReturn, CaseReturn)](
    thing: Staged, name: str, *, by: User, reason: str = ""
) -> Staged:
    """Take the named transition and return the fresh object.

    Locks the row, so two people cannot take it twice. Raises PermissionDenied, or GuardError
    with what is missing by name; nothing is written then but that it was refused.
    """
    try:
        return _take(thing, name, by=by, reason=reason)
    except GuardError:
        audit = _audit_of(thing)
        refusals.note(
            REFUSED, by=by, partnership=audit.partnership_id, subject=thing, audit_id=audit.pk
        )
        raise


@activity.gathered()
def _take[Staged: (Audit, AgencyReturn, CaseReturn)](
    thing: Staged, name: str, *, by: User, reason: str
) -> Staged:
    step = table_for(thing)[name]
    locked = _held(thing)
    if not allowed(locked, name, by):
        raise PermissionDenied(f"{by.pk} may not take {name}")
    if locked.stage not in step.froms:
        raise GuardError([f"This is now at “{locked.get_stage_display()}”: look again."])
    if step.needs_reason and not reason.strip():
        raise GuardError(["Give a reason."])
    if missing := step.guard(locked):
        raise GuardError(missing)
    _write(locked, name, step, by=by, reason=reason.strip())
    if step.after is not None:
        step.after(locked, by=by)
    return locked


def _held[Staged: (Audit, AgencyReturn, CaseReturn)](thing: Staged) -> Staged:
    """The row, locked. A return with its audit, so that neither leaves for a stage that shuts out
    the other's; and with its cases, so that none is written in while it is handed in."""
    rows = type(thing)._default_manager.select_for_update(of=("self",), no_key=True)
    if isinstance(thing, AgencyReturn):
        audit = hold_audit(thing.audit_id)
        locked = rows.get(pk=thing.pk)
        locked.audit = audit
        hold_cases(locked)
        return locked
    return rows.get(pk=thing.pk)


def _write(
    thing: Audit | AgencyReturn | CaseReturn, name: str, step: Transition, *, by: User, reason: str
) -> None:
    audit = _audit_of(thing)
    StatusChange.objects.create(
        audit=audit,
        agency_return=thing if isinstance(thing, AgencyReturn) else None,
        case_return=thing if isinstance(thing, CaseReturn) else None,
        transition=name,
        from_stage=thing.stage,
        to_stage=step.to,
        reason=reason,
        by=by,
    )
    thing.stage = step.to
    thing.save(update_fields=["stage"])
    activity.record(
        step.verb, by=by, partnership=audit.partnership_id, subject=thing, audit_id=audit.pk
    )
