from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from agencies.access import SignedInRequest
from agencies.downloads import hands_out_files
from audits.domain import calendars
from audits.views.reach import known_audit


@require_GET
@hands_out_files
def audit_calendar(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """The dates of an audit that concern this person, for their own calendar."""
    audit = known_audit(request, audit_id)
    events = calendars.for_person(audit, request.user)
    if not events:
        raise Http404
    calendars.record_download(audit, by=request.user)
    response = HttpResponse(calendars.written(events), content_type=calendars.CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="audit-dates.ics"'
    return response
