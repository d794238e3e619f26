"""The contributors an agency co-ordinates: its lead keeps the list, or whoever manages agencies."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agencies.access import SignedInRequest
from agencies.domain import contributors
from agencies.domain.contributors import Change
from agencies.domain.refusal import RefusedError
from agencies.downloads import hands_out_files, workbook_response
from agencies.forms.contributor import (
    ContributorForm,
    ContributorLinesForm,
    ContributorSheetForm,
)
from agencies.models import Agency, Contributor
from agencies.roles import Permission


def _find(request: SignedInRequest, agency_id: UUID) -> Agency:
    agencies = Agency.objects.visible_to(request.user).select_related("partnership")
    agency = get_object_or_404(agencies, pk=agency_id)
    if not contributors.may_list(agency, request.user):
        raise PermissionDenied
    if not agency.coordinates_contributors:
        raise Http404
    return agency


@require_GET
def contributor_list(request: SignedInRequest, agency_id: UUID) -> HttpResponse:
    agency = _find(request, agency_id)
    rows = Contributor.objects.visible_to(request.user).filter(agency=agency)
    manages = request.user.may(Permission.MANAGE_AGENCIES, agency.partnership_id)
    context = {"agency": agency, "rows": rows, "manages_agencies": manages}
    return render(request, "agencies/contributor_list.html", context)


@require_http_methods(["GET", "POST"])
def contributor_create(request: SignedInRequest, agency_id: UUID) -> HttpResponse:
    """What was pasted or uploaded is shown first, with what it would change; then it is saved."""
    agency = _find(request, agency_id)
    do = request.POST.get("do", "save") if request.method == "POST" else ""
    typed = request.POST if do in ("save", "look") else None
    lines = ContributorLinesForm(typed, agency=agency)
    sent = [request.POST, request.FILES] if do == "upload" else [None, None]
    sheet = ContributorSheetForm(*sent, agency=agency)
    if do == "upload" and sheet.is_valid():
        return _preview(request, agency, sheet.cleaned_data["sheet"])
    if do == "look" and lines.is_valid():
        return _preview(request, agency, lines.cleaned_data["rows"])
    if do == "save" and lines.is_valid():
        rows = lines.cleaned_data["rows"]
        try:
            done = contributors.take_over_list(agency=agency, by=request.user, rows=rows)
        except RefusedError as refusal:
            lines.add_error("rows", str(refusal))
        else:
            messages.success(request, _said(agency, [each.change for each in done]))
            return redirect("contributor-list", agency.pk)
    context = {"agency": agency, "form": lines, "sheet": sheet, "forms": [sheet]}
    return render(request, "agencies/contributor_create.html", context)


def _preview(request: SignedInRequest, agency: Agency, rows: list[tuple[str, str]]) -> HttpResponse:
    found = contributors.differences(agency, rows)
    context = {
        "agency": agency,
        "rows": found,
        "changes": [each for each in found if each.change != Change.SAME],
        "text": "\n".join(f"{name}\t{email}" if email else name for name, email in rows),
    }
    return render(request, "agencies/contributor_preview.html", context)


def _said(agency: Agency, changes: list[Change]) -> str:
    added = changes.count(Change.ADDED)
    other = len(changes) - added
    noun = agency.contributor_noun if added == 1 else agency.contributor_noun_plural
    said = f"Added {added} {noun}."
    return f"{said} Changed {other}." if other else said


@require_http_methods(["GET", "POST"])
def contributor_update(request: SignedInRequest, contributor_id: UUID) -> HttpResponse:
    rows = Contributor.objects.visible_to(request.user).select_related("agency")
    contributor = get_object_or_404(rows, pk=contributor_id)
    if not contributors.may_list(contributor.agency, request.user):
        raise PermissionDenied
    form = ContributorForm(request.POST or None, row=contributor)
    if form.is_valid():
        contributors.change_contributor(
            contributor=contributor, by=request.user, fields=form.cleaned_data
        )
        messages.success(request, "Saved.")
        return redirect("contributor-list", contributor.agency_id)
    context = {
        "form": form,
        "title": f"Change a {contributor.agency.contributor_noun or 'contributor'}",
        "caption": contributor.name,
        "cancel_url": reverse("contributor-list", args=[contributor.agency_id]),
    }
    return render(request, "agencies/form_page.html", context)


@require_GET
@hands_out_files
def contributor_sheet(request: SignedInRequest, agency_id: UUID) -> HttpResponse:
    """The list as a workbook, to be changed and sent back; blank where it is empty."""
    # Brings openpyxl with it, which a web process need not carry that writes no workbook.
    from agencies.contributor_sheet import sheet_of

    agency = _find(request, agency_id)
    rows = Contributor.objects.visible_to(request.user).filter(agency=agency)
    contributors.record_download(agency, by=request.user)
    return workbook_response(sheet_of(rows), "contributors")
