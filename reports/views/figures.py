from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import SignedInRequest
from audits.views.finding import may_draft
from reports.reading.figures import figures_in_print
from reports.views.drafting import drafted_audit


def audit_figures(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = drafted_audit(request, audit_id)
    context = {
        "audit": audit,
        "printed": figures_in_print(audit),
        "edits": may_draft(request, audit),
    }
    return render(request, "reports/audit_figures.html", context)
