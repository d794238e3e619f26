"""What must be true before a stage changes; each guard names what is missing, empty if nothing.

Guards look at audits' rows only. Publishing is checked by `reports`, which takes the
transition itself.
"""

from collections.abc import Callable, Mapping
from typing import Self

from audits.domain import completeness
from audits.domain.amount import too_long
from audits.domain.mailed_names import (
    MAILED,
    certain_hits,
    complaint,
    mailed_texts,
    texts_of_why_asked,
)
from audits.domain.screened import ScreeningDownError
from audits.domain.screened_texts import flagged_in_return, return_passages, told_by_group
from audits.models import (
    SETTLED,
    Action,
    AgencyReturn,
    Audit,
    CaseReturn,
    Discussion,
    Known,
    Meeting,
    ReturnStage,
    Stage,
)

Guard = Callable[..., list[str]]


WHY_ASKED_NAMES = (
    "Why the agencies are asked says who somebody is, and all of them read it. Look at its words."
)


class GuardError(Exception):
    """A transition was refused; `missing` says why in sentences a person can act on."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = missing


class Missing(str):
    """A sentence about what is missing that also knows the route of the page that mends it."""

    __slots__ = ("route",)

    route: str

    def __new__(cls, sentence: str, route: str) -> Self:
        missing = super().__new__(cls, sentence)
        missing.route = route
        return missing


def nothing_missing(_thing: object) -> list[str]:
    return []


def ready_to_nominate(audit: Audit) -> list[str]:
    missing: list[str] = []
    if not audit.agency_returns.exists():
        missing.append(Missing("Choose the agencies to ask.", "audit-agencies"))
    if not audit.toolkit.questions.exists():
        missing.append(Missing("Add at least one question to the toolkit.", "toolkit-detail"))
    if not audit.grades.exists():
        missing.append(Missing("Give the audit a grade scale.", "audit-grades"))
    return missing + names_nobody(audit)


def names_nobody(audit: Audit) -> list[str]:
    """Title and code stand in every mail about the audit, so they are free of what certainly says
    who somebody is before the first is sent."""
    return _named(audit, mailed_texts(audit))


def why_asked_names_nobody(audit: Audit) -> list[str]:
    return _named(audit, texts_of_why_asked(audit))


def set_up_names_nobody(audit: Audit) -> list[str]:
    return _named(audit, mailed_texts(audit) | texts_of_why_asked(audit))


def _named(audit: Audit, texts: Mapping[str, str]) -> list[str]:
    try:
        found = certain_hits(audit, texts)
    except ScreeningDownError as fault:
        return [str(fault)]
    mailed: list[str] = [
        Missing(complaint(field), "audit-update") for field in found if field in MAILED
    ]
    why = [Missing(WHY_ASKED_NAMES, "audit-screening")] if found.keys() - MAILED else []
    return mailed + why


def ready_to_circulate(audit: Audit) -> list[str]:
    missing = ready_to_nominate(audit)
    if not audit.cases.in_sample().exists():
        missing.append(Missing("Select at least one case.", "case-list"))
    if not audit.purpose.strip():
        missing.append(Missing("State the purpose of the request.", "audit-update"))
    if not audit.legal_power.strip():
        missing.append(Missing("State the legal power to share.", "audit-update"))
    if audit.return_by is None:
        missing.append(Missing("Set the date to return by.", "audit-dates"))
    return missing + why_asked_names_nobody(audit)


def every_return_settled(audit: Audit) -> list[str]:
    owing = audit.agency_returns.exclude(stage__in=SETTLED).select_related("agency")
    return [
        Missing(
            f"{agency_return.agency} has not handed in its return: wait for it, or excuse it.",
            "agency-return-list",
        )
        for agency_return in owing
    ]


def meeting_held(audit: Audit) -> list[str]:
    missing: list[str] = []
    meeting = Meeting.objects.filter(audit=audit).first()
    if meeting is None or meeting.held_on is None:
        missing.append(Missing("Enter the date on which the meeting was held.", "meeting-detail"))
    if meeting is None or not meeting.attendance.exists():
        missing.append(Missing("Enter who attended the meeting.", "meeting-detail"))
    settled = Discussion.objects.filter(case__audit=audit).exclude(state="").values("case")
    missing += [
        Missing(f"{case} was neither discussed nor passed over.", "meeting-detail")
        for case in audit.cases.in_sample().exclude(pk__in=settled)
    ]
    return missing


def meeting_over(audit: Audit) -> list[str]:
    """A return reopened at the meeting has to be settled again: drafting counts it."""
    return meeting_held(audit) + every_return_settled(audit)


def not_yet_with_the_chair(audit: Audit) -> list[str]:
    return ["The chair already has it."] if audit.awaiting_approval else []


def with_the_chair(audit: Audit) -> list[str]:
    return [] if audit.awaiting_approval else ["The officer has not asked for approval yet."]


def actions_finished(audit: Audit) -> list[str]:
    unfinished = Action.objects.filter(audit=audit).unfinished()
    return [
        Missing(
            f"“{action.text}” is neither done nor carried over by somebody.", "audit-action-list"
        )
        for action in unfinished
    ]


def collecting_or_meeting(agency_return: AgencyReturn) -> list[str]:
    if agency_return.audit.stage in (Stage.COLLECTING, Stage.MEETING):
        return []
    return ["A return changes only while the audit is collecting or at the meeting."]


def ready_to_sign_off(agency_return: AgencyReturn) -> list[str]:
    missing = collecting_or_meeting(agency_return)
    unfinished = agency_return.case_returns.in_sample().exclude(stage__in=["complete", "not_known"])
    missing += [f"{row.case} is not finished." for row in unfinished.select_related("case")]
    if not agency_return.overview.strip():
        missing.append("Write the overview of the summative report.")
    return missing + words_undecided(agency_return)


def words_undecided(agency_return: AgencyReturn) -> list[str]:
    """What screening found in the return and nobody decided yet, by place and never in words."""
    passages = return_passages(agency_return)
    if long := too_long(passages):
        return long
    try:
        found = flagged_in_return(agency_return, passages)
    except ScreeningDownError as fault:
        return [str(fault)]
    return [Missing(sentence, "return-screening") for sentence in told_by_group(found)]


def nothing_known(agency_return: AgencyReturn) -> list[str]:
    known = agency_return.case_returns.in_sample().exclude(known__in=["", Known.NO])
    return collecting_or_meeting(agency_return) + [
        f"{row.case}: say whether it is known; “{row.get_known_display()}” is no answer yet."
        if row.known == Known.UNSURE
        else f"{row.case} is known to the agency, so this is not a nil return."
        for row in known.select_related("case")
    ]


def ready_as_nil(agency_return: AgencyReturn) -> list[str]:
    return nothing_known(agency_return) + words_undecided(agency_return)


def ready_to_decline(agency_return: AgencyReturn) -> list[str]:
    """Who declines may have written before, and from the meeting on the others can read it."""
    return collecting_or_meeting(agency_return) + words_undecided(agency_return)


def return_is_open(case_return: CaseReturn) -> list[str]:
    if case_return.agency_return.stage != ReturnStage.OPEN:
        return ["The agency's return is closed. Ask the officer to reopen it."]
    return collecting_or_meeting(case_return.agency_return)


def nothing_written(case_return: CaseReturn) -> list[str]:
    written = ["Something is written in it."] if case_return.has_words() else []
    return return_is_open(case_return) + written


def ready_as_not_known(case_return: CaseReturn) -> list[str]:
    missing = return_is_open(case_return)
    if case_return.known != Known.NO:
        missing.append("Answer whether the family is known with “No” first.")
    if not case_return.not_known_reason.strip():
        missing.append("Say how you checked.")
    return missing


def ready_to_complete(case_return: CaseReturn) -> list[str]:
    missing = return_is_open(case_return)
    if case_return.known == Known.NO:
        missing.append("The family is not known to you, so return the case as not known.")
    return missing + [gap.sentence for gap in completeness.gaps_of(case_return)]
