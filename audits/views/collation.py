"""One case as the contributors saw it, and what the agency takes into its own return."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.access import SignedInRequest
from audits.domain import case_returns, collating
from audits.domain.drafts import Basis, Conflict, ConflictError, ReturnClosedError
from audits.domain.removal import PointAdoptedError
from audits.domain.room import NoRoomError
from audits.forms.collation import CollationSheet
from audits.forms.conflicts import TAKE, choices_between
from audits.models import CaseReturn
from audits.reading.case_returns import CaseReturnPage, case_returns_for
from audits.reading.collation import CollationPage
from audits.views.case_return import require_filling
from audits.views.closed import CLOSED, say_closed
from audits.views.tending import as_uuid


def _page(request: SignedInRequest, return_id: UUID, case_return_id: UUID) -> CollationPage:
    case_return = get_object_or_404(
        case_returns_for(request.user), pk=case_return_id, agency_return=return_id
    )
    if not case_return.agency.coordinates_contributors:
        raise Http404
    page = CaseReturnPage(case_return, request.user)
    if not page.is_inside:
        raise PermissionDenied
    return CollationPage(page)


@require_http_methods(["GET", "POST"])
def collation_edit(request: SignedInRequest, return_id: UUID, case_return_id: UUID) -> HttpResponse:
    page = _page(request, return_id, case_return_id)
    if request.method != "POST":
        return _show(request, page, CollationSheet(page))
    require_filling(page.case_page)
    do, _, rest = request.POST.get("do", "save").partition(":")
    try:
        if do == "save":
            return _save(request, page)
        _tend(request, page, do, rest)
    except ReturnClosedError:
        messages.error(request, CLOSED)
    except NoRoomError as full:
        messages.error(request, str(full))
    return redirect(_url(page, "points"))


def _url(page: CollationPage, anchor: str = "") -> str:
    row = page.case_return
    return reverse("collation-edit", args=[row.agency_return_id, row.pk], fragment=anchor or None)


def _show(
    request: SignedInRequest,
    page: CollationPage,
    sheet: CollationSheet,
    conflicts: list[Conflict] | None = None,
    basis: Basis | None = None,
) -> HttpResponse:
    may_fill = page.case_page.may_fill and not page.case_return.is_finished
    context = {
        "page": page,
        "sheet": sheet,
        "forms": sheet.forms,
        "may_fill": may_fill,
        "shows_words": may_fill or sheet.own.is_bound,
        "conflicts": choices_between(conflicts or [], sheet.field_for),
        "basis": basis or sheet.fresh_basis,
    }
    return render(request, "audits/collation_edit.html", context)


def _save(request: SignedInRequest, page: CollationPage) -> HttpResponse:
    sheet = CollationSheet(page, request.POST)
    if not sheet.is_valid():
        return _show(request, page, sheet, basis=sheet.own.cleaned_data.get("basis"))
    try:
        case_returns.save_draft(
            page.case_return,
            by=request.user,
            draft=sheet.draft(),
            basis=sheet.basis,
            give_way=request.POST.getlist(TAKE),
        )
    except ConflictError as error:
        basis = sheet.basis.updated(sheet.texts, [each.key for each in error.conflicts])
        return _show(request, page, sheet, error.conflicts, basis)
    except ReturnClosedError:
        say_closed(request)
        return _show(request, page, sheet, basis=sheet.basis)
    messages.success(request, f"Saved as your agency’s own answers about {page.case_return.case}.")
    return redirect(_url(page))


def _tend(request: SignedInRequest, page: CollationPage, do: str, rest: str) -> None:
    """Takes points over, one or all, or puts one back."""
    row = page.case_return
    one = as_uuid(rest)
    if do == "undo" and one is not None:
        _put_back(request, row, one)
    elif do == "take-all" or one is not None:
        number = len(collating.take_over(row, by=request.user, chosen=[one] if one else None))
        plural = "" if number == 1 else "s"
        if number:
            messages.success(request, f"{number} point{plural} taken into your return.")


def _put_back(request: SignedInRequest, row: CaseReturn, point_id: UUID) -> None:
    try:
        done = collating.put_back(row, by=request.user, point_id=point_id)
    except PointAdoptedError:
        messages.error(request, "The meeting has adopted this point, so it has to stay.")
    else:
        if done:
            messages.success(request, "Put back. It is no longer a point of your return.")
