"""The activity names what was published; whoever rewrites or removes a document does not change it.

Raw statements stand for whatever is not the application: a console, a script, a careless migration.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from agencies.domain import activity, verifying
from agencies.models import Activity, User
from agencies.roles import Role
from audits.models import Audit
from reports.documents.codec import canonical, digest
from reports.documents.fingerprint import COLUMNS, SUBJECT, TAKEN, fingerprint_of
from reports.domain import fingerprints
from reports.models import Document
from tests.audits.browsing import page, signed_in
from tests.factories import AuditFactory, person
from tests.reports.publications import published, tamper
from tests.support.guards import unguarded

pytestmark = pytest.mark.django_db

NAMING = import_module("reports.migrations.0002_documents_named_in_the_activity")
GONE = "the document that it names is gone, or was altered"


@pytest.fixture
def audit() -> Audit:
    audit: Audit = AuditFactory(stage="published", title="Front door", code="2026-01")
    return audit


@pytest.fixture
def chair(audit: Audit) -> User:
    return person(Role.CHAIR, audit.partnership, name="Asha Chair")


@pytest.fixture
def document(audit: Audit, chair: User) -> Document:
    return published(audit, chair)


def rewritten(document: Document) -> dict[str, Any]:
    """Content and PDF, with hashes that fit them."""
    content = {**document.content, "imprint": {**document.content["imprint"], "theme": "Another"}}
    return {
        "content": content,
        "content_hash": digest(canonical(content).encode()),
        "pdf": b"%PDF other",
        "pdf_hash": digest(b"%PDF other"),
    }


FORGERIES: dict[str, Callable[[Document], dict[str, Any]]] = {
    "rewritten, hashes and all": rewritten,
    "rewritten as nothing that reads": lambda _: {
        "content": [],
        "content_hash": digest(b"[]"),
    },
    "moved to another audit": lambda document: {
        "audit": AuditFactory(partnership=document.audit.partnership, stage="published")
    },
    "another kind": lambda _: {"kind": Document.Kind.BRIEFING},
    "approved by another": lambda document: {
        "published_by": person(Role.CHAIR, document.audit.partnership)
    },
    "approved at another time": lambda _: {"published_at": datetime(2020, 1, 1, tzinfo=UTC)},
    "other gaps accepted": lambda _: {"accepted_gaps": ["gap-1"]},
}


def test_its_fingerprint_is_what_anybody_can_work_out(document: Document) -> None:
    said = {
        "format": "maca-document-1",
        "id": str(document.pk),
        "audit_id": str(document.audit_id),
        "kind": "summary_report",
        "version": 1,
        "audience": "board",
        "title": "Front door",
        "content_hash": document.content_hash,
        "pdf_hash": document.pdf_hash,
        "template_version": "1",
        "accepted_gaps": [],
        "published_by_id": str(document.published_by_id),
        "published_at": document.published_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    assert document.fingerprint == sha256(text.encode()).hexdigest()[:40]
    assert Document.objects.get().fingerprint == document.fingerprint


def test_every_column_is_in_it_or_has_its_hash_there() -> None:
    columns = {each.attname for each in Document._meta.concrete_fields}
    assert columns - set(COLUMNS) == {"content", "pdf"}


def test_the_activity_of_its_audit_names_it_and_says_no_more(
    document: Document, chair: User
) -> None:
    (entry,) = Activity.objects.all()
    assert (entry.verb, entry.subject_type, entry.subject_id, entry.audit_id, entry.by) == (
        TAKEN,
        SUBJECT,
        document.fingerprint,
        document.audit_id,
        chair,
    )
    shown = page(signed_in(person(Role.OFFICER, document.audit.partnership)), "activity-list")
    assert "took the fingerprint of a document" in shown


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_does_not_hold_and_the_nightly_check_finds_it(
    document: Document, forge: Callable[[Document], dict[str, Any]]
) -> None:
    published(document.audit, document.published_by, version=2)
    tamper(document, **forge(document))
    altered = Document.objects.get(pk=document.pk)
    assert not altered.holds()
    assert Document.objects.altered() == {document.pk}
    reader = signed_in(person(Role.BOARD, document.audit.partnership))
    assert "no longer what was approved" in page(reader, "document-detail", document.pk)
    assert reader.get(reverse("document-pdf", args=[document.pk])).status_code == 409
    assert [str(each) for each in verifying.verify().faults] == [
        f"audit:{document.audit_id}, entry 1: {GONE}",
        f"audit:{altered.audit_id}: document {document.pk} is not what was approved",
    ]


def test_asking_for_a_forgery_does_not_make_it_one_that_is_named(document: Document) -> None:
    tamper(document, **rewritten(document))
    reader = signed_in(person(Role.BOARD, document.audit.partnership))
    reader.get(reverse("document-pdf", args=[document.pk]))
    assert not Document.objects.get().holds()


def test_what_was_changed_under_its_own_hashes_is_found_too(document: Document) -> None:
    tamper(document, pdf=b"%PDF other")
    assert [str(each) for each in verifying.verify().faults] == [
        f"audit:{document.audit_id}: document {document.pk} is not what was approved"
    ]


def test_a_document_that_is_gone_is_found(document: Document) -> None:
    published(document.audit, document.published_by, Document.Kind.BRIEFING)
    with unguarded():
        Document.objects.filter(pk=document.pk).delete()
    assert [str(each) for each in verifying.verify().faults] == [
        f"audit:{document.audit_id}, entry 1: {GONE}"
    ]


def test_a_document_that_was_put_in_is_found(document: Document) -> None:
    Document.objects.bulk_create(
        [
            Document(
                **{name: getattr(document, name) for name in COLUMNS if name not in {"id", "kind"}},
                kind=Document.Kind.BRIEFING,
                content=document.content,
                pdf=document.pdf,
            )
        ]
    )
    put_in = Document.objects.get(kind=Document.Kind.BRIEFING)
    assert [each.words for each in verifying.verify().faults] == [
        f"document {put_in.pk} is not what was approved"
    ]


def test_an_entry_of_another_audit_does_not_name_it(audit: Audit, chair: User) -> None:
    document = published(audit, chair)
    elsewhere = AuditFactory(partnership=audit.partnership, stage="published")
    tamper(document, audit=elsewhere)
    forged = Document.objects.get()
    activity.record(
        TAKEN,
        by=chair,
        partnership=audit.partnership,
        subject=activity.Named(SUBJECT, forged.fingerprint),
        audit_id=audit.pk,
    )
    assert forged.pk == document.pk
    assert not forged.holds()


def test_where_nothing_was_done_nothing_is_found(document: Document) -> None:
    published(document.audit, document.published_by, version=2)
    assert document.holds()
    assert verifying.verify().faults == []
    assert verifying.verify(chain=f"audit:{document.audit_id}").faults == []


def test_what_is_published_while_it_is_looked_at_is_no_fault(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the entries and the one at the documents."""
    read = Document.objects.without_contents

    def publish_and_read() -> Any:
        published(document.audit, document.published_by, version=2)
        return read()

    monkeypatch.setattr(Document.objects, "without_contents", publish_and_read)
    assert list(fingerprints.faults()) == []


