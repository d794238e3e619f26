"""The contributors an agency co-ordinates: whom it asked about which cases, and who replied."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agencies.access import SignedInRequest
from agencies.middleware import words_to_give_back
from agencies.models import Contributor
from audits.domain import contributor_requests
from audits.domain.contributor_requests import Chosen
from audits.domain.drafts import ReturnClosedError
from audits.forms.contributor_request import AskForm, CasesForm, RecordForm
from audits.reading.agency_returns import AgencyReturnPage
from audits.reading.contributors import ContributorsPage, request_rows
from audits.views.agency_return import find, require_lead
from audits.views.closed import CLOSED, refused_in, say_closed


def coordinating(request: SignedInRequest, return_id: UUID) -> AgencyReturnPage:
    """The return of an agency that co-ordinates others; for every other there is no such page."""
    page = AgencyReturnPage(find(request.user, return_id), request.user)
    if not page.agency_return.agency.coordinates_contributors:
        raise Http404
    if not page.is_inside:
        raise PermissionDenied
    return page


@require_GET
def contributor_request_list(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    page = coordinating(request, return_id)
    whole = ContributorsPage(page.agency_return)
    context = {"page": page, "whole": whole}
    return render(request, "audits/contributor_request_list.html", context)


@require_http_methods(["GET", "POST"])
def contributor_request_create(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    page = coordinating(request, return_id)
    require_lead(page.agency_return, request.user)
    rows = [row.case_return for row in page.cases]
    form = AskForm(request.POST or None, agency_return=page.agency_return, case_returns=rows)
    if request.method == "POST" and form.is_valid() and _ask(request, page, form):
        return redirect("contributor-request-list", page.agency_return.pk)
    context = {"page": page, "whole": ContributorsPage(page.agency_return), "form": form}
    return render(request, "audits/contributor_request_create.html", context)


def _ask(request: SignedInRequest, page: AgencyReturnPage, form: AskForm) -> bool:
    """Whether they were written down; what keeps them from it is told, and the paste stays."""
    with refused_in(form):
        try:
            number = contributor_requests.ask(
                page.agency_return,
                by=request.user,
                contributors=form.chosen_contributors,
                case_returns=form.chosen_cases,
                wanted=form.wanted,
                asked_on=form.cleaned_data["asked_on"],
            )
        except ReturnClosedError:
            say_closed(request)
            return False
        messages.success(request, f"{number} new request{'' if number == 1 else 's'} written down.")
        return True
    return False


@require_http_methods(["GET", "POST"])
def contributor_request_detail(
    request: SignedInRequest, return_id: UUID, contributor_id: UUID
) -> HttpResponse:
    """One contributor: its cases, its link, and what it said in another way."""
    page = coordinating(request, return_id)
    contributor = contributor_of(page, contributor_id)
    rows = request_rows(page.agency_return, contributor)
    do = request.POST.get("do", "record") if request.method == "POST" else ""
    if do:
        require_lead(page.agency_return, request.user)
    cases = CasesForm(
        request.POST if do == "cases" else None,
        case_returns=[row.case_return for row in page.cases],
        requests=rows,
    )
    takes_replies = bool(rows) and page.may_lead
    form = RecordForm(
        request.POST if do == "record" and takes_replies else None,
        agency_return=page.agency_return,
        contributor=contributor,
    )
    if do == "cases" and cases.is_valid():
        return _choose(request, page, contributor, cases)
    if do == "record" and form.is_valid() and _record(request, page, form):
        return redirect("contributor-request-detail", return_id, contributor.pk)
    if do == "record" and not page.may_lead:
        say_closed(request)
    context = {
        "page": page,
        "contributor": contributor,
        "link": ContributorsPage(page.agency_return).links.get(contributor.pk),
        "rows": rows,
        "cases": cases,
        "form": form,
        "forms": [cases],
        "ticked": request.POST.getlist("requests"),
        "words": [] if takes_replies else words_to_give_back(request),
    }
    return render(request, "audits/contributor_request_detail.html", context)


def contributor_of(page: AgencyReturnPage, contributor_id: UUID) -> Contributor:
    """One on the list of the agency whose return this is, which the person may read."""
    return get_object_or_404(page.agency_return.agency.contributors, pk=contributor_id)


def _choose(
    request: SignedInRequest, page: AgencyReturnPage, contributor: Contributor, form: CasesForm
) -> HttpResponse:
    try:
        chosen = contributor_requests.choose_cases(
            page.agency_return,
            by=request.user,
            contributor=contributor,
            case_returns=form.chosen(),
            asked_on=timezone.localdate(),
        )
    except ReturnClosedError:
        messages.error(request, CLOSED)
    else:
        messages.success(request, _said(chosen))
    return redirect("contributor-request-detail", page.agency_return.pk, contributor.pk)


def _said(chosen: Chosen) -> str:
    words = f"Saved: {chosen.added} added, {chosen.taken_back} taken back."
    if chosen.kept:
        words += f" {chosen.kept} stay, because something was answered about them."
    return words


def _record(request: SignedInRequest, page: AgencyReturnPage, form: RecordForm) -> bool:
    try:
        number = contributor_requests.record(
            page.agency_return, by=request.user, **form.cleaned_data
        )
    except ReturnClosedError:
        say_closed(request)
        return False
    messages.success(request, f"Recorded for {number} case{'' if number == 1 else 's'}.")
    return True
