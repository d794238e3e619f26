from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, require
from agencies.domain.refusal import RefusedError
from agencies.roles import Permission
from audits.domain import nominations as domain
from audits.domain.cases import select_nominations
from audits.forms.final import About
from audits.forms.nomination import NominationForm, SelectForm
from audits.forms.reason import ReasonForm
from audits.models import Nomination, Stage
from audits.reading.cases import may_nominate
from audits.views.case import run_audit
from audits.views.closed import refused_in
from audits.views.reach import known_audit


def nomination_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = known_audit(request, audit_id)
    if not may_nominate(audit, request.user):
        raise PermissionDenied
    if request.method != "POST" and audit.stage != Stage.NOMINATING:
        messages.error(request, domain.CLOSED)
        return redirect("case-list", audit.pk)
    form = NominationForm(request.POST or None, audit=audit, user=request.user)
    if form.is_valid():
        with refused_in(form):
            domain.nominate(audit=audit, by=request.user, **form.cleaned_data)
            said = "The case is nominated. The officer decides whether it is taken."
            messages.success(request, said)
            return redirect("case-list", audit.pk)
    context = {
        "form": form,
        "title": "Nominate a case",
        "caption": audit.title,
        "submit_label": "Nominate the case",
        "back_url": reverse("case-list", args=[audit.pk]),
        "back_label": "Cases",
    }
    return render(request, "audits/form_page.html", context)


@require_POST
def nomination_select(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    form = SelectForm(request.POST, audit=audit)
    if not form.is_valid():
        messages.error(request, str(form.errors["nominations"][0]))
        return redirect("case-list", audit.pk)
    try:
        cases = select_nominations(
            audit=audit, by=request.user, nominations=form.cleaned_data["nominations"]
        )
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Selected: {', '.join(str(case) for case in cases)}.")
    return redirect("case-list", audit.pk)


def nomination_decline(
    request: SignedInRequest, audit_id: UUID, nomination_id: UUID
) -> HttpResponse:
    nominations = Nomination.objects.visible_to(request.user).select_related("audit")
    nomination = get_object_or_404(nominations, pk=nomination_id, audit=audit_id)
    audit = nomination.audit
    require(request.user, Permission.RUN_AUDIT, audit.partnership_id)
    about = About(request.user, audit)
    form = ReasonForm(request.POST or None, label="Why it is declined", about=about)
    if form.is_valid():
        with refused_in(form):
            domain.decline_nomination(
                nomination=nomination, by=request.user, reason=form.cleaned_data["reason"]
            )
            messages.success(request, "The nomination is declined.")
            return redirect("case-list", audit.pk)
    context = {
        "form": form,
        "title": "Decline this nomination?",
        "caption": audit.title,
        "lead": nomination.reason,
        "confirm_label": "Decline it",
        "consequences": [f"{nomination.by} can read your reason."],
        "cancel_url": reverse("case-list", args=[audit.pk]),
    }
    return render(request, "components/confirm.html", context)
