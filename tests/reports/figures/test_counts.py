"""The counting rules, each with numbers worked by hand."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.models import (
    Audit,
    Case,
    CaseReturn,
    CaseReturnStage,
    ContributorAnswer,
    ContributorRequest,
    Known,
    Question,
    ReturnStage,
    Stage,
)
from reports.figures import AuditCounts, Count
from tests import factories

pytestmark = pytest.mark.django_db

COMPLETE = CaseReturnStage.COMPLETE


@pytest.fixture
def audit() -> Audit:
    """Six cases in the sample and a seventh withdrawn; collecting."""
    audit: Audit = factories.AuditFactory(stage=Stage.COLLECTING)
    for _ in range(6):
        factories.CaseFactory(audit=audit)
    factories.CaseFactory(audit=audit, withdrawn_at=timezone.now(), withdrawn_reason="Moved away.")
    return audit


def asked(audit: Audit, stage: str = ReturnStage.OPEN) -> Any:
    return factories.AgencyReturnFactory(audit=audit, stage=stage)


def answered(
    agency_return: Any,
    number: int,
    *,
    stage: str = COMPLETE,
    known: str = Known.CHILD,
    grade: str | None = None,
) -> CaseReturn:
    """A case return for the case of that number."""
    row: CaseReturn = factories.CaseReturnFactory(
        agency_return=agency_return,
        case=Case.objects.get(audit=agency_return.audit, number=number),
        stage=stage,
        known=known,
        own_grade=agency_return.audit.grades.get(code=grade) if grade else None,
    )
    return row


def of(agency_return: Any) -> UUID:
    agency_id: UUID = agency_return.agency_id
    return agency_id


class TestKnownAndAudited:
    def test_counts_child_sibling_and_carer_out_of_the_sample(self, audit: Audit) -> None:
        police = asked(audit)
        answered(police, 1, known=Known.CHILD)
        answered(police, 2, known=Known.SIBLING)
        answered(police, 3, known=Known.CARER)
        answered(police, 4, known=Known.NO, stage=CaseReturnStage.NOT_KNOWN)
        counts = AuditCounts(audit)
        assert counts.known(of(police)) == Count(3, 6, "cases")
        assert counts.audited(of(police)) == Count(3, 6, "cases")

    def test_leaves_out_what_is_not_complete(self, audit: Audit) -> None:
        police = asked(audit)
        answered(police, 1)
        answered(police, 2, stage=CaseReturnStage.IN_PROGRESS)
        assert AuditCounts(audit).audited(of(police)) == Count(1, 6, "cases")

    def test_leaves_out_a_withdrawn_case(self, audit: Audit) -> None:
        police = asked(audit)
        answered(police, 1)
        answered(police, 7)
        assert AuditCounts(audit).audited(of(police)) == Count(1, 6, "cases")

    @pytest.mark.parametrize("stage", [ReturnStage.DECLINED, ReturnStage.EXCUSED, ReturnStage.NIL])
    def test_leaves_out_a_return_that_was_not_made(self, audit: Audit, stage: str) -> None:
        police = asked(audit, stage)
        answered(police, 1)
        assert AuditCounts(audit).audited(of(police)) == Count(0, 6, "cases")

    def test_counts_only_signed_off_returns_once_drafting(self, audit: Audit) -> None:
        signed = asked(audit, ReturnStage.SIGNED_OFF)
        still_open = asked(audit)
        answered(signed, 1)
        answered(still_open, 1)
        audit.stage = Stage.DRAFTING
        counts = AuditCounts(audit)
        assert counts.audited(of(signed)) == Count(1, 6, "cases")
        assert counts.audited(of(still_open)) == Count(0, 6, "cases")

    def test_over_all_agencies_counts_a_case_once(self, audit: Audit) -> None:
        police, health = asked(audit), asked(audit)
        answered(police, 1)
        answered(health, 1)
        answered(health, 2)
        assert AuditCounts(audit).audited(None) == Count(2, 6, "cases")


class TestMetGood:
    def test_counts_good_or_better_out_of_the_cases_graded(self, audit: Audit) -> None:
        police = asked(audit)
        answered(police, 1, grade="outstanding")
        answered(police, 2, grade="good")
        answered(police, 3, grade="requires-improvement")
        answered(police, 4, grade="inadequate")
        answered(police, 5)
        counts = AuditCounts(audit)
        assert counts.met_good(of(police)) == Count(2, 4, "cases")
        assert counts.of(of(police)).ungraded == 1

    def test_is_the_agencys_own_grade_whatever_the_meeting_agreed(self, audit: Audit) -> None:
        police = asked(audit)
        row = answered(police, 1, grade="good")
        factories.agreed_grade(row, "inadequate")
        assert AuditCounts(audit).met_good(of(police)) == Count(1, 1, "cases")

    def test_over_all_agencies_the_unit_is_case_returns(self, audit: Audit) -> None:
        police, health = asked(audit), asked(audit)
        answered(police, 1, grade="good")
        answered(health, 1, grade="inadequate")
        assert AuditCounts(audit).met_good(None) == Count(1, 2, "case returns")


class TestQuestion:
    @pytest.fixture
    def question(self, audit: Audit) -> Question:
        question: Question = factories.QuestionFactory(toolkit=audit.toolkit)
        return question

    def test_counts_yes_out_of_the_cases_audited(self, audit: Audit, question: Question) -> None:
        health = asked(audit)
        for number, value in enumerate(["yes", "yes", "no", "not_applicable", ""], start=1):
            factories.AnswerFactory(
                case_return=answered(health, number), question=question, value=value
            )
        answered(health, 6)
        counts = AuditCounts(audit)
        assert counts.answered_yes(question.pk, of(health)) == Count(2, 6, "cases")

    def test_shows_the_other_answers_beside_it(self, audit: Audit, question: Question) -> None:
        health = asked(audit)
        for number, value in enumerate(["yes", "partly", "not_recorded", "no"], start=1):
            factories.AnswerFactory(
                case_return=answered(health, number), question=question, value=value
            )
        answered(health, 5)
        values = ["yes", "partly", "no", "not_applicable", "not_recorded"]
        counts = AuditCounts(audit).answer_counts(question.pk, of(health), values)
        assert counts == (1, 1, 1, 0, 1, 1)

    def test_over_all_agencies_the_unit_is_case_returns(
        self, audit: Audit, question: Question
    ) -> None:
        police, health = asked(audit), asked(audit)
        factories.AnswerFactory(case_return=answered(police, 1), question=question)
        answered(health, 1)
        assert AuditCounts(audit).answered_yes(question.pk, None) == Count(1, 2, "case returns")


class TestContributors:
    def test_counts_each_contributor_once_whatever_the_cases(self, audit: Audit) -> None:
        commissioner = asked(audit)
        rows = [answered(commissioner, number) for number in (1, 2)]
        replied, silent = (
            factories.ContributorFactory(agency=commissioner.agency) for _ in range(2)
        )
        for row in rows:
            request(row, replied, "replied")
            request(row, silent, "asked")
        counts = AuditCounts(audit)
        assert counts.contributors_replied(of(commissioner), "GP practices") == Count(
            1, 2, "GP practices"
        )

    @pytest.mark.parametrize(
        ("stage", "replied"),
        [("asked", 0), ("opened", 0), ("replied", 1), ("holds_nothing", 1), ("declined", 0)],
    )
    def test_holding_nothing_is_a_reply_and_declining_is_none(
        self, audit: Audit, stage: str, replied: int
    ) -> None:
        commissioner = asked(audit)
        practice = factories.ContributorFactory(agency=commissioner.agency)
        request(answered(commissioner, 1), practice, stage)
        assert AuditCounts(audit).contributors_replied(of(commissioner)).numerator == replied

    def test_says_nothing_of_how_many_where_nobody_was_asked(self, audit: Audit) -> None:
        commissioner = asked(audit)
        assert AuditCounts(audit).contributors_replied(of(commissioner)) == Count(
            0, None, "contributors"
        )

    @pytest.mark.parametrize(
        ("stage", "collecting", "drafting"),
        [
            (ReturnStage.OPEN, (1, 2), (0, 0)),
            (ReturnStage.SIGNED_OFF, (1, 2), (1, 2)),
            (ReturnStage.NIL, (0, 0), (0, 0)),
            (ReturnStage.DECLINED, (0, 0), (0, 0)),
            (ReturnStage.EXCUSED, (0, 0), (0, 0)),
        ],
    )
    def test_count_with_their_agencys_return_and_not_without_it(
        self,
        audit: Audit,
        stage: str,
        collecting: tuple[int, int],
        drafting: tuple[int, int],
    ) -> None:
        """Two practices asked, one replied with yes; beside them an agency that counts always."""
        question = factories.QuestionFactory(toolkit=audit.toolkit)
        commissioner, police = asked(audit, stage), asked(audit, ReturnStage.SIGNED_OFF)
        row = answered(commissioner, 1)
        yes, silent = (factories.ContributorFactory(agency=commissioner.agency) for _ in range(2))
        said(request(row, yes, "replied"), question, "yes")
        request(row, silent, "asked")
        station = factories.ContributorFactory(agency=police.agency)
        said(request(answered(police, 1), station, "replied"), question, "yes")

        for at, (replied, whole) in (
            (Stage.COLLECTING, collecting),
            (Stage.DRAFTING, drafting),
            (Stage.PUBLISHED, drafting),
        ):
            Audit.objects.filter(pk=audit.pk).update(stage=at)
            counts = AuditCounts(Audit.objects.get(pk=audit.pk))
            own = of(commissioner)
            found = counts.contributors_replied(own)
            assert (found.numerator, found.denominator) == (replied, whole or None)
            found = counts.contributors_answered_yes(question.pk, own)
            assert (found.numerator, found.denominator) == (replied, replied)
            found = counts.contributors_replied(None)
            assert (found.numerator, found.denominator) == (1 + replied, 1 + whole)
            found = counts.contributors_answered_yes(question.pk, None)
            assert (found.numerator, found.denominator) == (1 + replied, 1 + replied)


class TestContributorsWhoAnsweredYes:
    def test_each_counts_once_however_many_cases_it_answered_about(self, audit: Audit) -> None:
        commissioner, question = asked(audit), factories.QuestionFactory(toolkit=audit.toolkit)
        rows = [answered(commissioner, number) for number in (1, 2)]
        yes, no, nothing, silent, unsent = (
            factories.ContributorFactory(agency=commissioner.agency) for _ in range(5)
        )
        for row in rows:
            said(request(row, yes, "replied"), question, "yes")
        said(request(rows[0], no, "replied"), question, "no")
        request(rows[0], nothing, "holds_nothing")
        request(rows[0], silent, "asked")
        said(request(rows[0], unsent, "opened"), question, "yes")

        counts = AuditCounts(audit)

        expected = Count(1, 3, "GP practices")
        agency_id = of(commissioner)
        assert counts.contributors_answered_yes(question.pk, agency_id, "GP practices") == expected
        assert counts.contributors_answered_yes(question.pk, None, "GP practices") == expected
        other = factories.QuestionFactory(toolkit=audit.toolkit)
        assert counts.contributors_answered_yes(other.pk, agency_id).numerator == 0

    def test_partly_not_applicable_and_not_recorded_are_no_yes(self, audit: Audit) -> None:
        commissioner, question = asked(audit), factories.QuestionFactory(toolkit=audit.toolkit)
        row = answered(commissioner, 1)
        for value in ("partly", "not_applicable", "not_recorded", ""):
            practice = factories.ContributorFactory(agency=commissioner.agency)
            said(request(row, practice, "replied"), question, value)
        assert AuditCounts(audit).contributors_answered_yes(question.pk, of(commissioner)) == Count(
            0, 4, "contributors"
        )

    def test_a_withdrawn_case_counts_for_nobody(self, audit: Audit) -> None:
        commissioner, question = asked(audit), factories.QuestionFactory(toolkit=audit.toolkit)
        row = answered(commissioner, 1)
        practice = factories.ContributorFactory(agency=commissioner.agency)
        said(request(row, practice, "replied"), question, "yes")
        audit.cases.filter(pk=row.case_id).update(
            withdrawn_at="2026-05-01T12:00Z", withdrawn_reason="Not in the period."
        )
        assert AuditCounts(audit).contributors_answered_yes(question.pk, of(commissioner)) == Count(
            0, 0, "contributors"
        )


def said(row: ContributorRequest, question: Question, value: str) -> None:
    ContributorAnswer.objects.create(request=row, question=question, value=value)


def request(case_return: CaseReturn, contributor: Any, stage: str) -> ContributorRequest:
    return ContributorRequest.objects.create(
        case_return=case_return, contributor=contributor, stage=stage
    )


@pytest.mark.parametrize(("agencies", "cases"), [(1, 1), (3, 5)])
def test_reads_each_kind_of_count_in_one_query_whatever_the_size(agencies: int, cases: int) -> None:
    audit = factories.AuditFactory(stage=Stage.COLLECTING)
    for _ in range(cases):
        factories.CaseFactory(audit=audit)
    for _ in range(agencies):
        agency_return = asked(audit)
        for number in range(1, cases + 1):
            answered(agency_return, number, grade="good")
    with CaptureQueriesContext(connection) as queries:
        counts = AuditCounts(audit)
        for agency_return in audit.agency_returns.all():
            counts.audited(agency_return.agency_id)
            counts.met_good(agency_return.agency_id)
            counts.answered_yes(agency_return.pk, agency_return.agency_id)
            counts.contributors_replied(agency_return.agency_id)
        counts.audited(None)
    # The agency returns of this test; cases, returns and grades; one for each kind of count.
    assert len(queries) == 8


def test_says_a_count_with_its_denominator_and_unit() -> None:
    assert str(Count(48, 56, "cases")) == "48 of 56 cases"
    assert str(Count(31, None, "GP practices")) == "31 GP practices"
