"""Publishing freezes both documents, for the chair, once everything was seen and accepted."""

import hashlib
import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from agencies.models import Activity, User
from agencies.roles import Role
from audits.domain.guards import GuardError
from audits.domain.screened import Scope, decide
from audits.domain.transitions import transition
from audits.models import Audit, FindingPlacement, ScreeningDecision, Section
from audits.screening.registry import RULES
from reports.documents.content import Audience, SummaryReport
from reports.documents.source import DocumentSource
from reports.domain.printing import AlteredError, current_pdf
from reports.domain.publishing import publish, record_preview
from reports.models import Document, Prose
from tests import factories
from tests.reports.publications import tamper

pytestmark = pytest.mark.django_db

Kind = Document.Kind


@pytest.fixture
def audit() -> Audit:
    audit: Audit = factories.AuditFactory(stage="drafting", title="Front door", code="2026-01")
    finding = factories.FindingFactory(audit=audit, text="Recording varies.")
    FindingPlacement.objects.create(finding=finding, section=Section.WORRIES)
    return audit


@pytest.fixture
def chair(audit: Audit) -> User:
    return factories.person(Role.CHAIR, audit.partnership, name="Asha Chair")


def preview(audit: Audit, user: User, audience: Audience = Audience.BOARD) -> None:
    for kind in Kind:
        record_preview(DocumentSource(audit, audience), kind, by=user)


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def gap(audit: Audit, code: str = "a-gap") -> None:
    finding = factories.FindingFactory(audit=audit, text="A gap.", code=code)
    heading = factories.GapHeadingFactory(audit=audit)
    FindingPlacement.objects.create(finding=finding, section=Section.GAPS, heading=heading)


