from django.utils import timezone

from audits.models import Audit
from reports.documents import (
    Audience,
    Briefing,
    DocumentSource,
    Edition,
    SummaryReport,
    build_briefing,
    build_summary,
    print_page,
)
from reports.models import Document
from reports.renderer import render_pdf

Kind = Document.Kind

FILE_NAMES = {Kind.SUMMARY_REPORT: "summary-report.pdf", Kind.BRIEFING: "six-step-briefing.pdf"}


def build(
    source: DocumentSource, kind: Document.Kind, edition: Edition
) -> SummaryReport | Briefing:
    builder = build_summary if kind == Kind.SUMMARY_REPORT else build_briefing
    return builder(source, edition)


def draft(
    audit: Audit, kind: Document.Kind, audience: Audience = Audience.BOARD
) -> SummaryReport | Briefing:
    """What would be printed now, marked as a draft."""
    edition = Edition(dated=timezone.localdate(), audience=audience)
    return build(DocumentSource(audit), kind, edition)


def current_pdf(audit: Audit, kind: Document.Kind) -> bytes:
    """The newest published version while the audit stands published, otherwise a draft."""
    if audit.stage in ("published", "closed"):
        newest = audit.documents.filter(kind=kind).order_by("-version").first()
        if newest is not None:
            return bytes(newest.pdf)
    return render_pdf(print_page(draft(audit, kind)))
