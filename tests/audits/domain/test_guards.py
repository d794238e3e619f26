"""Every guard: what it says when something is missing, word for word, and that it lets through."""

import pytest

from audits.domain import guards
from audits.domain.guards import GuardError, Missing
from audits.models import (
    Action,
    Attendance,
    Audit,
    CaseReturnStage,
    Discussion,
    Known,
    Question,
    ReturnStage,
    Stage,
)
from audits.screening.registry import RULES
from tests.audits.sealing import sealed_audit
from tests.factories import (
    ActionFactory,
    AgencyFactory,
    AgencyReturnFactory,
    AnswerFactory,
    AuditFactory,
    CaseFactory,
    CaseReturnFactory,
    MeetingFactory,
    QuestionFactory,
    returned_point,
)

pytestmark = pytest.mark.django_db


def ready_audit(**fields: object) -> Audit:
    """An audit to which nothing is missing for circulating."""
    audit: Audit = AuditFactory(**fields)
    AgencyReturnFactory(audit=audit)
    QuestionFactory(toolkit=audit.toolkit)
    CaseFactory(audit=audit)
    return audit


def test_a_sentence_that_is_missing_knows_where_it_is_mended() -> None:
    missing = Missing("Choose the agencies to ask.", "audit-agencies")
    assert (missing, missing.route) == ("Choose the agencies to ask.", "audit-agencies")


def test_an_error_carries_its_sentences() -> None:
    error = GuardError(["One.", "Two."])
    assert error.missing == ["One.", "Two."]
    assert str(error) == "One. Two."


def test_nothing_missing_lets_everything_through() -> None:
    assert guards.nothing_missing(object()) == []


class TestReadyToNominate:
    def test_names_all_that_is_missing(self) -> None:
        audit = AuditFactory(grade_scale=None)
        audit.grades.all().delete()
        missing = guards.ready_to_nominate(audit)
        assert missing == [
            "Choose the agencies to ask.",
            "Add at least one question to the toolkit.",
            "Give the audit a grade scale.",
        ]
        assert [each.route for each in missing if isinstance(each, Missing)] == [
            "audit-agencies",
            "toolkit-detail",
            "audit-grades",
        ]

    def test_lets_a_set_up_audit_through(self) -> None:
        assert guards.ready_to_nominate(ready_audit()) == []


class TestReadyToCirculate:
    def test_names_all_that_is_missing(self) -> None:
        audit = AuditFactory(purpose=" ", legal_power="", return_by=None)
        missing = guards.ready_to_circulate(audit)
        assert missing == [
            "Choose the agencies to ask.",
            "Add at least one question to the toolkit.",
            "Select at least one case.",
            "State the purpose of the request.",
            "State the legal power to share.",
            "Set the date to return by.",
        ]
        assert [each.route for each in missing[2:] if isinstance(each, Missing)] == [
            "case-list",
            "audit-update",
            "audit-update",
            "audit-dates",
        ]

    def test_a_withdrawn_case_is_no_case(self) -> None:
        audit = ready_audit()
        audit.cases.update(withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="Moved away.")
        assert guards.ready_to_circulate(audit) == ["Select at least one case."]

    def test_lets_a_complete_audit_through(self) -> None:
        assert guards.ready_to_circulate(ready_audit()) == []


class TestEveryReturnSettled:
    def test_names_the_agencies_that_owe(self) -> None:
        audit = AuditFactory()
        for name, stage in [
            ("Police", ReturnStage.OPEN),
            ("Health", ReturnStage.SIGNED_OFF),
            ("Schools", ReturnStage.NIL),
            ("Housing", ReturnStage.DECLINED),
            ("Probation", ReturnStage.EXCUSED),
        ]:
            agency = AgencyFactory(partnership=audit.partnership, name=name)
            AgencyReturnFactory(audit=audit, agency=agency, stage=stage)
        missing = guards.every_return_settled(audit)
        assert missing == ["Police has not handed in its return: wait for it, or excuse it."]
        assert [each.route for each in missing if isinstance(each, Missing)] == [
            "agency-return-list"
        ]

    def test_lets_settled_returns_through(self) -> None:
        agency_return = AgencyReturnFactory(stage=ReturnStage.EXCUSED)
        assert guards.every_return_settled(agency_return.audit) == []


