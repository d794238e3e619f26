"""Beginning the summative report from the points of the case returns."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.access import SignedInRequest
from audits.domain import picking
from audits.domain.drafts import ReturnClosedError
from audits.domain.room import NoRoomError
from audits.forms.picking import KINDS, NarrowForm, PickForm
from audits.reading.picking import PickingPage
from audits.views.agency_return import find, require_lead
from audits.views.closed import CLOSED


@require_http_methods(["GET", "POST"])
def summative_pick(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    agency_return = find(request.user, return_id)
    require_lead(agency_return, request.user)
    page = PickingPage(agency_return, request.GET.dict())
    form = PickForm(request.POST if request.method == "POST" else None, page=page)
    if request.method == "POST" and form.is_valid():
        return _pick(request, page, form)
    context = {
        "page": page,
        "agency_return": agency_return,
        "form": form,
        "chosen": request.POST.getlist("points"),
        "narrow": NarrowForm(request.GET, page=page),
        "caption": f"{agency_return.agency} · {agency_return.audit}",
        "targets": KINDS,
    }
    return render(request, "audits/summative_pick.html", context)


def _pick(request: SignedInRequest, page: PickingPage, form: PickForm) -> HttpResponse:
    kind = form.cleaned_data["to"]
    chosen = [UUID(pk) for pk in form.cleaned_data["points"]]
    try:
        new = picking.pick(page.agency_return, by=request.user, chosen=chosen, kind=kind)
    except ReturnClosedError:
        messages.error(request, CLOSED)
        return redirect("agency-return-detail", page.agency_return.pk)
    except NoRoomError as full:
        messages.error(request, f"Nothing was taken over. {full}")
        return redirect(request.get_full_path())
    number = f"{len(new)} point{'' if len(new) == 1 else 's'}"
    where = dict(KINDS)[kind].lower()
    messages.success(request, f"{number} taken over to “{where}”. Reword them in their boxes.")
    url = reverse("summative-edit", args=[page.agency_return.pk])
    return redirect(f"{url}#points-{kind}")
