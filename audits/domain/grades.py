"""Grades the meeting agrees; an agency's own grade stays as the agency gave it."""

from django.db import transaction
from django.utils import timezone

from agencies.domain import activity
from agencies.models import User
from audits.domain.writing import MEETING, StaleError, fresh, hold
from audits.models import AgreedGrade, Case, CaseReturn, Discussion, Grade


@transaction.atomic
def agree_grade(
    *, case_return: CaseReturn, grade: Grade | None, reason: str, revision: int, by: User
) -> AgreedGrade | None:
    """Give a case return the grade the meeting agreed, or with None take it away again.

    `revision` is that of the agreed grade the form showed, or 0 when there was none.
    Raises StaleError when somebody agreed another meanwhile.
    """
    audit = hold(case_return.audit, MEETING)
    stored = AgreedGrade.objects.filter(case_return=case_return).first()
    if stored and stored.revision != revision:
        raise StaleError(stored)
    if grade is None:
        if stored:
            stored.delete()
    else:
        stored = stored or AgreedGrade(case_return=case_return)
        stored.grade, stored.reason, stored.moderator = grade, reason, by
        stored.at, stored.revision = timezone.now(), stored.revision + 1
        stored.save()
    activity.record(
        "agreed a grade" if grade else "took an agreed grade away",
        by=by,
        partnership=audit.partnership_id,
        subject=case_return,
        audit_id=audit.pk,
    )
    return stored if grade else None


@transaction.atomic
def grade_case(*, case: Case, grade: Grade | None, reason: str, revision: int, by: User) -> None:
    """Give the case as a whole one grade, or with None take it away."""
    audit = hold(case.audit, MEETING)
    row, _ = Discussion.objects.get_or_create(case=case)
    stored = fresh(row, revision)
    stored.overall_grade = grade
    stored.overall_grade_reason = reason if grade else ""
    stored.overall_grade_by = by if grade else None
    stored.revision += 1
    stored.save()
    activity.record(
        "agreed an overall grade" if grade else "took an overall grade away",
        by=by,
        partnership=audit.partnership_id,
        subject=case,
        audit_id=audit.pk,
    )
