from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies.access import SignedInRequest
from agencies.roles import Permission
from audits.domain import meetings as domain
from audits.domain.transitions import available
from audits.forms.meeting import (
    AttendanceFormSet,
    AttendanceRevisionForm,
    MeetingForm,
    attendance_rows,
)
from audits.forms.owners import place_choices
from audits.models import Audit, Meeting
from audits.reading import meeting as reading
from audits.views.reach import (
    attempt_form,
    audit_to_write,
    is_open_to,
    known_audit,
    not_open_yet,
)


def _meeting(audit: Audit) -> Meeting | None:
    meeting: Meeting | None = getattr(audit, "meeting", None)
    return meeting


def meeting_detail(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = known_audit(request, audit_id)
    if not is_open_to(request, audit):
        return not_open_yet(request, audit, tab="meeting", title="Meeting")
    meeting = _meeting(audit)
    present = reading.attendance_of(meeting)
    context = {
        "audit": audit,
        "meeting": meeting,
        "attended": [row for row in present if row.state == "attended"],
        "apologies": [row for row in present if row.state == "apologies"],
        "agenda": reading.agenda_of(audit, request.user),
        "agreed": reading.agreed_so_far(audit),
        "edits": reading.may_edit_meeting(audit, request.user),
        "edits_attendance": reading.may_edit_attendance(audit, request.user),
        "steps": dict(available(audit, request.user)),
    }
    return render(request, "audits/meeting_detail.html", context)


def meeting_update(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.RUN_MEETING)
    meeting = _meeting(audit) or Meeting(held_on=audit.meeting_on)
    names = ("held_on", "chaired_by", "notes")
    initial = {name: getattr(meeting, name) for name in (*names, "revision")}
    form = MeetingForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt_form(
        form,
        lambda: domain.record_meeting(audit=audit, by=request.user, **form.cleaned_data),
        *names,
    ):
        messages.success(request, "The meeting is saved.")
        return redirect("meeting-detail", audit_id=audit.pk)
    return render(request, "audits/meeting_update.html", {"audit": audit, "form": form})


def attendance_update(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.RUN_MEETING)
    meeting = _meeting(audit)
    present = reading.attendance_of(meeting)
    formset = AttendanceFormSet(
        request.POST or None,
        initial=attendance_rows(present, reading.suggested_people(audit, present)),
        form_kwargs={"places": place_choices(audit.partnership_id, "Neither")},
    )
    form = AttendanceRevisionForm.showing(meeting)
    if request.method == "POST":
        form = AttendanceRevisionForm(request.POST)
        if form.is_valid() and formset.is_valid() and _save_people(request, audit, form, formset):
            messages.success(request, "The attendance is saved.")
            onwards = "attendance-update" if "more" in request.POST else "meeting-detail"
            return redirect(onwards, audit_id=audit.pk)
    context = {"audit": audit, "form": form, "formset": formset, "listed": len(present)}
    return render(request, "audits/attendance_update.html", context)


def _save_people(
    request: SignedInRequest,
    audit: Audit,
    form: AttendanceRevisionForm,
    formset: "AttendanceFormSet",  # type: ignore[valid-type]
) -> bool:
    rows = [row.attendee() for row in formset.forms]  # type: ignore[attr-defined]
    return attempt_form(
        form,
        lambda: domain.record_attendance(
            audit=audit,
            attendees=[row for row in rows if row is not None],
            revision=form.cleaned_data["revision"],
            by=request.user,
        ),
    )
