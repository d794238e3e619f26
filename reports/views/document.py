"""Published documents: the library, one document as a page, its PDF."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.access import SignedInRequest, require_anywhere
from agencies.downloads import hands_out_files
from agencies.roles import Permission
from audits.models import Theme
from reports.domain.reading_documents import note_altered, record_download
from reports.forms.library import DocumentFilter
from reports.models import Document


def document_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.READ_PUBLISHED)
    documents = Document.objects.visible_to(request.user).library(partnership)
    chosen = DocumentFilter(
        request.GET, documents, themes=Theme.objects.of_published(partnership), request=request
    )
    return render(request, "reports/document_list.html", {"filter": chosen})


def document_detail(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    document = get_object_or_404(
        Document.objects.visible_to(request.user).with_audit(), pk=document_id
    )
    holds = document.holds()
    context = {
        "published": document,
        "holds": holds,
        "document": document.read() if holds else None,
    }
    return render(request, "reports/document_detail.html", context)


@hands_out_files
def document_pdf(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    document = get_object_or_404(
        Document.objects.visible_to(request.user).with_audit(), pk=document_id
    )
    if not document.holds():
        note_altered(document, by=request.user)
        return render(request, "reports/document_altered.html", {"published": document}, status=409)
    record_download(document, by=request.user)
    return pdf_response(bytes(document.pdf), document.file_name)


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
