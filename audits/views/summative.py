"""The summative report: an agency's overview, points without a case, and what it will put right."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.access import SignedInRequest
from audits.domain import returns
from audits.domain.drafts import Basis, Conflict, ConflictError, ReturnClosedError
from audits.domain.room import NoRoomError
from audits.forms.agency_return import SummativeSheet
from audits.forms.conflicts import TAKE, choices_between
from audits.forms.points import tell_no_room
from audits.models import Point
from audits.reading.agency_returns import AgencyReturnPage
from audits.views.agency_return import find, require_lead
from audits.views.closed import say_closed
from audits.views.tending import POINT_ACTIONS, Place, as_uuid, can_come_back, tend


@require_http_methods(["GET", "POST"])
def summative_edit(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    page = AgencyReturnPage(find(request.user, return_id), request.user)
    if request.method == "POST":
        require_lead(page.agency_return, request.user)
        return _save(request, page)
    if not page.may_lead:
        return redirect("agency-return-detail", return_id)
    return _form(request, page, SummativeSheet(page))


def _form(
    request: HttpRequest,
    page: AgencyReturnPage,
    sheet: SummativeSheet,
    conflicts: list[Conflict] | None = None,
    basis: Basis | None = None,
) -> HttpResponse:
    sheet.give_back(shown=[each.key for each in conflicts or [] if each.gone])
    context = {
        "page": page,
        "sheet": sheet,
        "forms": sheet.forms,
        "conflicts": choices_between(conflicts or [], sheet.field_for),
        "basis": basis or sheet.texts_basis,
        **can_come_back(request),
    }
    return render(request, "audits/summative_edit.html", context)


def _save(request: SignedInRequest, page: AgencyReturnPage) -> HttpResponse:
    sheet = SummativeSheet(page, request.POST)
    if not sheet.is_valid():
        return _form(request, page, sheet, basis=sheet.overview.cleaned_data.get("basis"))
    try:
        returns.save_summative(
            page.agency_return,
            by=request.user,
            draft=sheet.draft(),
            basis=sheet.basis,
            give_way=request.POST.getlist(TAKE),
        )
    except ConflictError as error:
        basis = sheet.basis.updated(sheet.texts, [each.key for each in error.conflicts])
        return _form(request, page, sheet, error.conflicts, basis)
    except NoRoomError as full:
        tell_no_room(full, sheet.points, sheet.field_for)
        return _form(request, page, sheet, basis=sheet.basis)
    except ReturnClosedError:
        say_closed(request)
        return _form(request, page, sheet, basis=sheet.basis)
    return _go_on(request, page)


def _go_on(request: SignedInRequest, page: AgencyReturnPage) -> HttpResponse:
    do, _, rest = request.POST.get("do", "stay").partition(":")
    url = reverse("summative-edit", args=[page.agency_return.pk])
    if do == "add":
        return redirect(f"{url}#points-{rest.strip(':')}")
    if do == "point":
        seen = Point.objects.visible_to(request.user).filter(agency_return=page.agency_return)
        point = get_object_or_404(seen, pk=as_uuid(rest.partition(":")[0]))
        return redirect("point-update", page.agency_return.pk, point.pk)
    if do in POINT_ACTIONS:
        done = tend(request.user, Place(page.agency_return.pk, None), do, rest)
        done.tell(request)
        if done.removed:
            return redirect(f"{url}?removed={done.removed}#removed")
        return redirect(url if do == "undo" else f"{url}#points-{rest.split(':')[-1]}")
    messages.success(request, "The summative report is saved.")
    if do == "done":
        return redirect("agency-return-detail", page.agency_return.pk)
    return redirect(url)
