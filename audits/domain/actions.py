"""Actions: written while drafting, carried out and reported on afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from agencies.domain import activity
from agencies.models import User
from audits.domain.findings import next_code
from audits.domain.writing import MEETING_AND_DRAFTING, fresh, hold
from audits.models import Action, Audit, Finding, Stage

REPORTED_AT = (*MEETING_AND_DRAFTING, Stage.PUBLISHED)


@dataclass(frozen=True, kw_only=True)
class ActionDraft:
    """What will be done; owner and date may be open, and then print as “to be agreed”."""

    text: str
    findings: Iterable[Finding] = ()
    owner_agency_id: UUID | None = None
    owner_body_id: UUID | None = None
    due_on: date | None = None
    measure_of_success: str = ""


@transaction.atomic
def write_action(*, audit: Audit, draft: ActionDraft, by: User) -> Action:
    held = hold(audit, MEETING_AND_DRAFTING)
    action = Action(
        audit=held,
        code=next_code(held.actions.values_list("code", flat=True), "action"),
        position=held.actions.count(),
    )
    _write(action, draft)
    _record("wrote an action", action, by)
    return action


@transaction.atomic
def revise_action(*, action: Action, draft: ActionDraft, revision: int, by: User) -> Action:
    """Raises StaleError when it was saved since the form was opened."""
    hold(action.audit, MEETING_AND_DRAFTING)
    stored = fresh(action, revision)
    stored.revision += 1
    _write(stored, draft)
    _record("revised an action", stored, by)
    return stored


@transaction.atomic
def remove_action(*, action: Action, by: User) -> None:
    hold(action.audit, MEETING_AND_DRAFTING)
    _record("removed an action", action, by)
    action.delete()


@transaction.atomic
def report_progress(
    *, action: Action, progress: str, evidence: str, impact: str, revision: int, by: User
) -> Action:
    """How far it is, what shows it, and what changed for children.

    Carrying over is a step of its own, with a name and a reason.
    """
    if progress == Action.Progress.CARRIED_OVER:
        raise ValueError("Carrying over needs a name and a reason: use carry_over.")
    hold(action.audit, REPORTED_AT)
    stored = fresh(action, revision)
    stored.progress, stored.evidence, stored.impact = progress, evidence, impact
    stored.carried_over_by, stored.carried_over_reason = None, ""
    stored.revision += 1
    stored.save()
    _record("reported on an action", stored, by)
    return stored


@transaction.atomic
def carry_over(*, action: Action, reason: str, revision: int, by: User) -> Action:
    """Leave it unfinished on purpose, so that the audit can close; by name, with a reason."""
    if not reason.strip():
        raise ValueError("An action is carried over with a reason.")
    hold(action.audit, REPORTED_AT)
    stored = fresh(action, revision)
    stored.progress = Action.Progress.CARRIED_OVER
    stored.carried_over_by, stored.carried_over_reason = by, reason
    stored.revision += 1
    stored.save()
    _record("carried an action over", stored, by)
    return stored


def _write(action: Action, draft: ActionDraft) -> None:
    action.text, action.due_on = draft.text, draft.due_on
    action.owner_agency_id, action.owner_body_id = draft.owner_agency_id, draft.owner_body_id
    action.measure_of_success = draft.measure_of_success
    action.save()
    action.findings.set(draft.findings)


def _record(verb: str, action: Action, by: User) -> None:
    activity.record(
        verb,
        by=by,
        partnership=action.audit.partnership_id,
        subject=action,
        audit_id=action.audit_id,
    )
