"""Which of a toolkit's questions are put to an agency, and which of them still want an answer."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet

from audits.models import Question


def asked_of(agency_id: UUID, toolkit_id: UUID) -> QuerySet[Question]:
    """The toolkit's questions for everybody and those for this agency, in printed order."""
    return Question.objects.filter(
        # A question joins its agencies' rows once at most: none at all, or this agency's.
        Q(agencies=None) | Q(agencies=agency_id),
        toolkit=toolkit_id,
    )


def asked_of_contributors(agency_id: UUID, toolkit_id: UUID) -> QuerySet[Question]:
    """Those of the questions put to an agency that it puts to its contributors too."""
    return asked_of(agency_id, toolkit_id).filter(for_contributors=True)


def in_play(questions: Iterable[Question], answers: Mapping[UUID, str]) -> list[Question]:
    """The questions whose condition, if they have one, the answers so far meet."""
    shown: dict[UUID, Question] = {}
    for question in questions:
        before = question.follows_id
        if before is None or (
            before in shown and answers.get(before, "") in question.follows_answers
        ):
            shown[question.pk] = question
    return list(shown.values())


def is_answered(question: Question, answers: Mapping[UUID, str], kinds: Collection[str]) -> bool:
    """`kinds`: the kinds under which the return has at least one point."""
    if question.kind == Question.Kind.POINTS:
        return question.point_kind in kinds
    return bool(answers.get(question.pk, "").strip())


def unanswered(
    questions: Iterable[Question], answers: Mapping[UUID, str], kinds: Collection[str]
) -> list[Question]:
    """Required questions in play without an answer."""
    return [
        question
        for question in in_play(questions, answers)
        if question.required and not is_answered(question, answers, kinds)
    ]