class TestMeetingHeld:
    def test_without_a_meeting(self) -> None:
        audit = AuditFactory()
        CaseFactory(audit=audit)
        assert guards.meeting_held(audit) == [
            "Enter the date on which the meeting was held.",
            "Enter who attended the meeting.",
            "Case 1 was neither discussed nor passed over.",
        ]

    def test_with_a_meeting_not_yet_held(self) -> None:
        meeting = MeetingFactory(held_on=None)
        assert guards.meeting_held(meeting.audit) == [
            "Enter the date on which the meeting was held.",
            "Enter who attended the meeting.",
        ]

    def test_a_case_opened_but_not_settled_is_named(self) -> None:
        meeting = MeetingFactory()
        Attendance.objects.create(meeting=meeting, name="Alex Example")
        first, second, third = (CaseFactory(audit=meeting.audit) for _ in range(3))
        Discussion.objects.create(case=first, state=Discussion.State.DISCUSSED)
        Discussion.objects.create(case=second, introduced_by="Alex Example")
        Discussion.objects.create(
            case=third, state=Discussion.State.PASSED_OVER, passed_over_reason="No time."
        )
        assert guards.meeting_held(meeting.audit) == [
            "Case 2 was neither discussed nor passed over."
        ]

    def test_a_return_reopened_at_the_meeting_keeps_it_from_drafting(self) -> None:
        meeting = MeetingFactory(audit__stage=Stage.MEETING)
        Attendance.objects.create(meeting=meeting, name="Alex Example")
        agency = AgencyFactory(partnership=meeting.audit.partnership, name="Police")
        agency_return = AgencyReturnFactory(audit=meeting.audit, agency=agency)
        assert guards.meeting_over(meeting.audit) == [
            "Police has not handed in its return: wait for it, or excuse it."
        ]
        agency_return.stage = ReturnStage.NIL
        agency_return.save()
        assert guards.meeting_over(meeting.audit) == []


class TestApproval:
    def test_a_draft_is_asked_for_once(self) -> None:
        assert guards.not_yet_with_the_chair(AuditFactory()) == []
        assert guards.not_yet_with_the_chair(AuditFactory(awaiting_approval=True)) == [
            "The chair already has it."
        ]

    def test_only_what_was_asked_for_is_sent_back(self) -> None:
        assert guards.with_the_chair(AuditFactory(awaiting_approval=True)) == []
        assert guards.with_the_chair(AuditFactory()) == [
            "The officer has not asked for approval yet."
        ]


class TestActionsFinished:
    def test_names_what_is_not_done(self) -> None:
        audit = AuditFactory()
        ActionFactory(audit=audit, text="Write the guide.")
        missing = guards.actions_finished(audit)
        assert missing == ["“Write the guide.” is neither done nor carried over by somebody."]
        assert [each.route for each in missing if isinstance(each, Missing)] == [
            "audit-action-list"
        ]

    def test_lets_done_actions_through(self) -> None:
        action = ActionFactory(progress=Action.Progress.DONE)
        assert guards.actions_finished(action.audit) == []


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        (Stage.PLANNED, ["A return changes only while the audit is collecting or at the meeting."]),
        (
            Stage.NOMINATING,
            ["A return changes only while the audit is collecting or at the meeting."],
        ),
        (Stage.COLLECTING, []),
        (Stage.MEETING, []),
        (
            Stage.DRAFTING,
            ["A return changes only while the audit is collecting or at the meeting."],
        ),
    ],
)
def test_returns_change_while_collecting_or_at_the_meeting(
    stage: Stage, missing: list[str]
) -> None:
    agency_return = AgencyReturnFactory(audit__stage=stage)
    assert guards.collecting_or_meeting(agency_return) == missing


class TestReadyToSignOff:
    def test_names_unfinished_cases_and_the_overview(self) -> None:
        agency_return = AgencyReturnFactory(audit__stage=Stage.COLLECTING)
        for stage in (
            CaseReturnStage.IN_PROGRESS,
            CaseReturnStage.COMPLETE,
            CaseReturnStage.NOT_KNOWN,
        ):
            CaseReturnFactory(agency_return=agency_return, stage=stage)
        assert guards.ready_to_sign_off(agency_return) == [
            "Case 1 is not finished.",
            "Write the overview of the summative report.",
        ]

    def test_a_withdrawn_case_need_not_be_finished(self) -> None:
        agency_return = AgencyReturnFactory(audit__stage=Stage.COLLECTING, overview="All well.")
        case_return = CaseReturnFactory(agency_return=agency_return)
        case_return.case.withdrawn_at = "2026-01-01T00:00Z"
        case_return.case.withdrawn_reason = "Moved away."
        case_return.case.save()
        assert guards.ready_to_sign_off(agency_return) == []

    def test_not_while_drafting(self) -> None:
        agency_return = AgencyReturnFactory(audit__stage=Stage.DRAFTING, overview="All well.")
        assert guards.ready_to_sign_off(agency_return) == [
            "A return changes only while the audit is collecting or at the meeting."
        ]


