"""Exact query counts of the dashboards and the pages of documents, whatever there is to show."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from agencies.roles import Role
from audits.models import Audit, CaseReturn, CaseReturnStage, Stage
from reports.documents.briefing import CASE_BY_CASE_UP_TO
from reports.models import Document
from reports.reading.grid import grid
from tests import factories
from tests.bench.partnership import LARGE, SMALL, Builder, Measured, Size
from tests.reports.publications import published

pytestmark = pytest.mark.django_db

Kind = Document.Kind
Counted = Callable[[int], Any]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(params=[SMALL, LARGE], ids=str)
def audit(request: pytest.FixtureRequest) -> Measured:
    """One audit at its meeting, of five cases and three agencies or of sixty and twelve."""
    size: Size = request.param
    builder = Builder()
    measured = builder.audit(size, Stage.MEETING)
    builder.report(measured)
    if connection.vendor == "postgresql":
        # What nobody has counted yet is taken for a handful of rows, and joined accordingly.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return measured


class TestOneAuditOfAnySize:
    def test_its_dashboard_takes_twelve_queries(
        self, audit: Measured, django_assert_num_queries: Counted
    ) -> None:
        client = signed_in(factories.person(Role.CHAIR, audit.audit.partnership))
        address = reverse("audit-dashboard", args=[audit.audit.pk])
        with django_assert_num_queries(12):
            assert client.get(address).status_code == 200

    def test_its_documents_take_thirty_queries(
        self, audit: Measured, django_assert_num_queries: Counted
    ) -> None:
        client = signed_in(factories.person(Role.OFFICER, audit.audit.partnership))
        address = reverse("audit-documents", args=[audit.audit.pk])
        with django_assert_num_queries(30):
            assert client.get(address).status_code == 200

    def test_the_first_preview_of_its_report_takes_thirty_eight_queries(
        self, audit: Measured, django_assert_num_queries: Counted
    ) -> None:
        client = signed_in(factories.person(Role.OFFICER, audit.audit.partnership))
        address = reverse("document-preview", args=[audit.audit.pk, Kind.SUMMARY_REPORT])
        with django_assert_num_queries(38):
            assert client.get(address).status_code == 200

    def test_a_briefing_by_case_takes_sixteen_queries_and_one_by_section_twenty_six(
        self, audit: Measured, django_assert_num_queries: Counted
    ) -> None:
        client = signed_in(factories.person(Role.OFFICER, audit.audit.partnership))
        address = reverse("document-preview", args=[audit.audit.pk, Kind.BRIEFING])
        by_case = audit.audit.cases.count() <= CASE_BY_CASE_UP_TO
        with django_assert_num_queries(16 if by_case else 26):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
class TestLists:
    def test_the_dashboard_takes_nine_queries(
        self, rows: int, django_assert_num_queries: Counted
    ) -> None:
        first = factories.AuditFactory(stage=Stage.COLLECTING)
        audits = [first] + [
            factories.AuditFactory(partnership=first.partnership, stage=Stage.COLLECTING)
            for _ in range(rows - 1)
        ]
        for audit in audits:
            agency_return = factories.AgencyReturnFactory(audit=audit)
            factories.CaseReturnFactory(
                agency_return=agency_return,
                stage=CaseReturnStage.COMPLETE,
                known="child",
                own_grade=audit.grades.first(),
            )
        client = signed_in(factories.person(Role.CHAIR, first.partnership))
        with django_assert_num_queries(9):
            assert client.get(reverse("dashboard")).status_code == 200

    def test_the_library_takes_seven_queries(
        self, rows: int, django_assert_num_queries: Counted
    ) -> None:
        first = factories.AuditFactory(stage=Stage.PUBLISHED)
        board = factories.person(Role.BOARD, first.partnership)
        for number in range(rows):
            audit = first if not number else factories.AuditFactory(partnership=first.partnership)
            for kind in Kind:
                published(audit, board, kind)
        client = signed_in(board)
        with django_assert_num_queries(7):
            assert client.get(reverse("document-list")).status_code == 200

    def test_versions_of_an_audit_take_twenty_two_queries(
        self, rows: int, django_assert_num_queries: Counted
    ) -> None:
        audit = factories.AuditFactory(stage=Stage.PUBLISHED)
        chair = factories.person(Role.CHAIR, audit.partnership)
        for version in range(1, rows + 1):
            published(audit, chair, Kind.BRIEFING, version=version)
        client = signed_in(chair)
        with django_assert_num_queries(22):
            assert client.get(reverse("audit-documents", args=[audit.pk])).status_code == 200

    def test_a_document_takes_five_queries(
        self, rows: int, django_assert_num_queries: Counted
    ) -> None:
        audit = factories.AuditFactory(stage=Stage.PUBLISHED)
        board = factories.person(Role.BOARD, audit.partnership)
        versions = [published(audit, board, Kind.BRIEFING, version=at + 1) for at in range(rows)]
        client = signed_in(board)
        with django_assert_num_queries(5):
            address = reverse("document-detail", args=[versions[0].pk])
            assert client.get(address).status_code == 200


def one_case_return(**fields: Any) -> CaseReturn:
    agency_return = factories.AgencyReturnFactory(
        audit=factories.AuditFactory(stage=Stage.COLLECTING)
    )
    case_return: CaseReturn = factories.CaseReturnFactory(agency_return=agency_return, **fields)
    return case_return


def rows_for(user: User, audit: Audit) -> str:
    return grid(
        audit,
        user,
        cases=list(audit.cases.in_sample()),
        agency_returns=list(audit.agency_returns.select_related("agency")),
        scale=list(audit.grades.all()),
    ).rows


class TestGrid:
    def test_a_complete_return_shows_its_grade_escaped_and_leads_to_it(self) -> None:
        row = one_case_return(stage=CaseReturnStage.COMPLETE)
        row.own_grade = row.audit.grades.get(code="inadequate")
        row.own_grade.label = "<b>Poor</b> & late"
        row.own_grade.save()
        row.save()
        officer = factories.person(Role.OFFICER, row.audit.partnership)
        assert rows_for(officer, row.audit) == (
            '<tr><th scope="row">Case 1</th><td class="maca-cell maca-cell--below-good">'
            f'<a href="/returns/{row.agency_return_id}/cases/{row.pk}/">'
            "&lt;b&gt;Poor&lt;/b&gt; &amp; late</a></td></tr>"
        )

    def test_who_may_not_read_the_return_yet_sees_its_state_alone(self) -> None:
        row = one_case_return(stage=CaseReturnStage.COMPLETE)
        row.own_grade = row.audit.grades.get(code="good")
        row.save()
        chair = factories.person(Role.CHAIR, row.audit.partnership)
        assert rows_for(chair, row.audit) == (
            '<tr><th scope="row">Case 1</th>'
            '<td class="maca-cell maca-cell--complete">Complete</td></tr>'
        )

    def test_an_agency_that_has_no_return_for_a_case_was_not_asked(self) -> None:
        row = one_case_return()
        factories.CaseFactory(audit=row.audit)
        chair = factories.person(Role.CHAIR, row.audit.partnership)
        assert rows_for(chair, row.audit) == (
            '<tr><th scope="row">Case 1</th>'
            '<td class="maca-cell maca-cell--not-started">Not started</td></tr>'
            '<tr><th scope="row">Case 2</th>'
            '<td class="maca-cell maca-cell--none">Not asked</td></tr>'
        )

    def test_a_withdrawn_case_has_no_row(self) -> None:
        row = one_case_return()
        row.case.withdrawn_at, row.case.withdrawn_reason = timezone.now(), "Twice on the list."
        row.case.save()
        chair = factories.person(Role.CHAIR, row.audit.partnership)
        assert rows_for(chair, row.audit) == ""
