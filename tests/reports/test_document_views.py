"""The library of published documents, a document as a page, its PDF."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from agencies.models import Activity, User
from agencies.roles import Role
from audits.models import Audit, FindingPlacement, Section
from reports.models import Document
from tests.audits.browsing import page, signed_in
from tests.factories import AgencyFactory, AuditFactory, FindingFactory, person
from tests.reports.publications import PDF, published, tamper

pytestmark = pytest.mark.django_db

Kind = Document.Kind
TAMPERED: list[dict[str, object]] = [
    {"content": {"forged": True}},
    {"pdf": b"%PDF forged"},
    {"title": "Another title"},
    {"audience": "public"},
    {"version": 3},
]


@pytest.fixture
def audit() -> Audit:
    audit: Audit = AuditFactory(stage="published", title="Front door", code="2026-01")
    finding = FindingFactory(audit=audit, text="Recording varies.")
    FindingPlacement.objects.create(finding=finding, section=Section.WORRIES)
    return audit


@pytest.fixture
def chair(audit: Audit) -> User:
    return person(Role.CHAIR, audit.partnership, name="Asha Chair")


@pytest.fixture
def board(audit: Audit) -> Client:
    return signed_in(person(Role.BOARD, audit.partnership))


def rows(html: str) -> list[str]:
    """What each document of the list is called, in order."""
    cells = html.split('<th scope="row"><a href="')[1:]
    return [cell.split('">', 1)[1].split("</a>", 1)[0] for cell in cells]


class TestLibrary:
    def test_lists_the_newest_version_of_each_kind(
        self, audit: Audit, chair: User, board: Client
    ) -> None:
        published(audit, chair, at=datetime(2026, 2, 1, tzinfo=UTC))
        published(audit, chair, version=2, at=datetime(2026, 3, 2, tzinfo=UTC))
        published(audit, chair, Kind.BRIEFING, at=datetime(2026, 2, 1, tzinfo=UTC))
        shown = page(board, "document-list")
        assert rows(shown) == ["Front door: summary report", "Front door: six-step briefing"]
        assert "Version 2" in shown
        assert "2 March 2026" in shown
        assert "Asha Chair" in shown

    @pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.MEMBER, Role.BOARD])
    def test_is_for_everybody_with_a_part_in_audits(
        self, audit: Audit, chair: User, role: Role
    ) -> None:
        published(audit, chair)
        shown = page(signed_in(person(role, audit.partnership)), "document-list")
        assert rows(shown) == ["Front door: summary report"]

    @pytest.mark.parametrize("role", [Role.LEAD, Role.AUDITOR])
    def test_is_for_agencies_that_were_not_asked_too(
        self, audit: Audit, chair: User, role: Role
    ) -> None:
        published(audit, chair)
        agency = AgencyFactory(partnership=audit.partnership)
        shown = page(signed_in(person(role, agency)), "document-list")
        assert rows(shown) == ["Front door: summary report"]

    def test_is_not_for_the_administrator(self, audit: Audit) -> None:
        admin = signed_in(person(Role.ADMIN, audit.partnership))
        assert admin.get("/documents/").status_code == 403

    def test_leaves_other_partnerships_out(self, chair: User, board: Client) -> None:
        published(AuditFactory(title="Elsewhere"), chair)
        assert "Nothing is published yet" in page(board, "document-list")

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("kind=briefing", ["Front door: six-step briefing"]),
            ("year=2026", ["Front door: six-step briefing"]),
            ("words=older", ["Older work: summary report"]),
            ("year=2020", []),
        ],
    )
    def test_can_be_searched(
        self, audit: Audit, chair: User, board: Client, query: str, found: list[str]
    ) -> None:
        published(audit, chair, Kind.BRIEFING, at=datetime(2026, 3, 2, tzinfo=UTC))
        older = AuditFactory(partnership=audit.partnership, title="Older work")
        published(older, chair, at=datetime(2024, 3, 2, tzinfo=UTC))
        shown = board.get(f"/documents/?{query}").content.decode()
        assert rows(shown) == found
        assert ("No document fits" in shown) is (not found)

    def test_can_be_searched_by_theme(self, audit: Audit, chair: User, board: Client) -> None:
        published(audit, chair)
        published(AuditFactory(partnership=audit.partnership), chair)
        shown = board.get(f"/documents/?theme={audit.theme_id}").content.decode()
        assert rows(shown) == ["Front door: summary report"]

    @pytest.mark.parametrize("year", ["soon", "35", "1987654321"])
    def test_nonsense_in_the_address_is_said_and_breaks_nothing(
        self, board: Client, year: str
    ) -> None:
        answer = board.get(f"/documents/?year={year}&kind=novel&theme=0")
        assert answer.status_code == 200
        assert "Enter a year in four digits" in answer.content.decode()

    def test_offers_only_themes_that_have_documents(
        self, audit: Audit, chair: User, board: Client
    ) -> None:
        unpublished = AuditFactory(partnership=audit.partnership, stage="drafting")
        published(audit, chair)
        shown = page(board, "document-list")
        assert audit.theme.name in shown
        assert f">{unpublished.theme.name}<" not in shown

    @pytest.mark.parametrize("changed", TAMPERED)
    def test_says_which_is_no_longer_what_was_approved(
        self, audit: Audit, chair: User, changed: dict[str, object]
    ) -> None:
        altered, other = published(audit, chair), published(audit, chair, Kind.BRIEFING)
        tamper(altered, **changed)
        for route, *args in (("document-list",), ("audit-documents", audit.pk)):
            shown = page(signed_in(chair), route, *args)
            assert shown.count("No longer what was approved") == 1
            assert f"/documents/{other.pk}/pdf/" in shown
            assert f"/documents/{altered.pk}/pdf/" not in shown


class TestDocument:
    def test_reads_as_it_was_frozen(self, audit: Audit, chair: User, board: Client) -> None:
        document = published(audit, chair)
        audit.findings.update(text="Changed since.")
        shown = page(board, "document-detail", document.pk)
        assert "Recording varies." in shown
        assert "Changed since." not in shown

    def test_says_that_it_is_what_was_approved(
        self, audit: Audit, chair: User, board: Client
    ) -> None:
        document = published(audit, chair, at=datetime(2026, 3, 2, tzinfo=UTC))
        shown = page(board, "document-detail", document.pk)
        assert "Version 1, unchanged since Asha Chair approved it on 2 March 2026" in shown

    @pytest.mark.parametrize("changed", TAMPERED)
    def test_is_not_shown_once_somebody_tampered(
        self, audit: Audit, chair: User, board: Client, changed: dict[str, object]
    ) -> None:
        document = published(audit, chair)
        tamper(document, **changed)
        shown = page(board, "document-detail", document.pk)
        assert "This document is no longer what was approved." in shown
        assert "Recording varies." not in shown
        assert "Download the PDF" not in shown

    def test_a_briefing_is_a_page_too(self, audit: Audit, chair: User, board: Client) -> None:
        document = published(audit, chair, Kind.BRIEFING)
        assert page(board, "document-detail", document.pk).count("<h1") == 1

    @pytest.mark.parametrize("route", ["", "pdf/"])
    def test_is_hidden_from_other_partnerships_and_the_administrator(
        self, audit: Audit, chair: User, route: str
    ) -> None:
        document = published(audit, chair)
        for user in (
            person(Role.BOARD, AuditFactory().partnership),
            person(Role.ADMIN, audit.partnership),
        ):
            answer = signed_in(user).get(f"/documents/{document.pk}/{route}")
            assert answer.status_code == 404


class TestPdf:
    def test_is_sent_byte_for_byte_under_a_name_that_tells_nothing(
        self, audit: Audit, chair: User, board: Client
    ) -> None:
        document = published(audit, chair, version=2)
        answer = board.get(f"/documents/{document.pk}/pdf/")
        assert answer.content == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == ('inline; filename="2026-01-v2-summary-report.pdf"')
        assert answer["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("changed", TAMPERED)
    def test_is_refused_once_somebody_tampered(
        self, audit: Audit, chair: User, board: Client, changed: dict[str, object]
    ) -> None:
        document = published(audit, chair)
        tamper(document, **changed)
        answer = board.get(f"/documents/{document.pk}/pdf/")
        assert answer.status_code == 409
        assert "This document is no longer what was approved." in answer.content.decode()
        row = Activity.objects.latest("pk")
        assert (row.verb, row.kind, row.subject_id, row.audit_id) == (
            "was refused a document that is no longer what was approved",
            "refused",
            str(document.pk),
            audit.pk,
        )

    def test_that_it_was_read_is_recorded(self, audit: Audit, chair: User, board: Client) -> None:
        document = published(audit, chair)
        board.get(f"/documents/{document.pk}/pdf/")
        row = Activity.objects.latest("pk")
        assert (row.verb, row.subject_id, row.audit_id) == (
            "downloaded a document",
            str(document.pk),
            audit.pk,
        )
