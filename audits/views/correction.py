"""Correcting what was signed off, and comparing what it said with what it says."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agencies.access import SignedInRequest, require
from agencies.models import User
from agencies.roles import Permission
from audits.domain import corrections
from audits.domain.clearing import UNHEARD, WordsToClearError
from audits.domain.drafts import Basis, Conflict, ConflictError
from audits.domain.guards import GuardError
from audits.domain.screened import Scope, ScreeningDownError
from audits.forms.conflicts import TAKE, choices_between
from audits.forms.correction import CaseCorrection, SummativeCorrection, words_without_box
from audits.forms.screening import ClearForm
from audits.models import AgencyReturn, CaseReturn, Correction, ReturnStage
from audits.models.seal import may_look
from audits.reading.agency_returns import AgencyReturnPage
from audits.reading.case_returns import CaseReturnPage, case_returns_for
from audits.reading.corrections import CorrectionPage
from audits.reading.screening import ScreeningPage
from audits.views.agency_return import find
from audits.views.closed import COPY_IT

NOTHING_CHANGED = "Nothing was changed, so there is nothing to correct."
WENT_MEANWHILE = (
    "Something you wrote in was taken out while you wrote, so nothing was saved. Its words stand "
    "at the end: put them where they belong now if they matter, and save again."
)
type Sheet = CaseCorrection | SummativeCorrection


def _require(
    agency_return: AgencyReturn, user: User, case_return: CaseReturn | None = None
) -> None:
    if not corrections.may_correct(agency_return, user, case_return):
        require(
            user,
            Permission.LEAD_RETURN,
            agency_return.audit.partnership_id,
            agency_return.agency_id,
        )


@require_http_methods(["GET", "POST"])
def case_return_correct(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID
) -> HttpResponse:
    row = get_object_or_404(
        case_returns_for(request.user), pk=case_return_id, agency_return=return_id
    )
    _require(row.agency_return, request.user, row)
    page = CaseReturnPage(row, request.user)
    back = reverse("case-return-edit", args=[return_id, case_return_id])
    shown = {"page": page, "title": f"Correct {row.case}", "caption": page.caption, "back": back}
    closed = corrections.closed_because(row.agency_return, row)
    if closed and request.method == "GET":
        return _closed(request, shown, closed)
    sheet = CaseCorrection(page, request.POST if request.method == "POST" else None)
    if closed:
        return _too_late(request, "case_return_correct", shown, sheet, closed)
    if request.method == "GET" or not sheet.is_valid():
        return _form(request, "case_return_correct", shown, sheet)
    write = partial(corrections.correct_case_return, row, draft=sheet.draft())
    return _answer(request, "case_return_correct", shown, sheet, write)


@require_http_methods(["GET", "POST"])
def summative_correct(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    row = find(request.user, return_id)
    _require(row, request.user)
    page = AgencyReturnPage(row, request.user)
    back = reverse("agency-return-detail", args=[return_id])
    shown = {
        "page": page,
        "title": "Correct the summative report",
        "caption": page.caption,
        "back": back,
    }
    closed = corrections.closed_because(row)
    if closed and request.method == "GET":
        return _closed(request, shown, closed)
    sheet = SummativeCorrection(page, request.POST if request.method == "POST" else None)
    if closed:
        return _too_late(request, "summative_correct", shown, sheet, closed)
    if request.method == "GET" or not sheet.is_valid():
        return _form(request, "summative_correct", shown, sheet)
    write = partial(corrections.correct_summative, row, draft=sheet.draft())
    return _answer(request, "summative_correct", shown, sheet, write)


def _answer(
    request: SignedInRequest,
    template: str,
    shown: dict[str, Any],
    sheet: Sheet,
    write: Callable[..., Correction | None],
) -> HttpResponse:
    """On to the comparison, or the page again with what stands in the way and nothing lost."""
    row = sheet.agency_return
    if _wrote_in_what_went(request, sheet):
        return _refused(request, template, shown, sheet, GuardError([WENT_MEANWHILE]))
    write = partial(
        write,
        by=request.user,
        reason=sheet.reason.cleaned_data["reason"],
        basis=sheet.basis,
        give_way=request.POST.getlist(TAKE),
    )
    try:
        try:
            correction = write()
        except WordsToClearError as stop:
            page = ScreeningPage(
                Scope.of_return(row),
                stop.passages,
                by=request.user,
                may_look=may_look(request.user, row.audit, row),
            )
            clearing = ClearForm(request.POST, lines=page.open, asks_all=True)
            if not clearing.is_valid():
                return _form(request, template, {**shown, "clearing": clearing}, sheet)
            correction = write(clearings=clearing.clearings())
    except WordsToClearError:
        # Names of which this person has heard enough today stand on no line.
        return _refused(request, template, shown, sheet, GuardError([UNHEARD]))
    except (ConflictError, GuardError) as error:
        return _refused(request, template, shown, sheet, error)
    except ScreeningDownError as fault:
        return _refused(request, template, shown, sheet, GuardError([str(fault)]))
    return _done(request, row.pk, correction, shown["back"])


def _wrote_in_what_went(request: HttpRequest, sheet: Sheet) -> bool:
    """Reasons of lines to clear have no box here either, and are asked for again."""
    went = sheet.basis.marks.keys() - sheet.current_texts.keys()
    homeless = words_without_box(sheet.forms, request.POST)
    return bool(went and set(homeless) - set(ClearForm.reasons_in(request.POST)))


def _closed(request: HttpRequest, shown: dict[str, Any], closed: list[str]) -> HttpResponse:
    return render(request, "audits/correction_closed.html", {**shown, "closed": closed})


def _too_late(
    request: HttpRequest, template: str, shown: dict[str, Any], sheet: Sheet, closed: list[str]
) -> HttpResponse:
    """The words alone, to be copied: nothing of a correction that cannot be made is offered."""
    shown = {**shown, "is_closed": True, "changed_at": _changed_at(sheet, shown["back"])}
    return _refused(request, template, shown, sheet, GuardError([*closed, COPY_IT]))


def _changed_at(sheet: Sheet, back: str) -> str:
    """Where it is changed now that it is open again; empty where it is not."""
    if sheet.agency_return.stage != ReturnStage.OPEN:
        return ""
    if isinstance(sheet, CaseCorrection):
        return back
    return reverse("summative-edit", args=[sheet.agency_return.pk])


def _form(
    request: HttpRequest,
    template: str,
    shown: dict[str, Any],
    sheet: Sheet,
    conflicts: list[Conflict] | None = None,
    basis: Basis | None = None,
) -> HttpResponse:
    clearing = shown.get("clearing")
    asked = [*sheet.forms, clearing] if clearing else sheet.forms
    context = {
        **shown,
        "sheet": sheet,
        "forms": asked,
        "without_box": words_without_box(asked, request.POST),
        "conflicts": choices_between(conflicts or [], sheet.field_for),
        "basis": basis or _basis(request, sheet),
    }
    return render(request, f"audits/{template}.html", context)


def _basis(request: HttpRequest, sheet: Sheet) -> object:
    """What the page was read as stays with it when it comes back with errors."""
    return request.POST.get("basis") or Basis.of(sheet.current_texts)


def _refused(
    request: HttpRequest,
    template: str,
    shown: dict[str, Any],
    sheet: Sheet,
    error: ConflictError | GuardError,
) -> HttpResponse:
    if isinstance(error, GuardError):
        for sentence in error.missing:
            sheet.reason.add_error(None, sentence)
        return _form(request, template, shown, sheet)
    keys = [each.key for each in error.conflicts]
    basis = sheet.basis.updated(sheet.current_texts, keys)
    return _form(request, template, shown, sheet, error.conflicts, basis)


def _done(
    request: HttpRequest, return_id: UUID, correction: Correction | None, back: str
) -> HttpResponse:
    if correction is None:
        messages.info(request, NOTHING_CHANGED)
        return redirect(back)
    messages.success(request, "Corrected. What it said before stays beside it.")
    return redirect("correction-detail", return_id, correction.pk)


@require_GET
def correction_detail(
    request: SignedInRequest, return_id: UUID, correction_id: UUID
) -> HttpResponse:
    correction = get_object_or_404(
        Correction.objects.visible_to(request.user).select_related(
            "by", "agency_return__agency", "agency_return__audit", "case_return__case"
        ),
        pk=correction_id,
        agency_return=return_id,
    )
    context = {"page": CorrectionPage(correction), "correction": correction}
    return render(request, "audits/correction_detail.html", context)
