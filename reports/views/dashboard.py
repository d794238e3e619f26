from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import SignedInRequest, require, require_anywhere
from agencies.roles import Permission
from audits.models import Action, Audit
from audits.views.reach import known_audit
from reports.forms.dashboard import DashboardFilter
from reports.reading import dashboard as one_audit
from reports.reading import overview


def dashboard(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.SEE_STATES)
    audits = Audit.objects.visible_to(request.user).of_partnership(partnership)
    chosen = DashboardFilter(request.GET, audits, partnership=partnership, request=request)
    context = {
        "filter": chosen,
        "overview": overview.overview(chosen.qs, Action.objects.visible_to(request.user)),
    }
    return render(request, "reports/dashboard.html", context)


def audit_dashboard(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = known_audit(request, audit_id, named=False)
    require(request.user, Permission.SEE_STATES, audit.partnership_id)
    context = {"audit": audit, "dashboard": one_audit.dashboard(audit, request.user)}
    return render(request, "reports/audit_dashboard.html", context)
