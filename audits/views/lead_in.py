from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.roles import Permission
from audits.domain import arrangement as domain
from audits.domain.places import Place
from audits.forms.finding import LeadInForm, NewLeadInForm
from audits.models import Audit, GapHeading, LeadIn
from audits.views.reach import attempt, attempt_form, audit_to_write


def _lead_in(audit: Audit, lead_in_id: int) -> LeadIn:
    return get_object_or_404(audit.lead_ins.select_related("audit"), pk=lead_in_id)


def _heading(audit: Audit, place: Place) -> GapHeading | None:
    return audit.gap_headings.get(pk=place.heading_id) if place.heading_id else None


def _page(
    request: SignedInRequest, audit: Audit, form: LeadInForm, title: str, delete_url: str = ""
) -> HttpResponse:
    context = {
        "audit": audit,
        "form": form,
        "title": title,
        "delete_url": delete_url,
        "cancel_url": reverse("finding-list", args=[audit.pk]),
    }
    return render(request, "audits/small_form.html", context)


def lead_in_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    form = NewLeadInForm(
        request.POST or None, audit=audit, initial={"place": request.GET.get("place", "")}
    )
    if form.is_valid():
        place = Place.parse(form.cleaned_data["place"])
        heading = _heading(audit, place)
        if attempt_form(
            form,
            lambda: domain.add_lead_in(
                audit=audit,
                section=place.section,
                heading=heading,
                text=form.cleaned_data["text"],
                by=request.user,
            ),
        ):
            messages.success(request, "The lead-in is saved. Now place findings under it.")
            return redirect("finding-list", audit_id=audit.pk)
    return _page(request, audit, form, "Write a lead-in")


def lead_in_update(request: SignedInRequest, audit_id: UUID, lead_in_id: int) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    lead_in = _lead_in(audit, lead_in_id)
    form = LeadInForm(
        request.POST or None, initial={"text": lead_in.text, "revision": lead_in.revision}
    )
    if form.is_valid() and attempt_form(
        form,
        lambda: domain.revise_lead_in(lead_in=lead_in, by=request.user, **form.cleaned_data),
        "text",
    ):
        messages.success(request, "The lead-in is saved.")
        return redirect("finding-list", audit_id=audit.pk)
    delete_url = reverse("lead-in-delete", args=[audit.pk, lead_in.pk])
    return _page(request, audit, form, "Edit a lead-in", delete_url)


@require_POST
def lead_in_move(request: SignedInRequest, audit_id: UUID, lead_in_id: int) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    lead_in = _lead_in(audit, lead_in_id)
    up = request.POST.get("do") == "up"
    attempt(request, lambda: domain.move(entry=lead_in, up=up, by=request.user))
    return redirect(reverse("finding-list", args=[audit.pk]) + f"#lead-in-{lead_in.pk}")


def lead_in_delete(request: SignedInRequest, audit_id: UUID, lead_in_id: int) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    lead_in = _lead_in(audit, lead_in_id)
    if request.method == "POST":
        if attempt(request, lambda: domain.remove_lead_in(lead_in=lead_in, by=request.user)):
            messages.success(request, "The lead-in is removed.")
        return redirect("finding-list", audit_id=audit.pk)
    context = {
        "title": "Remove this lead-in?",
        "caption": audit.title,
        "lead": lead_in.text,
        "consequences": ["The findings under it stay, in its place."],
        "confirm_label": "Remove the lead-in",
        "danger": True,
        "cancel_url": reverse("finding-list", args=[audit.pk]),
    }
    return render(request, "components/confirm.html", context)