def test_freezes_content_and_pdf_of_both_with_their_hashes(audit: Audit, chair: User) -> None:
    preview(audit, chair)
    documents = publish(audit, by=chair)
    assert [document.kind for document in documents] == list(Kind)
    for document in Document.objects.all():
        text = json.dumps(
            document.content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        assert document.version == 1
        assert document.content_hash == hashlib.sha256(text.encode()).hexdigest()
        assert document.pdf_hash == hashlib.sha256(bytes(document.pdf)).hexdigest()
        assert "Version 1, published" in words(bytes(document.pdf))
        assert "approved by Asha Chair" in words(bytes(document.pdf))
    audit.refresh_from_db()
    assert audit.stage == "published"


def test_the_frozen_content_reads_back(audit: Audit, chair: User) -> None:
    preview(audit, chair, Audience.PUBLIC)
    publish(audit, by=chair, audience=Audience.PUBLIC, at=datetime(2026, 3, 2, 12, tzinfo=UTC))
    report = Document.objects.get(kind=Kind.SUMMARY_REPORT).read()
    assert isinstance(report, SummaryReport)
    assert [item.text for item in report.worries[0].items] == ["Recording varies."]
    assert report.imprint.audience is Audience.PUBLIC
    assert report.imprint.version_line == (
        "Version 1, published 2 March 2026, approved by Asha Chair"
    )


def test_is_refused_until_both_were_previewed(audit: Audit, chair: User) -> None:
    record_preview(DocumentSource(audit), Kind.BRIEFING, by=chair)
    with pytest.raises(GuardError) as refused:
        publish(audit, by=chair)
    assert refused.value.missing == [
        "Preview the summary report first: you have not seen it as it stands now."
    ]
    audit.refresh_from_db()
    assert (audit.stage, Document.objects.count()) == ("drafting", 0)


def test_what_changed_since_must_be_seen_again(audit: Audit, chair: User) -> None:
    preview(audit, chair)
    audit.findings.update(text="Recording is poor.")
    with pytest.raises(GuardError) as refused:
        publish(audit, by=chair)
    assert refused.value.missing == [
        "Preview the summary report first: you have not seen it as it stands now."
    ]


def test_a_gap_without_an_action_must_be_accepted(audit: Audit, chair: User) -> None:
    gap(audit)
    preview(audit, chair)
    with pytest.raises(GuardError) as refused:
        publish(audit, by=chair)
    assert refused.value.missing == ["Gap 3.4.1 a has no action: add one, or accept it as it is."]
    documents = publish(audit, by=chair, accepted_gaps=["a-gap"])
    assert [document.accepted_gaps for document in documents] == [["a-gap"], ["a-gap"]]


def test_the_officer_may_not(audit: Audit) -> None:
    officer = factories.person(Role.OFFICER, audit.partnership)
    preview(audit, officer)
    with pytest.raises(PermissionDenied):
        publish(audit, by=officer)


def test_a_chair_of_another_partnership_may_not(audit: Audit) -> None:
    stranger = factories.person(Role.CHAIR, factories.PartnershipFactory())
    preview(audit, stranger)
    with pytest.raises(PermissionDenied):
        publish(audit, by=stranger)


def test_a_later_change_makes_a_new_version_and_leaves_the_old(audit: Audit, chair: User) -> None:
    preview(audit, chair)
    first = publish(audit, by=chair)[0]
    audit.refresh_from_db()
    transition(audit, "back-to-drafting", by=chair, reason="A figure was wrong.")
    audit.findings.update(text="Recording is poor.")
    audit.refresh_from_db()
    preview(audit, chair)
    publish(audit, by=chair)
    versions = Document.objects.filter(kind=Kind.SUMMARY_REPORT).order_by("version")
    assert [document.version for document in versions] == [1, 2]
    assert versions[0].pdf_hash == first.pdf_hash
    assert "Recording varies." in words(bytes(versions[0].pdf))
    assert "Recording is poor." in words(bytes(versions[1].pdf))


def test_a_published_version_is_printed_as_it_was_frozen(audit: Audit, chair: User) -> None:
    preview(audit, chair)
    document = publish(audit, by=chair)[0]
    audit.refresh_from_db()
    audit.findings.update(text="Changed behind its back.")
    assert current_pdf(audit, Kind.SUMMARY_REPORT) == bytes(document.pdf)
    tamper(document, pdf=b"%PDF forged")
    with pytest.raises(AlteredError, match="no longer what was approved"):
        current_pdf(audit, Kind.SUMMARY_REPORT)


def test_while_it_is_drafted_again_a_draft_is_printed(audit: Audit, chair: User) -> None:
    preview(audit, chair)
    publish(audit, by=chair)
    audit.refresh_from_db()
    audit = transition(audit, "back-to-drafting", by=chair, reason="A figure was wrong.")
    assert "Draft printed" in words(current_pdf(audit, Kind.SUMMARY_REPORT))


def test_says_in_the_activity_what_happened_and_no_more(audit: Audit, chair: User) -> None:
    preview(audit, chair)
    publish(audit, by=chair)
    verbs = list(Activity.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "published the documents",
        "published a document",
        "took the fingerprint of a document",
        "published a document",
        "took the fingerprint of a document",
    ]


def test_a_published_document_can_be_neither_changed_nor_deleted(audit: Audit, chair: User) -> None:
    preview(audit, chair)
    document = publish(audit, by=chair)[0]
    document.title = "Another"
    with pytest.raises(TypeError, match="frozen"):
        document.save()
    with pytest.raises(TypeError, match="frozen"):
        document.delete()


def test_a_published_document_holds_until_somebody_tampers(audit: Audit, chair: User) -> None:
    preview(audit, chair)
    report, briefing = publish(audit, by=chair)
    stored = Document.objects.filter(pk=report.pk)
    assert [document.holds() for document in Document.objects.all()] == [True, True]
    tamper(report, content={**report.content, "facts": []})
    assert not stored.get().holds()
    tamper(report, content=report.content, pdf=bytes(report.pdf) + b" ")
    assert not stored.get().holds()
    tamper(report, pdf=report.pdf)
    assert stored.get().holds()
    assert Document.objects.altered() == set()
    tamper(report, audience="public")
    assert not stored.get().holds()
    assert Document.objects.altered() == {report.pk}
    assert briefing.holds()


def test_it_holds_whatever_order_a_database_gives_its_keys(audit: Audit, chair: User) -> None:
    preview(audit, chair)
    report = publish(audit, by=chair)[0]
    backwards = dict(reversed(report.content.items()))
    tamper(report, content=backwards)
    assert Document.objects.get(pk=report.pk).holds()


NUMBER = "943 476 5919"  # the check digit holds; made up


class TestWords:
    def test_what_is_undecided_keeps_both_documents_unpublished(
        self, audit: Audit, chair: User
    ) -> None:
        audit.findings.update(text=f"Known as {NUMBER}.")
        preview(audit, chair)
        with pytest.raises(GuardError) as refused:
            publish(audit, by=chair)
        (told,) = refused.value.missing
        assert told.startswith("Findings: 1 thing in the words may say who somebody is.")
        assert getattr(told, "route", "") == "audit-screening"
        assert NUMBER not in told
        assert not Document.objects.exists()

    def test_they_go_out_once_the_chair_has_cleared_it(self, audit: Audit, chair: User) -> None:
        audit.findings.update(text=f"Known as {NUMBER}.")
        preview(audit, chair)
        scope = Scope.of_audit(audit)
        why = ScreeningDecision.Why.WORD
        decide(scope, by=chair, rule="nhs-number", words=NUMBER, why=why)
        assert len(publish(audit, by=chair)) == 2

    def test_nobody_is_led_to_a_page_that_would_refuse_them(
        self, audit: Audit, chair: User
    ) -> None:
        """What the audit is called is the officer's to reword; its findings are the chair's too."""
        Audit.objects.filter(pk=audit.pk).update(title=f"About {NUMBER}")
        audit.findings.update(text=f"Known as {NUMBER}.")
        officer = factories.person(Role.OFFICER, audit.partnership)
        pages = [reverse("audit-update", args=[audit.pk])]
        pages += [
            reverse("finding-update", args=[audit.pk, each.pk]) for each in audit.findings.all()
        ]
        led = {}
        for person in (chair, officer):
            client = Client()
            client.force_login(person)
            html = client.get(reverse("audit-screening", args=[audit.pk])).content.decode()
            led[person] = [f'href="{page}#' in html for page in pages]
        assert led == {chair: [False, True], officer: [True, True]}

    def test_the_prose_is_looked_through_too(self, audit: Audit, chair: User) -> None:
        Prose.objects.create(audit=audit, passage="thanks", text=f"Thanks to {NUMBER}.")
        preview(audit, chair)
        with pytest.raises(GuardError, match="Prose of the documents"):
            publish(audit, by=chair)

    def test_nothing_goes_out_where_screening_cannot_run(
        self, audit: Audit, chair: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        preview(audit, chair)
        monkeypatch.setitem(RULES, "nhs-number", None)
        with pytest.raises(GuardError, match="could not be checked"):
            publish(audit, by=chair)
        assert not Document.objects.exists()

    def test_the_public_is_previewed_apart(self, audit: Audit, chair: User) -> None:
        preview(audit, chair)
        with pytest.raises(GuardError, match="summary report for the public first"):
            publish(audit, by=chair, audience=Audience.PUBLIC)


def test_a_document_from_before_numbers_were_withheld_still_reads(
    audit: Audit, chair: User
) -> None:
    preview(audit, chair)
    publish(audit, by=chair)
    row = Document.objects.get(kind=Kind.SUMMARY_REPORT)
    old = {name: value for name, value in row.content.items() if name != "withheld"}
    report = SummaryReport.from_json(json.dumps(old))
    assert report.withheld == ""
