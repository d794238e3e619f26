"""The three tables word for word, and the one function that takes a step."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import Activity, Agency, User
from agencies.roles import ROLES, Role
from audits.domain.guards import GuardError
from audits.domain.transitions import (
    AUDIT_TRANSITIONS,
    CASE_RETURN_TRANSITIONS,
    REFUSED,
    RETURN_TRANSITIONS,
    Transition,
    allowed,
    available,
    table_for,
    transition,
)
from audits.models import (
    Attendance,
    Audit,
    CaseReturnStage,
    Discussion,
    Known,
    ReturnStage,
    Stage,
    StatusChange,
)
from tests.factories import (
    ActionFactory,
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    CaseReturnFactory,
    MeetingFactory,
    QuestionFactory,
    person,
)

pytestmark = pytest.mark.django_db


def lines(table: dict[str, Transition]) -> list[tuple[str, str, str, bool]]:
    return [
        (name, " or ".join(step.froms), step.to, step.needs_reason) for name, step in table.items()
    ]


def test_the_life_of_an_audit() -> None:
    assert lines(AUDIT_TRANSITIONS) == [
        ("ask-for-nominations", "planned", "nominating", False),
        ("circulate", "nominating", "collecting", False),
        ("go-to-meeting", "collecting", "meeting", False),
        ("start-drafting", "meeting", "drafting", False),
        ("ask-for-approval", "drafting", "drafting", False),
        ("send-back-draft", "drafting", "drafting", True),
        ("publish", "drafting", "published", False),
        ("close", "published", "closed", False),
        ("back-to-planned", "nominating", "planned", True),
        ("back-to-nominating", "collecting", "nominating", True),
        ("back-to-collecting", "meeting", "collecting", True),
        ("back-to-meeting", "drafting", "meeting", True),
        ("back-to-drafting", "published", "drafting", True),
        ("back-to-published", "closed", "published", True),
    ]


def test_the_life_of_a_return() -> None:
    assert lines(RETURN_TRANSITIONS) == [
        ("sign-off", "open", "signed_off", False),
        ("nil", "open", "nil", False),
        ("decline", "open", "declined", True),
        ("excuse", "open", "excused", True),
        ("reopen", "signed_off or nil or declined or excused", "open", True),
    ]


def test_the_life_of_a_case_return() -> None:
    assert lines(CASE_RETURN_TRANSITIONS) == [
        ("start", "not_started", "in_progress", False),
        ("not-begun", "in_progress", "not_started", False),
        ("complete", "not_started or in_progress", "complete", False),
        ("not-known", "not_started or in_progress", "not_known", False),
        ("send-back", "complete or not_known", "in_progress", True),
        ("take-back", "complete or not_known", "in_progress", False),
    ]


def who_may(thing: Any, name: str, people: dict[Role, User]) -> list[str]:
    return [str(role) for role, user in people.items() if allowed(thing, name, user)]


def everybody(agency: Agency) -> dict[Role, User]:
    return {
        role: person(role, agency if rule.in_agency else agency.partnership)
        for role, rule in ROLES.items()
    }


class TestWhoMay:
    def test_take_an_audit_where(self) -> None:
        audit = AuditFactory()
        people = everybody(AgencyFactory(partnership=audit.partnership))
        assert {name: who_may(audit, name, people) for name in AUDIT_TRANSITIONS} == {
            "ask-for-nominations": ["officer"],
            "circulate": ["officer"],
            "go-to-meeting": ["officer"],
            "start-drafting": ["officer", "chair"],
            "ask-for-approval": ["officer"],
            "send-back-draft": ["chair"],
            "publish": ["chair"],
            "close": ["officer"],
            "back-to-planned": ["officer", "chair"],
            "back-to-nominating": ["officer", "chair"],
            "back-to-collecting": ["officer", "chair"],
            "back-to-meeting": ["officer", "chair"],
            "back-to-drafting": ["officer", "chair"],
            "back-to-published": ["officer", "chair"],
        }

    def test_take_a_return_where(self) -> None:
        agency_return = AgencyReturnFactory()
        people = everybody(agency_return.agency)
        assert {name: who_may(agency_return, name, people) for name in RETURN_TRANSITIONS} == {
            "sign-off": ["lead", "officer"],
            "nil": ["lead", "officer"],
            "decline": ["lead", "officer"],
            "excuse": ["officer"],
            "reopen": ["officer"],
        }

    def test_take_a_case_return_where(self) -> None:
        case_return = CaseReturnFactory()
        people = everybody(case_return.agency)
        allowed_to = {name: who_may(case_return, name, people) for name in CASE_RETURN_TRANSITIONS}
        assert allowed_to == {
            "start": ["auditor", "lead", "officer"],
            "not-begun": ["auditor", "lead", "officer"],
            "complete": ["auditor", "lead", "officer"],
            "not-known": ["auditor", "lead", "officer"],
            "send-back": ["lead", "officer"],
            "take-back": ["auditor", "lead", "officer"],
        }

    def test_a_lead_of_another_agency_may_nothing(self) -> None:
        agency_return = AgencyReturnFactory()
        stranger = person(Role.LEAD, AgencyFactory(partnership=agency_return.audit.partnership))
        assert available(agency_return, stranger) == []

    def test_an_officer_of_another_partnership_may_nothing(self) -> None:
        assert available(AuditFactory(), person(Role.OFFICER, AgencyFactory().partnership)) == []


def test_each_thing_has_its_table() -> None:
    case_return = CaseReturnFactory()
    assert table_for(case_return.audit) is AUDIT_TRANSITIONS
    assert table_for(case_return.agency_return) is RETURN_TRANSITIONS
    assert table_for(case_return) is CASE_RETURN_TRANSITIONS


def test_a_page_offers_what_leads_on_from_the_present_stage() -> None:
    audit = AuditFactory(stage=Stage.DRAFTING)
    officer = person(Role.OFFICER, audit.partnership)
    chair = person(Role.CHAIR, audit.partnership)
    assert [name for name, _ in available(audit, officer)] == [
        "ask-for-approval",
        "back-to-meeting",
    ]
    assert [name for name, _ in available(audit, chair)] == [
        "send-back-draft",
        "publish",
        "back-to-meeting",
    ]


class TestTakingAStep:
    def test_writes_stage_status_and_activity(self) -> None:
        audit = AuditFactory(stage=Stage.MEETING)
        officer = person(Role.OFFICER, audit.partnership)
        fresh = transition(audit, "back-to-collecting", by=officer, reason="  One is missing. ")
        assert fresh.stage == Stage.COLLECTING
        change = StatusChange.objects.get()
        assert (
            change.audit,
            change.agency_return,
            change.case_return,
            change.transition,
            change.from_stage,
            change.to_stage,
            change.reason,
            change.by,
        ) == (
            audit,
            None,
            None,
            "back-to-collecting",
            "meeting",
            "collecting",
            "One is missing.",
            officer,
        )
        activity = Activity.objects.get()
        assert (activity.verb, activity.by, activity.audit_id, activity.subject_type) == (
            "took the audit back to collecting",
            officer,
            audit.pk,
            "audits.audit",
        )

    def test_refuses_who_may_not_and_writes_nothing(self) -> None:
        audit = AuditFactory(stage=Stage.MEETING)
        with pytest.raises(PermissionDenied):
            transition(
                audit,
                "back-to-collecting",
                by=person(Role.MEMBER, audit.partnership),
                reason="I would like to.",
            )
        assert not StatusChange.objects.exists()
        assert Audit.objects.get().stage == Stage.MEETING

    def test_refuses_a_step_already_taken(self) -> None:
        audit = AuditFactory(stage=Stage.MEETING)
        officer = person(Role.OFFICER, audit.partnership)
        transition(audit, "back-to-collecting", by=officer, reason="Once.")
        with pytest.raises(GuardError) as refused:
            transition(audit, "back-to-collecting", by=officer, reason="Twice.")
        assert refused.value.missing == ["This is now at “Collecting”: look again."]

    def test_refuses_a_step_back_without_a_reason(self) -> None:
        audit = AuditFactory(stage=Stage.MEETING)
        with pytest.raises(GuardError) as refused:
            transition(
                audit,
                "back-to-collecting",
                by=person(Role.OFFICER, audit.partnership),
                reason="  ",
            )
        assert refused.value.missing == ["Give a reason."]

    def test_refuses_what_is_missing(self) -> None:
        audit = AuditFactory()
        with pytest.raises(GuardError) as refused:
            transition(audit, "ask-for-nominations", by=person(Role.OFFICER, audit.partnership))
        assert refused.value.missing == [
            "Choose the agencies to ask.",
            "Add at least one question to the toolkit.",
        ]
        assert Activity.objects.get().verb == REFUSED

    def test_a_return_leaves_its_own_trace(self) -> None:
        agency_return = AgencyReturnFactory(audit__stage=Stage.COLLECTING)
        lead = person(Role.LEAD, agency_return.agency)
        transition(agency_return, "decline", by=lead, reason="No power to share.")
        change = StatusChange.objects.get()
        assert (change.agency_return, change.case_return, change.to_stage) == (
            agency_return,
            None,
            "declined",
        )


def test_the_whole_life_of_an_audit_and_back() -> None:
    audit: Audit = AuditFactory()
    agency_return = AgencyReturnFactory(audit=audit)
    QuestionFactory(toolkit=audit.toolkit, required=False)
    officer = person(Role.OFFICER, audit.partnership)
    chair = person(Role.CHAIR, audit.partnership)
    lead = person(Role.LEAD, agency_return.agency)

    transition(audit, "ask-for-nominations", by=officer)
    case = CaseFactory(audit=audit)
    transition(audit, "circulate", by=officer)
    case_return = audit.case_returns.get()
    case_return.known = Known.CHILD
    case_return.save()
    case_return = transition(case_return, "start", by=lead)
    case_return = transition(case_return, "complete", by=lead)
    case_return = transition(case_return, "take-back", by=lead)
    case_return = transition(case_return, "complete", by=lead)
    case_return = transition(case_return, "send-back", by=lead, reason="Too short.")
    case_return = transition(case_return, "complete", by=lead)
    agency_return.overview = "All well."
    agency_return.save()
    transition(agency_return, "sign-off", by=lead)
    transition(audit, "go-to-meeting", by=officer)
    Attendance.objects.create(meeting=MeetingFactory(audit=audit), name="Alex Example")
    Discussion.objects.create(case=case, state=Discussion.State.DISCUSSED)
    audit = transition(audit, "start-drafting", by=chair)
    audit = transition(audit, "ask-for-approval", by=officer)
    assert audit.awaiting_approval
    audit = transition(audit, "send-back-draft", by=chair, reason="Shorten it.")
    assert not audit.awaiting_approval
    transition(audit, "ask-for-approval", by=officer)
    audit = transition(audit, "publish", by=chair)
    assert not audit.awaiting_approval
    audit = transition(audit, "close", by=officer)
    assert audit.stage == Stage.CLOSED
    for stage in ("published", "drafting", "meeting", "collecting", "nominating", "planned"):
        audit = transition(audit, f"back-to-{stage}", by=officer, reason="To see it all.")
    assert audit.stage == Stage.PLANNED


def test_nothing_is_published_while_a_return_is_open() -> None:
    row = AgencyReturnFactory(audit__stage=Stage.DRAFTING)
    with pytest.raises(GuardError) as refused:
        transition(row.audit, "publish", by=person(Role.CHAIR, row.audit.partnership))
    assert refused.value.missing == [
        f"{row.agency} has not handed in its return: wait for it, or excuse it."
    ]


class TestReturns:
    @pytest.mark.parametrize("stage", [Stage.COLLECTING, Stage.MEETING])
    def test_an_open_one_can_always_be_settled(self, stage: Stage) -> None:
        officer = None
        for name, to in [
            ("nil", ReturnStage.NIL),
            ("decline", ReturnStage.DECLINED),
            ("excuse", ReturnStage.EXCUSED),
        ]:
            agency_return = AgencyReturnFactory(audit__stage=stage)
            officer = person(Role.OFFICER, agency_return.audit.partnership)
            fresh = transition(agency_return, name, by=officer, reason="As agreed.")
            assert fresh.stage == to

    @pytest.mark.parametrize(
        "stage",
        [ReturnStage.SIGNED_OFF, ReturnStage.NIL, ReturnStage.DECLINED, ReturnStage.EXCUSED],
    )
    def test_each_can_be_reopened(self, stage: ReturnStage) -> None:
        agency_return = AgencyReturnFactory(audit__stage=Stage.MEETING, stage=stage)
        officer = person(Role.OFFICER, agency_return.audit.partnership)
        fresh = transition(agency_return, "reopen", by=officer, reason="Page 2 is missing.")
        assert fresh.stage == ReturnStage.OPEN

    def test_not_known_is_a_return_too(self) -> None:
        case_return = CaseReturnFactory(
            agency_return__audit__stage=Stage.COLLECTING,
            known=Known.NO,
            not_known_reason="Searched by name and address.",
        )
        auditor = person(Role.AUDITOR, case_return.agency)
        fresh = transition(case_return, "not-known", by=auditor)
        assert fresh.stage == CaseReturnStage.NOT_KNOWN


def test_closing_waits_for_the_actions() -> None:
    action = ActionFactory(audit__stage=Stage.PUBLISHED, text="Write the guide.")
    with pytest.raises(GuardError) as refused:
        transition(action.audit, "close", by=person(Role.OFFICER, action.audit.partnership))
    assert refused.value.missing == [
        "“Write the guide.” is neither done nor carried over by somebody."
    ]
