"""What a change of stage of a return brings with it, in the same transaction."""

from django.utils import timezone

from agencies.models import User
from audits.models import AgencyReturn, CaseReturn
from audits.questions import asked_of, in_play


def sign(agency_return: AgencyReturn, *, by: User) -> None:
    agency_return.signed_off_at = timezone.now()
    agency_return.signed_off_by = by
    agency_return.save(update_fields=["signed_off_at", "signed_off_by"])


def unsign(agency_return: AgencyReturn, **_by: User) -> None:
    agency_return.signed_off_at = None
    agency_return.signed_off_by = None
    agency_return.save(update_fields=["signed_off_at", "signed_off_by"])


def finish(case_return: CaseReturn, **_by: User) -> None:
    case_return.completed_at = timezone.now()
    case_return.save(update_fields=["completed_at"])


def complete(case_return: CaseReturn, *, by: User) -> None:
    """Answers to follow-ups that are not asked after all would be counted, so they go."""
    answers = dict(case_return.answers.values_list("question", "value"))
    questions = asked_of(case_return.agency_id, case_return.audit.toolkit_id)
    asked = [question.pk for question in in_play(questions, answers)]
    case_return.answers.exclude(question__in=asked).delete()
    finish(case_return, by=by)


def unfinish(case_return: CaseReturn, **_by: User) -> None:
    case_return.completed_at = None
    case_return.save(update_fields=["completed_at"])
