"""Publishing: the documents are frozen, and only then does the audit move on."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agencies.domain import activity
from agencies.models import User
from audits.domain.guards import GuardError
from audits.domain.transitions import transition
from audits.models import Audit
from reports.documents.checks import gaps_without_action
from reports.documents.codec import digest
from reports.documents.content import Audience
from reports.documents.html import TEMPLATE_VERSION, print_page
from reports.documents.imprint import Edition
from reports.documents.source import DocumentSource
from reports.domain import fingerprints
from reports.domain.printing import Kind, build
from reports.domain.screened_texts import words_undecided
from reports.models import Document, Preview
from reports.renderer import render_pdf


@dataclass(frozen=True)
class Frozen:
    """A document as it will be stored."""

    kind: Document.Kind
    title: str
    content: str
    pdf: bytes


def content_hash(source: DocumentSource, kind: Document.Kind) -> str:
    """A hash of what a document says to its readers, whatever its date and version."""
    timeless = Edition(dated=date.min, audience=source.audience)
    return digest(build(source, kind, timeless).to_json().encode())


@transaction.atomic
def record_preview(source: DocumentSource, kind: Document.Kind, *, by: User) -> None:
    Preview.objects.update_or_create(
        audit=source.audit,
        kind=kind,
        content_hash=content_hash(source, kind),
        by=by,
        defaults={"at": timezone.now()},
    )


def not_previewed(source: DocumentSource, user: User) -> list[Document.Kind]:
    """The documents this person has not seen as they stand now, for the source’s readers."""
    seen = set(
        Preview.objects.filter(audit=source.audit, by=user).values_list("kind", "content_hash")
    )
    return [kind for kind in Kind if (kind, content_hash(source, kind)) not in seen]


@activity.gathered()
def publish(
    audit: Audit,
    *,
    by: User,
    accepted_gaps: Collection[str] = (),
    audience: Audience = Audience.BOARD,
    at: datetime | None = None,
) -> list[Document]:
    """Freeze both documents as a new version and take the audit to published.

    `accepted_gaps`: codes of the gaps the chair accepts without an action. Raises GuardError
    with what is missing, PermissionDenied, or RenderError; nothing is written then.
    """
    locked = transition(audit, "publish", by=by)
    source = DocumentSource(Audit.objects.with_names().get(pk=locked.pk), audience)
    missing = [*_unseen(source, by), *_unaccepted(source, accepted_gaps)]
    if missing := [*missing, *words_undecided(source.audit, by=by)]:
        raise GuardError(missing)
    at = at or timezone.now()
    version = (audit.documents.aggregate(newest=Max("version"))["newest"] or 0) + 1
    edition = Edition(
        dated=timezone.localdate(at), audience=audience, version=version, approved_by=by.name
    )
    documents = [
        _store(source.audit, _freeze(source, kind, edition), edition, by, at, accepted_gaps)
        for kind in Kind
    ]
    for document in documents:
        activity.record(
            "published a document",
            by=by,
            partnership=audit.partnership_id,
            subject=document,
            audit_id=audit.pk,
        )
        fingerprints.take(document, by=by)
    return documents


def _unseen(source: DocumentSource, user: User) -> list[str]:
    return [
        f"Preview the {kind.label.lower()} {_for(source)}first: you have not seen it as it "
        "stands now."
        for kind in not_previewed(source, user)
    ]


def _for(source: DocumentSource) -> str:
    return "for the public " if source.is_public else ""


def _unaccepted(source: DocumentSource, accepted: Collection[str]) -> list[str]:
    return [
        f"Gap {', '.join(gap.marks)} has no action: add one, or accept it as it is."
        for gap in gaps_without_action(source)
        if gap.finding.code not in accepted
    ]


def _freeze(source: DocumentSource, kind: Document.Kind, edition: Edition) -> Frozen:
    document = build(source, kind, edition)
    return Frozen(
        kind=kind,
        title=document.imprint.title,
        content=document.to_json(),
        pdf=render_pdf(print_page(document)),
    )


def _store(
    audit: Audit,
    frozen: Frozen,
    edition: Edition,
    by: User,
    at: datetime,
    accepted_gaps: Collection[str],
) -> Document:
    return Document.objects.create(
        audit=audit,
        kind=frozen.kind,
        version=edition.version or 1,
        audience=edition.audience,
        title=frozen.title,
        content=json.loads(frozen.content),
        content_hash=digest(frozen.content.encode()),
        pdf=frozen.pdf,
        pdf_hash=digest(frozen.pdf),
        template_version=TEMPLATE_VERSION,
        accepted_gaps=sorted(accepted_gaps),
        published_by=by,
        published_at=at,
    )
