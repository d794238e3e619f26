"""The contributors an agency co-ordinates: whom it asked about which cases, and who replied."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.access import SignedInRequest
from audits.domain import contributor_requests
from audits.domain.drafts import ReturnClosedError
from audits.forms.contributor_request import AskForm, RecordForm
from audits.reading.agency_returns import AgencyReturnPage
from audits.reading.contributors import request_rows
from audits.views.agency_return import find, require_lead
from audits.views.closed import CLOSED


def _page(request: SignedInRequest, return_id: UUID) -> AgencyReturnPage:
    page = AgencyReturnPage(find(request.user, return_id), request.user)
    if page.contributors is None:
        raise Http404
    return page


@require_http_methods(["GET", "POST"])
def contributor_request_list(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    page = _page(request, return_id)
    form = RecordForm(request.POST or None, agency_return=page.agency_return)
    if request.method == "POST":
        require_lead(page.agency_return, request.user)
        if not page.may_lead:
            messages.error(request, CLOSED)
            return redirect("contributor-request-list", return_id)
        if form.is_valid():
            return _record(request, page, form)
    context = {
        "page": page,
        "form": form,
        "rows": request_rows(page.agency_return),
        "ticked": request.POST.getlist("requests"),
    }
    return render(request, "audits/contributor_request_list.html", context)


def _record(request: SignedInRequest, page: AgencyReturnPage, form: RecordForm) -> HttpResponse:
    try:
        number = contributor_requests.record(
            page.agency_return, by=request.user, **form.cleaned_data
        )
    except ReturnClosedError:
        messages.error(request, CLOSED)
    else:
        messages.success(request, f"Recorded for {number} request{'' if number == 1 else 's'}.")
    return redirect("contributor-request-list", page.agency_return.pk)


@require_http_methods(["GET", "POST"])
def contributor_request_create(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    page = _page(request, return_id)
    require_lead(page.agency_return, request.user)
    rows = [row.case_return for row in page.cases]
    form = AskForm(request.POST or None, agency_return=page.agency_return, case_returns=rows)
    if request.method == "POST" and form.is_valid():
        return _ask(request, page, form)
    context = {"page": page, "form": form}
    return render(request, "audits/contributor_request_create.html", context)


def _ask(request: SignedInRequest, page: AgencyReturnPage, form: AskForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        number = contributor_requests.ask(
            page.agency_return,
            by=request.user,
            contributors=said["contributors"],
            new_names=said["new_names"],
            case_returns=form.chosen_cases(),
            asked_on=said["asked_on"],
        )
    except ReturnClosedError:
        messages.error(request, CLOSED)
    else:
        messages.success(request, f"{number} new request{'' if number == 1 else 's'} written down.")
    return redirect("contributor-request-list", page.agency_return.pk)