class TestNothingKnown:
    def test_names_the_cases_that_are_known(self) -> None:
        agency_return = AgencyReturnFactory(audit__stage=Stage.COLLECTING)
        CaseReturnFactory(agency_return=agency_return, known=Known.NO)
        CaseReturnFactory(agency_return=agency_return, known=Known.SIBLING)
        CaseReturnFactory(agency_return=agency_return)
        assert guards.nothing_known(agency_return) == [
            "Case 2 is known to the agency, so this is not a nil return."
        ]

    def test_wants_to_know_what_could_not_be_told_yet(self) -> None:
        agency_return = AgencyReturnFactory(audit__stage=Stage.COLLECTING)
        CaseReturnFactory(agency_return=agency_return, known="unsure")
        assert guards.nothing_known(agency_return) == [
            "Case 1: say whether it is known; “We can’t tell yet” is no answer yet."
        ]

    def test_lets_a_nil_return_through(self) -> None:
        agency_return = AgencyReturnFactory(audit__stage=Stage.COLLECTING)
        CaseReturnFactory(agency_return=agency_return, known=Known.NO)
        assert guards.nothing_known(agency_return) == []


class TestCaseReturns:
    def test_a_closed_return_takes_no_change(self) -> None:
        case_return = CaseReturnFactory(agency_return__stage=ReturnStage.SIGNED_OFF)
        assert guards.return_is_open(case_return) == [
            "The agency's return is closed. Ask the officer to reopen it."
        ]

    def test_nor_does_one_of_an_audit_that_went_back_to_nominating(self) -> None:
        case_return = CaseReturnFactory(agency_return__audit__stage=Stage.NOMINATING)
        assert guards.return_is_open(case_return) == [
            "A return changes only while the audit is collecting or at the meeting."
        ]

    def test_not_known_needs_the_answer_and_how_it_was_checked(self) -> None:
        case_return = CaseReturnFactory(agency_return__audit__stage=Stage.COLLECTING)
        assert guards.ready_as_not_known(case_return) == [
            "Answer whether the family is known with “No” first.",
            "Say how you checked.",
        ]
        case_return.known = Known.NO
        case_return.not_known_reason = "Searched by name and address."
        assert guards.ready_as_not_known(case_return) == []

    def test_what_is_not_known_is_not_completed(self) -> None:
        case_return = CaseReturnFactory(
            agency_return__audit__stage=Stage.COLLECTING, known=Known.NO
        )
        assert (
            "The family is not known to you, so return the case as not known."
            in guards.ready_to_complete(case_return)
        )

    def test_completing_needs_every_required_question_in_play(self) -> None:
        case_return = CaseReturnFactory(
            agency_return__audit__stage=Stage.COLLECTING, known=Known.CHILD
        )
        toolkit = case_return.audit.toolkit
        first = QuestionFactory(toolkit=toolkit, text="Was the tool used?")
        QuestionFactory(
            toolkit=toolkit, text="Was it reviewed?", follows=first, follows_answers=["yes"]
        )
        QuestionFactory(toolkit=toolkit, text="Anything else?", required=False)
        QuestionFactory(
            toolkit=toolkit,
            text="What worked well?",
            kind=Question.Kind.POINTS,
            point_kind="went_well",
        )
        other = QuestionFactory(toolkit=toolkit, text="Only for others?")
        other.agencies.add(AgencyFactory(partnership=case_return.audit.partnership))
        assert [_question(line) for line in guards.ready_to_complete(case_return)] == [
            "Was the tool used?",
            "What worked well?",
        ]
        AnswerFactory(case_return=case_return, question=first, value="yes")
        returned_point(case_return, "The school spoke up.")
        assert [_question(line) for line in guards.ready_to_complete(case_return)] == [
            "Was it reviewed?"
        ]


def _question(sentence: str) -> str:
    """The words of the question a sentence names."""
    return sentence.partition(": ")[2]


class TestTitleAndCode:
    """They stand in the subjects of mails."""

    @pytest.mark.parametrize("field", ["title", "code"])
    @pytest.mark.parametrize("guard", [guards.ready_to_nominate, guards.ready_to_circulate])
    def test_a_number_that_is_somebodys_stops_what_sends_mail(
        self, field: str, guard: guards.Guard
    ) -> None:
        audit = ready_audit()
        setattr(audit, field, "Neglect 943 476 5919")
        (said,) = guard(audit)
        assert said.startswith(f"The {field} says who somebody is")
        assert "943" not in said
        assert getattr(said, "route", "") == "audit-update"

    def test_a_sealed_name_stops_it_and_any_other_word_does_not(self) -> None:
        audit = sealed_audit().audit
        audit.title = "Neglect, after wrenella"
        assert len(guards.names_nobody(audit)) == 1
        audit.title = "Neglect in Fenshire, with Tegwen"
        assert guards.names_nobody(audit) == []

    def test_where_it_cannot_be_looked_for_nothing_is_sent(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(RULES, "nhs-number", None)
        (said,) = guards.names_nobody(ready_audit())
        assert "could not be checked" in said
