"""Case returns on paper: a workbook to fill in offline, and the way back."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.access import SignedInRequest
from agencies.downloads import hands_out_files, workbook_response
from agencies.forms import typed
from audits.domain.drafts import ConflictError, ReturnClosedError
from audits.domain.leading import may_fill
from audits.domain.removal import PointAdoptedError
from audits.domain.room import NoRoomError
from audits.models import AgencyReturn, CaseReturn, ReturnStage
from audits.screening.numbers import as_typed
from reports.domain import workbooks
from reports.forms.workbook import TakeOverForm, UploadForm
from reports.reading.workbook import case_returns_of, content_of, returns_for
from reports.reading.workbook_page import WorkbookPage
from reports.spreadsheets.differences import Differences, sealed

CLOSED = "Nothing was taken over: the return or one of its cases was handed in meanwhile."
ADOPTED = "Nothing was taken over: the meeting has adopted a point that you chose to remove."


def _reach(request: SignedInRequest, return_id: UUID) -> AgencyReturn:
    """A return whose cases this person fills in: who only reads it is refused."""
    agency_return = get_object_or_404(returns_for(request.user), pk=return_id)
    if not may_fill(agency_return, request.user):
        raise PermissionDenied
    return agency_return


@require_http_methods(["GET", "POST"])
def workbook_detail(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    page = WorkbookPage(_reach(request, return_id), request.user)
    if request.method != "POST":
        form = UploadForm(agency_return=page.agency_return, by=request.user)
        return _detail(request, page, form)
    if page.agency_return.stage != ReturnStage.OPEN:
        messages.error(request, page.why_closed)
        return redirect("workbook-detail", return_id)
    form = UploadForm(
        request.POST, request.FILES, agency_return=page.agency_return, by=request.user
    )
    if not form.is_valid():
        return _detail(request, page, form)
    if not form.found.cases:
        messages.success(request, "Everything in this workbook is here already.")
        return redirect("workbook-detail", return_id)
    return _review(request, page.agency_return, form.found, form.sealed, form.result.missing)


def _detail(request: SignedInRequest, page: WorkbookPage, form: UploadForm) -> HttpResponse:
    return render(request, "reports/workbook_detail.html", {"page": page, "form": form})


def _review(
    request: SignedInRequest,
    agency_return: AgencyReturn,
    found: Differences,
    offer: str,
    missing: Sequence[str] = (),
) -> HttpResponse:
    form = TakeOverForm(
        initial={"offer": offer, "shown": found.fingerprint},
        agency_return=agency_return,
        by=request.user,
    )
    context = {
        "agency_return": agency_return,
        "caption": f"{agency_return.agency} · {agency_return.audit}",
        "found": found,
        "form": form,
        "missing": missing,
    }
    return render(request, "reports/workbook_take_over.html", context)


@require_POST
def workbook_take_over(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    agency_return = _reach(request, return_id)
    form = TakeOverForm(request.POST, agency_return=agency_return, by=request.user)
    if not form.is_valid():
        messages.error(request, "The differences are no longer known. Upload the workbook again.")
        return redirect("workbook-detail", return_id)
    offers = form.cleaned_data["offers"]
    try:
        done = workbooks.take_over(
            agency_return,
            by=request.user,
            offers=offers,
            shown=form.cleaned_data["shown"],
            mine=form.mine,
            emptied=form.emptied,
            complete=form.cleaned_data["complete"],
        )
    except (workbooks.DifferentByNowError, ConflictError):
        messages.warning(
            request, "Somebody saved meanwhile, so nothing was taken over yet. Look again."
        )
        found = workbooks.present_differences(agency_return, offers)
        offer = sealed(offers, whose=agency_return.pk, by=request.user)
        return _review(request, agency_return, found, offer)
    except (ReturnClosedError, PointAdoptedError) as error:
        messages.error(request, CLOSED if isinstance(error, ReturnClosedError) else ADOPTED)
        return redirect("workbook-detail", return_id)
    except NoRoomError as full:
        messages.error(request, f"Nothing was taken over. {full}")
        return redirect("workbook-detail", return_id)
    messages.success(request, str(done))
    for words in (words for offer in offers for words in offer.said.values()):
        typed.note(as_typed(words))
    return redirect("agency-return-detail", return_id)


@require_safe
@hands_out_files
def workbook_download(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    """Several cases at once: one's own, those still to fill in, or all."""
    page = WorkbookPage(_reach(request, return_id), request.user)
    rows = page.chosen(request.GET.get("cases", ""))
    if not rows:
        messages.info(request, "There are no such cases to download.")
        return redirect("workbook-detail", return_id)
    workbooks.record_download(page.agency_return, by=request.user)
    return _file(page.agency_return, rows)


@require_safe
@hands_out_files
def case_return_download(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID
) -> HttpResponse:
    agency_return = _reach(request, return_id)
    row = get_object_or_404(case_returns_of(agency_return), pk=case_return_id)
    workbooks.record_download(agency_return, by=request.user, case=row)
    return _file(agency_return, [row])


def _file(agency_return: AgencyReturn, rows: Sequence[CaseReturn]) -> HttpResponse:
    # Brings openpyxl with it, which a web process need not carry that writes no workbook.
    from reports.spreadsheets.writing import workbook_of

    which = f"case-{rows[0].case.number}" if len(rows) == 1 else f"{len(rows)}-cases"
    name = slugify(f"{agency_return.audit.code} {agency_return.agency.short_name} {which}")
    return workbook_response(workbook_of(content_of(agency_return, rows)), name)
