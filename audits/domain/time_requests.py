"""More time: an agency asks for days, the officer grants them, fewer of them, or none."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.models import User
from agencies.roles import Permission
from audits.domain import notices
from audits.models import AgencyReturn, ReturnStage, Stage, TimeRequest

NOT_OWED = "This return is no longer owed, so there is no date to move."
NO_DATE = "This return has no date yet, so there is nothing to add days to."
ASKED_ALREADY = "Your agency has asked already, and waits for an answer."
ANSWERED_ALREADY = "Somebody has answered this already."


def is_owed(agency_return: AgencyReturn) -> bool:
    return agency_return.stage == ReturnStage.OPEN and agency_return.audit.stage == Stage.COLLECTING


def may_ask(agency_return: AgencyReturn, user: User) -> bool:
    """The agency's lead. The officer, who grants, does not ask."""
    return agency_return.agency_id in user.agencies_with(Permission.LEAD_RETURN)


def may_answer(agency_return: AgencyReturn, user: User) -> bool:
    return user.may(Permission.RUN_AUDIT, agency_return.audit.partnership_id)


def new_day(agency_return: AgencyReturn, days: int) -> date | None:
    """So many days after it is due, or after today where that day has passed."""
    if agency_return.due_on is None:
        return None
    return max(agency_return.due_on, timezone.localdate()) + timedelta(days=days)


@transaction.atomic
def ask(agency_return: AgencyReturn, *, by: User, days: int, reason: str) -> TimeRequest:
    """Raises PermissionDenied, or RefusedError with what to do instead."""
    row = _locked(agency_return)
    if not may_ask(row, by):
        raise PermissionDenied
    _refuse_unless_owed(row)
    if row.time_requests.waiting().exists():
        raise RefusedError(ASKED_ALREADY)
    request = TimeRequest.objects.create(
        agency_return=row, days=days, reason=reason.strip(), asked_by=by
    )
    notices.time_asked(request)
    _record("asked for more time", row, by=by)
    return request


@activity.gathered()
def give(agency_return: AgencyReturn, *, by: User, until: date, reason: str = "") -> TimeRequest:
    """The officer gives time that was asked for by telephone, or not at all.

    What the agency asked for itself meanwhile is answered by it. Raises as `grant` does.
    """
    row = _locked(agency_return)
    if not may_answer(row, by):
        raise PermissionDenied
    _refuse_unless_owed(row)
    request = row.time_requests.waiting().first() or TimeRequest.objects.create(
        agency_return=row, days=(until - row.due_on).days if row.due_on else 0, asked_by=by
    )
    return grant(request, by=by, until=until, reason=reason)


@activity.gathered()
def grant(request: TimeRequest, *, by: User, until: date, reason: str = "") -> TimeRequest:
    """Move the due date of this agency alone. Raises PermissionDenied or RefusedError."""
    waiting, owed = _waiting(request, by)
    _refuse_unless_owed(owed)
    owed.extended_to = until
    owed.save(update_fields=["extended_to"])
    waiting.granted_until = until
    _answer(waiting, TimeRequest.Answer.GRANTED, reason, by=by)
    _record("gave an agency more time", owed, by=by)
    return waiting


@activity.gathered()
def refuse(request: TimeRequest, *, by: User, reason: str) -> TimeRequest:
    """The date stays. Raises PermissionDenied or RefusedError."""
    waiting, owed = _waiting(request, by)
    _answer(waiting, TimeRequest.Answer.REFUSED, reason, by=by)
    _record("did not give an agency more time", owed, by=by)
    return waiting


def _locked(agency_return: AgencyReturn) -> AgencyReturn:
    rows = AgencyReturn.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("audit__partnership", "agency").get(pk=agency_return.pk)


def _waiting(request: TimeRequest, by: User) -> tuple[TimeRequest, AgencyReturn]:
    owed = _locked(request.agency_return)
    if not may_answer(owed, by):
        raise PermissionDenied
    row = TimeRequest.objects.get(pk=request.pk)
    if row.answer != TimeRequest.Answer.WAITING:
        raise RefusedError(ANSWERED_ALREADY)
    row.agency_return = owed
    return row, owed


def _refuse_unless_owed(agency_return: AgencyReturn) -> None:
    if not is_owed(agency_return):
        raise RefusedError(NOT_OWED)
    if agency_return.due_on is None:
        raise RefusedError(NO_DATE)


def _answer(request: TimeRequest, answer: str, reason: str, *, by: User) -> None:
    request.answer = answer
    request.answer_reason = reason.strip()
    request.answered_by = by
    request.answered_at = timezone.now()
    request.save(
        update_fields=["answer", "answer_reason", "answered_by", "answered_at", "granted_until"]
    )
    notices.time_answered(request)


def _record(verb: str, agency_return: AgencyReturn, *, by: User) -> None:
    activity.record(
        verb,
        by=by,
        partnership=agency_return.audit.partnership_id,
        subject=agency_return,
        audit_id=agency_return.audit_id,
    )