@contextmanager
def unnamed() -> Iterator[None]:
    """As documents were published before they were named."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fingerprints, "take", lambda *_args, **_kwargs: None)
        yield


class TestPublishedBefore:
    """The migration names what stands there."""

    @pytest.fixture
    def before(self, audit: Audit, chair: User) -> list[Document]:
        with unnamed():
            documents = [published(audit, chair, kind) for kind in Document.Kind]
        for document in documents:
            self.tell(document, chair)
        return documents

    def tell(self, document: Document, chair: User) -> None:
        activity.record(
            "published a document",
            by=chair,
            partnership=document.audit.partnership,
            subject=document,
            audit_id=document.audit_id,
        )

    def name(self) -> None:
        NAMING.name(apps, connection.schema_editor())

    def test_each_is_named_once_and_holds(self, before: list[Document]) -> None:
        assert Document.objects.altered() == {each.pk for each in before}
        self.name()
        self.name()
        assert Document.objects.altered() == set()
        entries = Activity.objects.filter(verb=TAKEN)
        assert {each.subject_id for each in entries} == {fingerprint_of(each) for each in before}
        assert [(each.by, each.number) for each in entries.order_by("number")] == [
            (None, 3),
            (None, 4),
        ]
        assert verifying.verify().faults == []

    def test_what_was_moved_before_is_not_named(self, before: list[Document], audit: Audit) -> None:
        moved = before[0]
        elsewhere = AuditFactory(partnership=audit.partnership, stage="published")
        tamper(moved, audit=elsewhere)
        self.name()
        assert Document.objects.altered() == {moved.pk}

    def test_what_no_longer_fits_its_hashes_does_not_hold_for_being_named(
        self, before: list[Document]
    ) -> None:
        tamper(before[0], pdf=b"%PDF other")
        self.name()
        assert Document.objects.altered() == {before[0].pk}

    def test_chains_go_on_behind_it(self, before: list[Document], chair: User) -> None:
        self.name()
        self.tell(before[0], chair)
        assert verifying.verify().faults == []
