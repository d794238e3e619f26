"""Both documents of one audit on their way to publication."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest, require
from agencies.confirming import confirmed
from agencies.downloads import hands_out_files
from agencies.roles import Permission
from audits.domain.guards import GuardError
from audits.domain.leading import may_read_agreed
from audits.domain.writing import NotNowError, StaleError
from audits.models import Audit
from audits.views.reach import known_audit
from reports.documents.checks import small_number_remarks
from reports.documents.content import Audience
from reports.documents.default_prose import DEFAULTS
from reports.documents.html import print_page
from reports.documents.source import DocumentSource
from reports.domain.printing import DOWNLOAD_NAMES, draft, draft_from
from reports.domain.prose import restore_default, write_passage
from reports.domain.publishing import publish, record_preview
from reports.domain.reading_documents import record_draft_download
from reports.forms.prose import ProseForm
from reports.forms.publish import PublishForm
from reports.models import Document, Prose
from reports.reading.drafting import drafting
from reports.renderer import RenderError, render_pdf
from reports.views.document import pdf_response


def drafted_audit(
    request: SignedInRequest, audit_id: UUID, permission: Permission = Permission.DRAFT
) -> Audit:
    audit = known_audit(request, audit_id)
    require(request.user, permission, audit.partnership_id)
    return audit


def readable_draft(request: SignedInRequest, audit_id: UUID) -> Audit:
    """An audit whose documents this person may read as they stand; 403 for whoever may not yet."""
    audit = drafted_audit(request, audit_id)
    if not may_read_agreed(audit, request.user):
        raise PermissionDenied
    return audit


def _audience(request: SignedInRequest) -> Audience:
    return Audience.PUBLIC if request.GET.get("audience") == Audience.PUBLIC else Audience.BOARD


def audit_documents(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = known_audit(request, audit_id)
    drafts = request.user.may(Permission.DRAFT, audit.partnership_id)
    drafts = drafts and may_read_agreed(audit, request.user)
    context = {
        "audit": audit,
        "published": Document.objects.visible_to(request.user).of_audit(audit),
        "drafting": drafting(audit, request.user) if drafts else None,
        "may_publish": request.user.may(Permission.PUBLISH, audit.partnership_id),
        "may_ask": request.user.may(Permission.RUN_AUDIT, audit.partnership_id),
    }
    return render(request, "reports/audit_documents.html", context)


def document_preview(request: SignedInRequest, audit_id: UUID, kind: Document.Kind) -> HttpResponse:
    audit = readable_draft(request, audit_id)
    audience = _audience(request)
    source = DocumentSource(audit, audience)
    record_preview(source, kind, by=request.user)
    context = {
        "audit": audit,
        "kind": kind,
        "document": draft_from(source, kind, audience),
        "audience": audience,
        "remarks": small_number_remarks(source),
    }
    return render(request, "reports/document_preview.html", context)


@hands_out_files
def document_draft_pdf(
    request: SignedInRequest, audit_id: UUID, kind: Document.Kind
) -> HttpResponse:
    audit = readable_draft(request, audit_id)
    try:
        pdf = render_pdf(print_page(draft(audit, kind, _audience(request))))
    except RenderError:
        messages.error(
            request, "The PDF could not be made just now. Nothing is lost: try again in a minute."
        )
        return redirect("audit-documents", audit_id=audit.pk)
    record_draft_download(audit, by=request.user)
    return pdf_response(pdf, f"draft-{DOWNLOAD_NAMES[kind]}")


def prose_update(request: SignedInRequest, audit_id: UUID, passage: Prose.Passage) -> HttpResponse:
    audit = readable_draft(request, audit_id)
    row = audit.prose.filter(passage=passage).first()
    default = DEFAULTS[passage](DocumentSource(audit))
    form = ProseForm(
        request.POST or None,
        initial={"text": row.text if row else default, "revision": row.revision if row else 0},
    )
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            write_passage(
                audit,
                passage,
                by=request.user,
                text=form.cleaned_data["text"],
                based_on=form.cleaned_data["revision"],
            )
        except NotNowError as error:
            form.add_error(None, str(error))
        except StaleError as error:
            theirs = error.current
            form = ProseForm(
                initial={"text": form.cleaned_data["text"], "revision": theirs.revision}
            )
        else:
            messages.success(request, f"{passage.label} saved.")
            return redirect("audit-documents", audit_id=audit.pk)
    context = {
        "audit": audit,
        "passage": passage,
        "form": form,
        "default": default,
        "row": row,
        "theirs": theirs,
    }
    return render(request, "reports/prose_update.html", context)


def prose_restore(request: SignedInRequest, audit_id: UUID, passage: Prose.Passage) -> HttpResponse:
    audit = readable_draft(request, audit_id)
    if request.method == "POST":
        try:
            restore_default(audit, passage, by=request.user)
        except NotNowError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{passage.label}: the default text stands again.")
        return redirect("audit-documents", audit_id=audit.pk)
    context = {
        "title": f"Go back to the default text of “{passage.label}”?",
        "caption": audit.title,
        "consequences": ["What was written in its place is lost."],
        "confirm_label": "Go back to the default",
        "danger": True,
        "cancel_url": reverse("audit-documents", kwargs={"audit_id": audit.pk}),
    }
    return render(request, "components/confirm.html", context)


@confirmed
def audit_publish(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = drafted_audit(request, audit_id, Permission.PUBLISH)
    if audit.stage != "drafting":
        raise Http404
    state = drafting(audit, request.user)
    form = PublishForm(request.POST if request.method == "POST" else None, gaps=state.gaps)
    missing: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            publish(
                audit,
                by=request.user,
                audience=Audience(form.cleaned_data["audience"]),
                accepted_gaps=form.accepted,
            )
        except GuardError as error:
            missing = error.missing
        except RenderError:
            missing = ["The PDF could not be made just now. Nothing was published: try again."]
        else:
            messages.success(request, "Both documents are published.")
            return redirect("audit-documents", audit_id=audit.pk)
    context = {"audit": audit, "drafting": state, "form": form, "missing": missing}
    return render(request, "reports/audit_publish.html", context)
