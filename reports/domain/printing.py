from django.utils import timezone

from audits.models import Audit
from reports.documents.briefing import build_briefing
from reports.documents.content import Audience, Briefing, SummaryReport
from reports.documents.html import print_page
from reports.documents.imprint import Edition
from reports.documents.source import DocumentSource
from reports.documents.summary import build_summary
from reports.models import Document
from reports.renderer import render_pdf

Kind = Document.Kind
DOWNLOAD_NAMES = Document.FILE_NAMES


def build(
    source: DocumentSource, kind: Document.Kind, edition: Edition
) -> SummaryReport | Briefing:
    """What the documents say to the edition’s readers, whoever the source was read for."""
    source = source.told_to(edition.audience)
    builder = build_summary if kind == Kind.SUMMARY_REPORT else build_briefing
    return builder(source, edition)


def draft(
    audit: Audit, kind: Document.Kind, audience: Audience = Audience.BOARD
) -> SummaryReport | Briefing:
    return draft_from(DocumentSource(audit), kind, audience)


def draft_from(
    source: DocumentSource, kind: Document.Kind, audience: Audience = Audience.BOARD
) -> SummaryReport | Briefing:
    """What would be printed now, marked as a draft."""
    edition = Edition(dated=timezone.localdate(), audience=audience)
    return build(source, kind, edition)


class AlteredError(Exception):
    """What is stored is no longer what was approved; the message names the document."""


def current_pdf(audit: Audit, kind: Document.Kind) -> bytes:
    """The newest published version while the audit stands published, otherwise a draft.

    Raises AlteredError.
    """
    if audit.stage in ("published", "closed"):
        newest = audit.documents.filter(kind=kind).order_by("-version").first()
        if newest is not None:
            if not newest.holds():
                raise AlteredError(
                    f"{newest} is no longer what was approved. Restore it from a backup."
                )
            return bytes(newest.pdf)
    return render_pdf(print_page(draft(audit, kind)))
