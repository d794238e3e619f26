"""Something is wrong now: who may say it, who is told, who may answer, and once only."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from agencies.models import Activity, Agency, User
from agencies.roles import Role
from audits.domain import concerns
from audits.domain.concerns import AlreadyAcknowledgedError
from audits.models import AgencyReturn, Concern, Stage
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    ConcernFactory,
    MembershipFactory,
    person,
)

pytestmark = pytest.mark.django_db
WORDS = "Nobody has seen them since Friday, and the flat is empty."


@pytest.fixture
def agency_return() -> AgencyReturn:
    row: AgencyReturn = AgencyReturnFactory(audit=AuditFactory(stage=Stage.COLLECTING))
    return row


@pytest.fixture
def auditor(agency_return: AgencyReturn) -> User:
    return person(Role.AUDITOR, agency_return.agency, name="Ada Auditor")


@pytest.fixture
def lead(agency_return: AgencyReturn) -> User:
    return person(Role.LEAD, agency_return.agency, name="Leo Lead")


@pytest.fixture
def officer(agency_return: AgencyReturn) -> User:
    return person(Role.OFFICER, agency_return.audit.partnership, name="Olu Officer")


def raised(agency_return: AgencyReturn, by: User, **more: Any) -> Concern:
    return concerns.raise_concern(agency_return, by=by, words=WORDS, **more)[0]


def test_the_lead_and_the_officer_are_told_by_name_and_nobody_else(
    agency_return: AgencyReturn, auditor: User, lead: User, officer: User
) -> None:
    other: Agency = AgencyFactory(partnership=agency_return.audit.partnership)
    for role, place in (
        (Role.LEAD, other),
        (Role.CHAIR, agency_return.audit.partnership),
        (Role.ADMIN, agency_return.audit.partnership),
    ):
        person(role, place)
    person(Role.LEAD, agency_return.agency, is_active=False)

    _, told = concerns.raise_concern(agency_return, by=auditor, words=WORDS)

    assert told == [lead, officer]


def test_the_mail_says_nothing_of_the_case(
    agency_return: AgencyReturn,
    auditor: User,
    lead: User,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    case = CaseFactory(audit=agency_return.audit, number=37)
    with django_capture_on_commit_callbacks(execute=True):
        concern = raised(agency_return, auditor, case=case, done_already="Rang at 10.15.")

    (mail,) = mailoutbox
    assert mail.to == [lead.email]
    assert mail.subject == "Please look at this now"
    assert f"/concerns/{concern.pk}/" in mail.body
    for words in ("Case 37", "Friday", "10.15", auditor.name, agency_return.agency.name):
        assert words not in mail.subject + mail.body


def test_who_raises_it_does_not_tell_themselves(
    agency_return: AgencyReturn, lead: User, officer: User
) -> None:
    assert concerns.raise_concern(agency_return, by=lead, words=WORDS)[1] == [officer]
    assert concerns.raise_concern(agency_return, by=officer, words=WORDS)[1] == [lead]


def test_one_person_with_two_roles_is_told_once(
    agency_return: AgencyReturn, auditor: User, lead: User
) -> None:
    MembershipFactory(user=lead, partnership=agency_return.audit.partnership, role=Role.OFFICER)

    assert concerns.raise_concern(agency_return, by=auditor, words=WORDS)[1] == [lead]


def test_it_is_written_as_it_was_said(agency_return: AgencyReturn, auditor: User) -> None:
    case = CaseFactory(audit=agency_return.audit)

    concern = raised(agency_return, auditor, case=case, done_already="  Rang at once. ")

    concern.refresh_from_db()
    assert (concern.words, concern.done_already) == (WORDS, "Rang at once.")
    assert (concern.audit, concern.agency) == (agency_return.audit, agency_return.agency)
    assert (concern.case, concern.raised_by, concern.is_open) == (case, auditor, True)


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MEMBER, Role.BOARD, Role.ADMIN])
def test_only_those_who_write_in_the_return_may_raise_one(
    agency_return: AgencyReturn, role: Role
) -> None:
    somebody = person(role, agency_return.audit.partnership)

    with pytest.raises(PermissionDenied):
        raised(agency_return, somebody)
    assert not Concern.objects.exists()


def test_another_agency_can_neither_raise_nor_see_it(
    agency_return: AgencyReturn, auditor: User
) -> None:
    stranger = person(Role.LEAD, AgencyFactory(partnership=agency_return.audit.partnership))
    raised(agency_return, auditor)

    with pytest.raises(PermissionDenied):
        raised(agency_return, stranger)
    assert not Concern.objects.visible_to(stranger).exists()


def test_the_chair_does_not_see_it_at_any_stage(agency_return: AgencyReturn, auditor: User) -> None:
    raised(agency_return, auditor)
    chair = person(Role.CHAIR, agency_return.audit.partnership)
    for stage in Stage:
        agency_return.audit.stage = stage
        agency_return.audit.save()
        assert not Concern.objects.visible_to(chair).exists()


@pytest.mark.parametrize("who", ["lead", "officer"])
def test_lead_or_officer_puts_their_name_to_it(
    agency_return: AgencyReturn, auditor: User, who: str, request: pytest.FixtureRequest
) -> None:
    answering: User = request.getfixturevalue(who)
    concern = raised(agency_return, auditor)

    concerns.acknowledge(concern, by=answering, acknowledgement=" Spoke to the front door. ")

    concern.refresh_from_db()
    assert (concern.acknowledged_by, concern.is_open) == (answering, False)
    assert concern.acknowledgement == "Spoke to the front door."
    assert not Concern.objects.open().exists()


def test_whoever_raised_it_hears_who_answered(
    agency_return: AgencyReturn,
    auditor: User,
    lead: User,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    concern = raised(agency_return, auditor)
    with django_capture_on_commit_callbacks(execute=True):
        concerns.acknowledge(concern, by=lead, acknowledgement="Spoke to the front door.")

    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([auditor.email], "Your concern has been acknowledged")
    assert "Leo Lead" in mail.body
    assert "front door" not in mail.body


def test_nobody_answers_for_their_own(agency_return: AgencyReturn, lead: User) -> None:
    concern = raised(agency_return, lead)

    with pytest.raises(PermissionDenied):
        concerns.acknowledge(concern, by=lead, acknowledgement="Done.")
    assert Concern.objects.open().get() == concern


def test_an_auditor_cannot_answer(agency_return: AgencyReturn, auditor: User) -> None:
    colleague = person(Role.AUDITOR, agency_return.agency)

    with pytest.raises(PermissionDenied):
        concerns.acknowledge(
            raised(agency_return, auditor), by=colleague, acknowledgement="It is fine."
        )


def test_the_first_name_stands(
    agency_return: AgencyReturn, auditor: User, lead: User, officer: User
) -> None:
    concern = raised(agency_return, auditor)
    concerns.acknowledge(concern, by=lead, acknowledgement="First.")

    with pytest.raises(AlreadyAcknowledgedError) as refused:
        concerns.acknowledge(concern, by=officer, acknowledgement="Second.")

    assert refused.value.concern.acknowledged_by == lead
    concern.refresh_from_db()
    assert concern.acknowledgement == "First."


def test_the_activity_holds_that_it_happened_and_no_words(
    agency_return: AgencyReturn, auditor: User, lead: User
) -> None:
    concerns.acknowledge(raised(agency_return, auditor), by=lead, acknowledgement="Seen to.")

    assert [(each.verb, each.by) for each in Activity.objects.order_by("pk")] == [
        ("raised a concern about immediate risk", auditor),
        ("acknowledged a concern about immediate risk", lead),
    ]


def test_the_database_refuses_an_answer_without_a_name() -> None:
    concern = ConcernFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(acknowledged_at=concern.raised_at)
    assert Concern.objects.get(pk=concern.pk).is_open


def test_it_says_what_it_is_about(agency_return: AgencyReturn) -> None:
    case = CaseFactory(audit=agency_return.audit, number=4)

    assert str(ConcernFactory(agency_return=agency_return, case=case)) == "Concern about Case 4"
    assert str(ConcernFactory(agency_return=agency_return)) == (
        f"Concern about {agency_return.audit.title}"
    )
