from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest, require, require_anywhere
from agencies.domain import partners
from agencies.forms.partners import AgencyForm
from agencies.models import Agency, Body, Contributor
from agencies.roles import Permission


def find(request: SignedInRequest, agency_id: UUID) -> Agency:
    agencies = Agency.objects.visible_to(request.user).select_related("partnership")
    agency = get_object_or_404(agencies, pk=agency_id)
    require(request.user, Permission.MANAGE_AGENCIES, agency.partnership_id)
    return agency


def agency_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_AGENCIES)
    agencies = Agency.objects.visible_to(request.user).filter(partnership=partnership)
    bodies = Body.objects.visible_to(request.user).filter(partnership=partnership)
    context = {"agencies": agencies.with_people_and_contributors(), "bodies": bodies}
    return render(request, "agencies/agency_list.html", context)


def agency_detail(request: SignedInRequest, agency_id: UUID) -> HttpResponse:
    agency = find(request, agency_id)
    context = {
        "agency": agency,
        "contributors": Contributor.objects.visible_to(request.user).filter(agency=agency),
        "memberships": agency.memberships.unfinished().select_related("user"),
        "manages_people": request.user.may(Permission.MANAGE_PEOPLE, agency.partnership_id),
    }
    return render(request, "agencies/agency_detail.html", context)


def agency_create(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_AGENCIES)
    form = AgencyForm(request.POST or None, partnership=partnership)
    if form.is_valid():
        agency = partners.add_agency(
            partnership=partnership, by=request.user, fields=form.cleaned_data
        )
        messages.success(request, f"{agency} was added. Next, invite the people who lead it.")
        return redirect("agency-detail", agency.pk)
    context = {
        "form": form,
        "title": "Add an agency",
        "lead": "A partner that can be asked to audit its own work.",
        "submit_label": "Add agency",
        "cancel_url": reverse("agency-list"),
    }
    return render(request, "agencies/form_page.html", context)


def agency_update(request: SignedInRequest, agency_id: UUID) -> HttpResponse:
    agency = find(request, agency_id)
    form = AgencyForm(request.POST or None, partnership=agency.partnership, row=agency)
    if form.is_valid():
        partners.change_agency(agency=agency, by=request.user, fields=form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("agency-detail", agency.pk)
    context = {
        "form": form,
        "title": "Change an agency",
        "caption": agency.name,
        "cancel_url": reverse("agency-detail", args=[agency.pk]),
    }
    return render(request, "agencies/form_page.html", context)


def agency_close(request: SignedInRequest, agency_id: UUID) -> HttpResponse:
    """Close, or open again what is closed."""
    agency = find(request, agency_id)
    if request.method == "POST":
        partners.set_agency_active(agency=agency, by=request.user, active=not agency.active)
        said = "can be asked again" if agency.active else "was closed"
        messages.success(request, f"{agency} {said}.")
        return redirect("agency-detail", agency.pk)
    context = {"agency": agency, "cancel_url": reverse("agency-detail", args=[agency.pk])}
    return render(request, "agencies/agency_close.html", context | _words(agency))


def _words(agency: Agency) -> dict[str, object]:
    if not agency.active:
        return {
            "title": f"Open {agency.short_name} again?",
            "consequences": ["New audits offer it again.", "People can be given roles in it."],
            "confirm_label": "Open it again",
        }
    return {
        "title": f"Close {agency.short_name}?",
        "consequences": [
            "New audits no longer offer it, and nobody new can be given a role in it.",
            "Audits under way still expect its return: excuse it there if none will come.",
            "What it returned stays, and its people keep reading what they may read today.",
            "It can be opened again at any time.",
        ],
        "confirm_label": "Close agency",
        "danger": True,
    }
