from typing import Any

from django.urls import path, register_converter

from reports.models import Document, Prose
from reports.views import document, drafting, figures, screening


class KindConverter:
    """summary-report or briefing in an address, a `Document.Kind` in a view."""

    regex = "summary-report|briefing"

    def to_python(self, value: str) -> Document.Kind:
        return Document.Kind(value.replace("-", "_"))

    def to_url(self, value: Any) -> str:
        return str(value).replace("_", "-")


class PassageConverter:
    regex = "|".join(value.replace("_", "-") for value in Prose.Passage.values)

    def to_python(self, value: str) -> Prose.Passage:
        return Prose.Passage(value.replace("-", "_"))

    def to_url(self, value: Any) -> str:
        return str(value).replace("_", "-")


register_converter(KindConverter, "document_kind")
register_converter(PassageConverter, "passage")

AUDIT = "audits/<uuid:audit_id>/documents"

urlpatterns = [
    path("documents/", document.document_list, name="document-list"),
    path("documents/<uuid:document_id>/", document.document_detail, name="document-detail"),
    path("documents/<uuid:document_id>/pdf/", document.document_pdf, name="document-pdf"),
    path("audits/<uuid:audit_id>/figures-in-print/", figures.audit_figures, name="audit-figures"),
    path(f"{AUDIT}/", drafting.audit_documents, name="audit-documents"),
    path(f"{AUDIT}/screening/", screening.audit_screening, name="audit-screening"),
    path(f"{AUDIT}/publish/", drafting.audit_publish, name="audit-publish"),
    path(f"{AUDIT}/<document_kind:kind>/", drafting.document_preview, name="document-preview"),
    path(
        f"{AUDIT}/<document_kind:kind>/pdf/",
        drafting.document_draft_pdf,
        name="document-draft-pdf",
    ),
    path(f"{AUDIT}/prose/<passage:passage>/", drafting.prose_update, name="prose-update"),
    path(f"{AUDIT}/prose/<passage:passage>/default/", drafting.prose_restore, name="prose-restore"),
]
