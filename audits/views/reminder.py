from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agencies.access import SignedInRequest, require
from agencies.models import Agency
from agencies.roles import Permission
from audits.domain import reminders
from audits.domain.reminders import Reminded
from audits.forms.reminder import ReminderForm
from audits.models import Audit
from audits.reading.reminders import ReminderPreview
from audits.views.reach import known_audit


@require_http_methods(["GET", "POST"])
def reminder_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """First who is written to and what it says; nothing leaves before that is confirmed."""
    audit = known_audit(request, audit_id)
    require(request.user, Permission.RUN_AUDIT, audit.partnership_id)
    sent = request.POST if request.method == "POST" else request.GET
    preview = ReminderPreview(audit, sent.getlist("agency"))
    sends = request.method == "POST" and bool(preview.reachable)
    form = ReminderForm(
        request.POST if sends else None,
        owing=[each.owing for each in preview.reachable],
        initial={"agency": preview.ticked, "seen_at": timezone.now().isoformat()},
    )
    if form.is_valid():
        done = reminders.remind(
            audit, by=request.user, returns=form.chosen, seen_at=form.cleaned_data["seen_at"]
        )
        _tell(request, done)
        return redirect("agency-return-list", audit.pk)
    return _page(request, audit, preview, form)


def _page(
    request: SignedInRequest, audit: Audit, preview: ReminderPreview, form: ReminderForm
) -> HttpResponse:
    context = {
        "audit": audit,
        "preview": preview,
        "form": form,
        "ticked": set(form["agency"].value() or []),
        "invites": request.user.may(Permission.MANAGE_PEOPLE, audit.partnership_id),
        "cancel_url": reverse("agency-return-list", args=[audit.pk]),
    }
    return render(request, "audits/reminder.html", context)


def _tell(request: SignedInRequest, done: Reminded) -> None:
    if done.agencies:
        people = f"{done.people} {'person' if done.people == 1 else 'people'}"
        messages.success(request, f"A reminder goes to {people}: {_names(done.agencies)}.")
    if done.meanwhile:
        messages.warning(
            request,
            f"Left out, because they were reminded a moment ago: {_names(done.meanwhile)}.",
        )
    if done.unanswered:
        messages.warning(request, f"Nobody to write to any more: {_names(done.unanswered)}.")


def _names(agencies: list[Agency]) -> str:
    return ", ".join(str(agency) for agency in agencies)
