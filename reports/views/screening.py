"""Words in the texts of an audit's documents that may say who somebody is."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.access import SignedInRequest
from audits.domain.screened import Scope
from audits.models import Stage
from audits.models.seal import may_look
from audits.reading.screening import ScreeningPage
from audits.views.screening import decide_or_show
from reports.domain.screened_texts import document_passages
from reports.views.drafting import readable_draft


@require_http_methods(["GET", "POST"])
def audit_screening(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """Everything found in what both documents print: what is undecided keeps them unpublished."""
    audit = readable_draft(request, audit_id)
    page = ScreeningPage(
        Scope.of_audit(audit),
        document_passages(audit),
        by=request.user,
        may_look=may_look(request.user, audit),
    )
    context = {
        "caption": audit.title,
        "audit": audit,
        "back": reverse("audit-documents", args=[audit.pk]),
        "back_label": "Documents of this audit",
        "what_waits": "published",
        "onward": "Back to the documents",
        "answers": True,
        "who_answers": "the officer",
        "is_closed": audit.stage in {Stage.PUBLISHED, Stage.CLOSED},
    }
    return decide_or_show(request, page, context)
