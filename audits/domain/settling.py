"""What a change of stage of a return brings with it, in the same transaction."""

from django.utils import timezone

from agencies.models import User
from audits.domain import fingerprints
from audits.domain.drafts import Text
from audits.domain.revisions import Kept, keep, keep_first
from audits.models import AgencyReturn, Answer, CaseReturn
from audits.questions import asked_of, in_play


def sign(agency_return: AgencyReturn, *, by: User) -> None:
    agency_return.signed_off_at = timezone.now()
    agency_return.signed_off_by = by
    agency_return.save(update_fields=["signed_off_at", "signed_off_by"])
    fingerprints.take(agency_return, by=by)


def unsign(agency_return: AgencyReturn, **_by: User) -> None:
    agency_return.signed_off_at = None
    agency_return.signed_off_by = None
    agency_return.save(update_fields=["signed_off_at", "signed_off_by"])


def finish(case_return: CaseReturn, **_by: User) -> None:
    case_return.completed_at = timezone.now()
    case_return.save(update_fields=["completed_at"])


def complete(case_return: CaseReturn, *, by: User) -> None:
    """Answers to follow-ups that are not asked after all would be counted, so they go; what they
    said is kept."""
    answers = dict(case_return.answers.values_list("question", "value"))
    questions = asked_of(case_return.agency_id, case_return.audit.toolkit_id)
    asked = [question.pk for question in in_play(questions, answers)]
    gone = case_return.answers.exclude(question__in=asked)
    _keep(case_return, list(gone), by=by)
    gone.delete()
    finish(case_return, by=by)


def unfinish(case_return: CaseReturn, **_by: User) -> None:
    case_return.completed_at = None
    case_return.save(update_fields=["completed_at"])


def _keep(case_return: CaseReturn, gone: list[Answer], *, by: User) -> None:
    said = {f"answer:{each.question_id}": Text(each.value, each.revision) for each in gone}
    said |= {f"evidence:{each.question_id}": Text(each.evidence, each.revision) for each in gone}
    texts = {key: text for key, text in said.items() if text.words}
    if texts:
        home = case_return.agency_return
        keep_first(texts, home, case_return)
        emptied = [Kept(key, "", text.revision + 1) for key, text in texts.items()]
        keep(emptied, agency_return=home, by=by, case_return=case_return)
