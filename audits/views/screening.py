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
from audits.domain.clearing import Clearing, clear
from audits.domain.leading import may_fill, may_lead
from audits.domain.screened import Scope, ScreeningDownError
from audits.domain.screened_texts import return_passages
from audits.forms.screening import ClearForm, ConfirmForm
from audits.models import AgencyReturn, ReturnStage
from audits.models.seal import may_look
from audits.reading.screening import ScreeningPage
from audits.views.agency_return import find

TEMPLATE = "audits/screening.html"
CLOSED = "Nothing was decided: this has been handed in or published meanwhile."
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
    page = _page(request, row)
    context = {
        "caption": f"{row.agency} · {row.audit}",
        "audit": row.audit,
        "back": reverse("agency-return-detail", args=[row.pk]),
        "back_label": "All cases",
        "what_waits": "signed off",
        "onward": "Back to the return",
        "answers": may_lead(row, request.user),
        "who_answers": "the agency’s lead or the officer",
        "is_closed": row.stage != ReturnStage.OPEN,
    }
    return decide_or_show(request, page, context)


def _page(request: SignedInRequest, row: AgencyReturn) -> ScreeningPage:
    return ScreeningPage(
        Scope.of_return(row),
        return_passages(row),
        by=request.user,
        may_look=may_look(request.user, row.audit, row),
    )


@require_POST
def return_screening_confirm(request: SignedInRequest, return_id: UUID) -> JsonResponse:
    """From the page on which the words were written; it is told nothing but whether it is kept.

    Nobody decides in advance: the words stand in the return now, and it is open. What is certain
    is decided on the page above.
    """
    row = find(request.user, return_id)
    require_writer(row, request)
    form = ConfirmForm(request.POST)
    if not form.is_valid() or row.stage != ReturnStage.OPEN:
        return JsonResponse({"kept": False})
    said = Clearing(**form.cleaned_data)
    page = _page(request, row)
    try:
        is_there = page.waits(said.rule, said.words)
    except ScreeningDownError:
        is_there = False
    if is_there:
        clear(page.scope, [said], by=request.user)
    return JsonResponse({"kept": is_there})


def decide_or_show(
    request: SignedInRequest,
    page: ScreeningPage,
    context: Mapping[str, Any],
) -> HttpResponse:
    """The page with a form of its open lines, or what was decided on it kept."""
    reasons, is_closed = ClearForm.reasons_in(request.POST), context["is_closed"]
    if request.method == "POST" and is_closed:
        messages.error(request, CLOSED)
        if not reasons:
            return redirect(request.path)
    try:
        lines = [] if is_closed else page.open
        shown = page.shown(request.GET.get("page"), request.POST)
    except ScreeningDownError as fault:
        down = {**context, "down": str(fault), "reasons": reasons}
        return render(request, TEMPLATE, down, status=503)
    sent = request.POST if request.method == "POST" and not is_closed else None
    form = ClearForm(sent, lines=list(shown) if lines else [], answers=context["answers"])
    if sent is not None and form.is_valid():
        made = clear(page.scope, form.clearings(), by=request.user)
        messages.success(request, _done(made, len(lines) - made))
        return redirect(request.get_full_path())
    found = {"page": page, "shown": shown, "form": form, "lead": LEAD if lines else ""}
    if is_closed:
        found["reasons"] = reasons
    return render(request, TEMPLATE, {**context, **found})


def _done(made: int, left: int) -> str:
    if not made:
        return "Nothing was chosen, so nothing has changed."
    still = f"{left} to go." if left else "Nothing is left to decide."
    return f"{made} {'line' if made == 1 else 'lines'} cleared. {still}"
