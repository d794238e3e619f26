"""What must be true before a stage changes; each guard names what is missing, empty if nothing.

Guards look at audits' rows only. Publishing is checked by `reports`, which takes the
transition itself.
"""

from collections.abc import Callable
from uuid import UUID

from audits.models import (
    SETTLED,
    Action,
    AgencyReturn,
    Audit,
    CaseReturn,
    Discussion,
    Known,
    Meeting,
    Question,
    ReturnStage,
    Stage,
)

Guard = Callable[..., list[str]]


class GuardError(Exception):
    """A transition was refused; `missing` says why in sentences a person can act on."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = missing


def nothing_missing(_thing: object) -> list[str]:
    return []


def ready_to_nominate(audit: Audit) -> list[str]:
    missing = []
    if not audit.agency_returns.exists():
        missing.append("Choose the agencies to ask.")
    if not audit.toolkit.questions.exists():
        missing.append("Add at least one question to the toolkit.")
    if not audit.grades.exists():
        missing.append("Give the audit a grade scale.")
    return missing


def ready_to_circulate(audit: Audit) -> list[str]:
    missing = ready_to_nominate(audit)
    if not audit.cases.in_sample().exists():
        missing.append("Select at least one case.")
    if not audit.purpose.strip():
        missing.append("State the purpose of the request.")
    if not audit.legal_power.strip():
        missing.append("State the legal power to share.")
    if audit.return_by is None:
        missing.append("Set the date to return by.")
    return missing


def every_return_settled(audit: Audit) -> list[str]:
    owing = audit.agency_returns.exclude(stage__in=SETTLED).select_related("agency")
    return [
        f"{agency_return.agency} has not handed in its return: wait for it, or excuse it."
        for agency_return in owing
    ]


def meeting_held(audit: Audit) -> list[str]:
    missing = []
    meeting = Meeting.objects.filter(audit=audit).first()
    if meeting is None or meeting.held_on is None:
        missing.append("Enter the date on which the meeting was held.")
    if meeting is None or not meeting.attendance.exists():
        missing.append("Enter who attended the meeting.")
    settled = Discussion.objects.filter(case__audit=audit).exclude(state="").values("case")
    missing += [
        f"{case} was neither discussed nor passed over."
        for case in audit.cases.in_sample().exclude(pk__in=settled)
    ]
    return missing


def not_yet_with_the_chair(audit: Audit) -> list[str]:
    return ["The chair already has it."] if audit.awaiting_approval else []


def with_the_chair(audit: Audit) -> list[str]:
    return [] if audit.awaiting_approval else ["The officer has not asked for approval yet."]


def actions_finished(audit: Audit) -> list[str]:
    unfinished = Action.objects.filter(audit=audit).unfinished()
    return [
        f"“{action.text}” is neither done nor carried over by somebody." for action in unfinished
    ]


def collecting(agency_return: AgencyReturn) -> list[str]:
    if agency_return.audit.stage == Stage.COLLECTING:
        return []
    return ["Returns are handed in while the audit is collecting."]


def collecting_or_meeting(agency_return: AgencyReturn) -> list[str]:
    if agency_return.audit.stage in (Stage.COLLECTING, Stage.MEETING):
        return []
    return ["A return is reopened while the audit is collecting or at the meeting."]


def ready_to_sign_off(agency_return: AgencyReturn) -> list[str]:
    missing = collecting_or_meeting(agency_return)
    unfinished = agency_return.case_returns.in_sample().exclude(stage__in=["complete", "not_known"])
    missing += [f"{row.case} is not finished." for row in unfinished.select_related("case")]
    if not agency_return.overview.strip():
        missing.append("Write the overview of the summative report.")
    return missing


def nothing_known(agency_return: AgencyReturn) -> list[str]:
    known = agency_return.case_returns.in_sample().exclude(known__in=["", Known.NO])
    return collecting_or_meeting(agency_return) + [
        f"{row.case} is known to the agency, so this is not a nil return."
        for row in known.select_related("case")
    ]


def return_is_open(case_return: CaseReturn) -> list[str]:
    if case_return.agency_return.stage != ReturnStage.OPEN:
        return ["The agency's return is closed. Ask the officer to reopen it."]
    return []


def ready_as_not_known(case_return: CaseReturn) -> list[str]:
    missing = return_is_open(case_return)
    if case_return.known != Known.NO:
        missing.append("Answer whether the family is known with “No” first.")
    if not case_return.not_known_reason.strip():
        missing.append("Say how you checked.")
    return missing


def ready_to_complete(case_return: CaseReturn) -> list[str]:
    missing = return_is_open(case_return)
    if not case_return.is_known:
        missing.append("Say whether the child, a sibling or a carer is known to you.")
    missing += [
        f"Answer question {question.number}: {question.text}"
        for question in unanswered(case_return)
    ]
    return missing


def unanswered(case_return: CaseReturn) -> list[Question]:
    """Required questions that are put to this agency for this case and have no answer yet."""
    answers = {answer.question_id: answer.value for answer in case_return.answers.all()}
    kinds = set(
        case_return.points.filter(placements__agreed=False).values_list(
            "placements__kind", flat=True
        )
    )
    return [
        question
        for question in questions_for(case_return, answers)
        if question.required
        and not (
            question.point_kind in kinds
            if question.kind == Question.Kind.POINTS
            else answers.get(question.pk, "").strip()
        )
    ]


def questions_for(case_return: CaseReturn, answers: dict[UUID, str]) -> list[Question]:
    """The toolkit's questions for this agency whose condition, if any, the answers meet."""
    questions = case_return.audit.toolkit.questions.prefetch_related("agencies")
    asked = [
        question
        for question in questions
        if not question.agencies.all()
        or case_return.agency_id in {agency.pk for agency in question.agencies.all()}
    ]
    shown: list[Question] = []
    shown_ids: set[UUID] = set()
    for question in asked:
        follows = question.follows_id
        if follows is None or (
            follows in shown_ids and answers.get(follows, "") in question.follows_answers
        ):
            shown.append(question)
            shown_ids.add(question.pk)
    return shown
