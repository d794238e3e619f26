"""Words that may say who somebody is: what was found, and what people decided about it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agencies.access import SignedInRequest, require
from agencies.roles import Permission
from audits.domain import screened
from audits.domain.clearing import clear
from audits.domain.leading import may_fill
from audits.domain.screened import Scope, ScreeningDownError
from audits.domain.screened_texts import return_passages
from audits.forms.screening import ClearForm, ConfirmForm
from audits.models import AgencyReturn
from audits.reading.screening import ScreeningPage
from audits.views.agency_return import find

TEMPLATE = "audits/screening.html"
LEAD = "These may say who somebody is. Reword each where it stands, or say what it is."


def require_writer(agency_return: AgencyReturn, request: SignedInRequest) -> None:
    if not may_fill(agency_return, request.user):
        audit = agency_return.audit
        require(
            request.user, Permission.ANSWER_RETURN, audit.partnership_id, agency_return.agency_id
        )


@require_http_methods(["GET", "POST"])
def return_screening(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    """Everything found in a return: what is undecided keeps it from being signed off."""
    row = find(request.user, return_id)
    require_writer(row, request)
    page = ScreeningPage(Scope.of_return(row), return_passages(row), by=request.user)
    context = {
        "caption": f"{row.agency} · {row.audit}",
        "audit": row.audit,
        "back": reverse("agency-return-detail", args=[row.pk]),
        "back_label": "All cases",
        "what_waits": "signed off",
        "onward": "Back to the return",
    }
    return decide_or_show(request, page, context)


@require_POST
def return_screening_confirm(request: SignedInRequest, return_id: UUID) -> JsonResponse:
    """From the page on which the words were written; it is told nothing but that it is kept."""
    row = find(request.user, return_id)
    require_writer(row, request)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"kept": False})
    screened.decide(Scope.of_return(row), by=request.user, **form.cleaned_data)
    return JsonResponse({"kept": True})


def decide_or_show(
    request: SignedInRequest,
    page: ScreeningPage,
    context: Mapping[str, Any],
) -> HttpResponse:
    """The page with a form of its open lines, or what was decided on it kept."""
    try:
        lines = page.open
    except ScreeningDownError as fault:
        return render(request, TEMPLATE, {**context, "down": str(fault)}, status=503)
    form = ClearForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST" and form.is_valid():
        made = clear(page.scope, form.clearings(), by=request.user)
        messages.success(request, _done(made, len(lines) - made))
        return redirect(request.path)
    return render(
        request, TEMPLATE, {**context, "page": page, "form": form, "lead": LEAD if lines else ""}
    )


def _done(made: int, left: int) -> str:
    if not made:
        return "Nothing was chosen, so nothing has changed."
    still = f"{left} to go." if left else "Nothing is left to decide."
    return f"{made} {'line' if made == 1 else 'lines'} cleared. {still}"
