"""Published documents with a stand-in for the PDF; how one is made is tested with the printing."""

import json
from datetime import datetime
from typing import Any

from agencies.models import User
from audits.models import Audit
from reports.documents.codec import canonical, digest
from reports.domain import fingerprints
from reports.domain.printing import draft
from reports.models import Document
from tests.support.guards import unguarded

PDF = b"%PDF-1.7 stand-in"


def published(
    audit: Audit,
    by: User,
    kind: Document.Kind = Document.Kind.SUMMARY_REPORT,
    *,
    version: int = 1,
    at: datetime | None = None,
    **fields: Any,
) -> Document:
    """What stands in the audit's rows now, frozen; it holds."""
    values: dict[str, Any] = {"title": audit.title, "audience": "board", **fields}
    content = json.loads(draft(audit, kind).to_json())
    named = {name: values[name] for name in ("title", "audience")}
    content["imprint"].update(named, version=version)
    if at is not None:
        values["published_at"] = at
    document = Document.objects.create(
        audit=audit,
        kind=kind,
        version=version,
        content=content,
        content_hash=digest(canonical(content).encode()),
        pdf=PDF,
        pdf_hash=digest(PDF),
        template_version="1",
        published_by=by,
        **values,
    )
    fingerprints.take(document, by=by)
    return document


def tamper(document: Document, **changed: Any) -> None:
    """As somebody who gets round the guards of the database."""
    with unguarded():
        Document.objects.filter(pk=document.pk).update(**changed)
