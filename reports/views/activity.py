"""Who did what: in the partnership, and to one audit; on a page and as a spreadsheet."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.access import SignedInRequest, require_anywhere
from agencies.downloads import hands_out_files, workbook_response
from agencies.models import Activity
from agencies.roles import Permission
from audits.models import Audit
from reports.domain.reading_activity import record_download
from reports.forms.activity import ActivityFilter
from reports.reading.activity import by_day, lines, state_of_all, state_of_audit

PAGE_LENGTH = 50
MOST_EXPORTED = 20_000


def activity_list(request: SignedInRequest) -> HttpResponse:
    listed = ActivityFilter(request.GET, _of_partnership(request))
    context = _context(request, listed) | {"chain": state_of_all()}
    return render(request, "reports/activity_list.html", context)


@require_GET
@hands_out_files
def activity_download(request: SignedInRequest) -> HttpResponse:
    listed = ActivityFilter(request.GET, _of_partnership(request))
    return _sheet(request, listed, None)


def audit_activity(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = _audit(request, audit_id)
    listed = ActivityFilter(request.GET, _of_audit(request, audit))
    sees_all = request.user.may(Permission.SEE_ACTIVITY, audit.partnership_id)
    context = _context(request, listed) | {
        "audit": audit,
        "chain": state_of_audit(audit, counted=sees_all),
        "sees_all": sees_all,
    }
    return render(request, "reports/audit_activity.html", context)


@require_GET
@hands_out_files
def audit_activity_download(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = _audit(request, audit_id)
    listed = ActivityFilter(request.GET, _of_audit(request, audit))
    return _sheet(request, listed, audit)


def _of_partnership(request: SignedInRequest) -> QuerySet[Activity]:
    partnership = require_anywhere(request, Permission.SEE_ACTIVITY)
    return Activity.objects.visible_to(request.user).filter(partnership=partnership)


def _of_audit(request: SignedInRequest, audit: Audit) -> QuerySet[Activity]:
    return Activity.objects.visible_to(request.user).of_audit(audit.pk)


def _audit(request: SignedInRequest, audit_id: UUID) -> Audit:
    """Who looks after the partnership sees all of it, an agency's lead their own part."""
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_names(), pk=audit_id)
    enough = (Permission.SEE_ACTIVITY, Permission.LEAD_RETURN)
    if not any(request.user.may_anywhere_in(each, audit.partnership_id) for each in enough):
        raise PermissionDenied
    return audit


def _context(request: SignedInRequest, listed: ActivityFilter) -> dict[str, Any]:
    page = Paginator(listed.qs.select_related("by"), PAGE_LENGTH).get_page(request.GET.get("page"))
    found = lines(page.object_list, request.user)
    return {
        "page": page,
        "lines": found,
        "days": by_day(found),
        "filter": listed,
        "form": listed.form,
        "is_filtered": bool(request.GET),
        "query": request.GET.urlencode(),
    }


def _sheet(request: SignedInRequest, listed: ActivityFilter, audit: Audit | None) -> HttpResponse:
    from reports.spreadsheets.activity import sheet_of

    rows = listed.qs.select_related("by")[:MOST_EXPORTED]
    content = sheet_of(lines(rows, request.user))
    record_download(audit, partnership=request.partnership, by=request.user)
    return workbook_response(content, f"activity-{timezone.localdate():%Y-%m-%d}")
