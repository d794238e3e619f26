"""Circulating freezes the toolkit and asks every agency about every case, once."""

import pytest
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks

from agencies.models import User
from agencies.roles import Role
from audits.domain.circulation import REOPENED_BY_A_CASE, ask_about_cases
from audits.domain.transitions import transition
from audits.models import AgencyReturn, Audit, ReturnStage, Stage, StatusChange
from tests.factories import (
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    QuestionFactory,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit() -> Audit:
    audit: Audit = AuditFactory(stage=Stage.NOMINATING, title="Neglect")
    QuestionFactory(toolkit=audit.toolkit)
    for _ in range(2):
        AgencyReturnFactory(audit=audit)
        CaseFactory(audit=audit)
    return audit


@pytest.fixture
def officer(audit: Audit) -> User:
    return person(Role.OFFICER, audit.partnership)


def pairs(audit: Audit) -> list[tuple[str, int]]:
    rows = audit.case_returns.values_list("agency__name", "case__number")
    return sorted((name[-1], number) for name, number in rows)


def names(audit: Audit) -> list[str]:
    return sorted(row.agency.name[-1] for row in audit.agency_returns.all())


def test_every_agency_is_asked_about_every_case(audit: Audit, officer: User) -> None:
    transition(audit, "circulate", by=officer)
    a, b = names(audit)
    assert pairs(audit) == [(a, 1), (a, 2), (b, 1), (b, 2)]
    for case_return in audit.case_returns.select_related("agency_return", "case"):
        assert case_return.agency_id == case_return.agency_return.agency_id
        assert case_return.audit_id == case_return.case.audit_id == audit.pk


def test_the_toolkit_is_frozen_and_stays_frozen_since_then(audit: Audit, officer: User) -> None:
    assert not audit.toolkit.is_frozen
    transition(audit, "circulate", by=officer)
    audit.toolkit.refresh_from_db()
    since = audit.toolkit.frozen_at
    assert since is not None
    transition(audit, "back-to-nominating", by=officer, reason="One more case.")
    transition(audit, "circulate", by=officer)
    audit.toolkit.refresh_from_db()
    assert audit.toolkit.frozen_at == since


def test_circulating_again_adds_only_what_is_missing(audit: Audit, officer: User) -> None:
    transition(audit, "circulate", by=officer)
    before = set(audit.case_returns.values_list("pk", flat=True))
    transition(audit, "back-to-nominating", by=officer, reason="One more case.")
    assert set(audit.case_returns.values_list("pk", flat=True)) == before
    CaseFactory(audit=audit)
    transition(audit, "circulate", by=officer)
    a, b = names(audit)
    assert pairs(audit) == [(a, 1), (a, 2), (a, 3), (b, 1), (b, 2), (b, 3)]
    assert before < set(audit.case_returns.values_list("pk", flat=True))


def test_a_withdrawn_case_is_not_asked_about(audit: Audit, officer: User) -> None:
    CaseFactory(audit=audit, withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="Moved away.")
    transition(audit, "circulate", by=officer)
    assert audit.case_returns.filter(case__number=3).count() == 0


@pytest.mark.parametrize(
    ("stage", "after"),
    [
        (ReturnStage.SIGNED_OFF, ReturnStage.OPEN),
        (ReturnStage.NIL, ReturnStage.OPEN),
        (ReturnStage.DECLINED, ReturnStage.DECLINED),
        (ReturnStage.EXCUSED, ReturnStage.EXCUSED),
    ],
)
def test_a_case_added_later_reopens_what_was_handed_in(
    audit: Audit, officer: User, stage: ReturnStage, after: ReturnStage
) -> None:
    transition(audit, "circulate", by=officer)
    agency_return = AgencyReturn.objects.filter(audit=audit).first()
    assert agency_return is not None
    AgencyReturn.objects.filter(pk=agency_return.pk).update(stage=stage)
    CaseFactory(audit=audit)
    audit.refresh_from_db()
    assert ask_about_cases(audit, by=officer) == 2
    agency_return.refresh_from_db()
    assert agency_return.stage == after
    reasons = list(
        StatusChange.objects.filter(agency_return=agency_return).values_list("reason", flat=True)
    )
    assert reasons == ([REOPENED_BY_A_CASE] if after == ReturnStage.OPEN else [])


def test_the_people_of_each_agency_are_told_without_any_case_content(
    audit: Audit,
    officer: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    agency = audit.agency_returns.all()[0].agency
    person(Role.LEAD, agency, name="Lee Lead", email="lead@fenshire.example")
    person(Role.AUDITOR, agency, email="auditor@fenshire.example")
    with django_capture_on_commit_callbacks(execute=True):
        transition(audit, "circulate", by=officer)
    assert sorted(message.to[0] for message in mail.outbox) == [
        "auditor@fenshire.example",
        "lead@fenshire.example",
    ]
    [message] = [each for each in mail.outbox if each.to == ["lead@fenshire.example"]]
    assert message.subject == "Cases to audit: Neglect"
    assert f"/returns/{agency.agency_returns.get().pk}/" in str(message.body)
    assert "Dear Lee Lead," in str(message.body)
    assert f"{agency.name} is asked" in str(message.body)


def test_circulating_again_without_a_new_case_writes_to_nobody(
    audit: Audit,
    officer: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    person(Role.LEAD, audit.agency_returns.all()[0].agency)
    transition(audit, "circulate", by=officer)
    transition(audit, "back-to-nominating", by=officer, reason="A slip.")
    with django_capture_on_commit_callbacks(execute=True):
        transition(audit, "circulate", by=officer)
    assert mail.outbox == []
