from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest, require
from agencies.domain import partners
from agencies.forms.partners import ContributorForm, ContributorLinesForm
from agencies.models import Agency, Contributor
from agencies.roles import Permission
from agencies.views import agency as agencies


def contributor_create(request: SignedInRequest, agency_id: UUID) -> HttpResponse:
    agency = agencies.find(request, agency_id)
    if not agency.coordinates_contributors:
        raise Http404
    form = ContributorLinesForm(request.POST or None)
    if form.is_valid():
        rows = form.cleaned_data["rows"]
        added = partners.add_contributors(agency=agency, by=request.user, rows=rows)
        messages.success(request, _said(agency, len(added), len(rows)))
        return redirect("agency-detail", agency.pk)
    context = {
        "form": form,
        "title": f"Add {agency.contributor_noun_plural}",
        "caption": agency.name,
        "submit_label": f"Add {agency.contributor_noun_plural}",
        "cancel_url": reverse("agency-detail", args=[agency.pk]),
    }
    return render(request, "agencies/form_page.html", context)


def _said(agency: Agency, added: int, given: int) -> str:
    noun = agency.contributor_noun if added == 1 else agency.contributor_noun_plural
    said = f"Added {added} {noun}."
    if given > added:
        said += f" {given - added} of the lines named one the list has already."
    return said


def contributor_update(request: SignedInRequest, contributor_id: UUID) -> HttpResponse:
    contributors = Contributor.objects.visible_to(request.user).select_related("agency")
    contributor = get_object_or_404(contributors, pk=contributor_id)
    require(request.user, Permission.MANAGE_AGENCIES, contributor.agency.partnership_id)
    form = ContributorForm(request.POST or None, row=contributor)
    if form.is_valid():
        partners.change_contributor(
            contributor=contributor, by=request.user, fields=form.cleaned_data
        )
        messages.success(request, "Saved.")
        return redirect("agency-detail", contributor.agency_id)
    context = {
        "form": form,
        "title": f"Change a {contributor.agency.contributor_noun or 'contributor'}",
        "caption": contributor.name,
        "cancel_url": reverse("agency-detail", args=[contributor.agency_id]),
    }
    return render(request, "agencies/form_page.html", context)
