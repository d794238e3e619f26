"""More time for one agency: asked for by its lead, granted or not by the officer."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.access import SignedInRequest
from audits.domain import time_requests
from audits.forms.time_request import GRANTED, AnswerTimeForm, AskForTimeForm, UntilForm
from audits.models import AgencyReturn, TimeRequest
from audits.views.agency_return import find
from audits.views.closed import refused_in


@require_http_methods(["GET", "POST"])
def time_request_create(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    """The lead asks; the officer, who is asked by telephone too, gives at once."""
    owed = find(request.user, return_id)
    gives = time_requests.may_answer(owed, request.user)
    if not gives and not time_requests.may_ask(owed, request.user):
        raise PermissionDenied
    if request.method != "POST" and not time_requests.is_owed(owed):
        messages.error(request, time_requests.NOT_OWED)
        return redirect("agency-return-detail", owed.pk)
    return _give(request, owed) if gives else _ask(request, owed)


def _ask(request: SignedInRequest, owed: AgencyReturn) -> HttpResponse:
    form = AskForTimeForm(request.POST or None)
    said = "You have asked for more time. The officer is told now and answers here."
    if form.is_valid() and _attempt(
        request, form, said, lambda: time_requests.ask(owed, by=request.user, **form.cleaned_data)
    ):
        return redirect("agency-return-detail", owed.pk)
    return _page(request, owed, form, title="Ask for more time", submit="Ask the officer")


def _give(request: SignedInRequest, owed: AgencyReturn) -> HttpResponse:
    form = UntilForm(request.POST if request.method == "POST" else None, due_on=owed.due_on)
    if form.is_valid():
        until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
        if _attempt(
            request,
            form,
            f"{owed.agency} has until {until:%-d %B %Y}, and is told so by mail.",
            lambda: time_requests.give(owed, by=request.user, until=until, reason=reason),
        ):
            return redirect("agency-return-list", owed.audit_id)
    return _page(request, owed, form, title="Give more time", submit="Give them until then")


@require_http_methods(["GET", "POST"])
def time_request_answer(
    request: SignedInRequest, return_id: UUID, time_request_id: UUID
) -> HttpResponse:
    owed = find(request.user, return_id)
    asked = get_object_or_404(
        TimeRequest.objects.visible_to(request.user).select_related("asked_by"),
        pk=time_request_id,
        agency_return=owed,
    )
    if not time_requests.may_answer(owed, request.user):
        raise PermissionDenied
    if request.method != "POST" and asked.answer != TimeRequest.Answer.WAITING:
        messages.error(request, time_requests.ANSWERED_ALREADY)
        return redirect("agency-return-list", owed.audit_id)
    form = AnswerTimeForm(
        request.POST or None,
        due_on=owed.due_on,
        initial={"until": time_requests.new_day(owed, asked.days)},
    )
    if form.is_valid() and _answer(request, owed, asked, form):
        return redirect("agency-return-list", owed.audit_id)
    return _page(
        request, owed, form, title="Give more time?", submit="Answer the agency", asked=asked
    )


def _answer(
    request: SignedInRequest, owed: AgencyReturn, asked: TimeRequest, form: AnswerTimeForm
) -> bool:
    values = form.cleaned_data
    until, reason = values["until"], values["reason"]
    if values["answer"] == GRANTED:
        said = f"{owed.agency} has until {until:%-d %B %Y}, and is told so by mail."
        return _attempt(
            request,
            form,
            said,
            lambda: time_requests.grant(asked, by=request.user, until=until, reason=reason),
        )
    said = f"The date stays for {owed.agency}, which is told so by mail."
    return _attempt(
        request, form, said, lambda: time_requests.refuse(asked, by=request.user, reason=reason)
    )


def _attempt(request: SignedInRequest, form: Form, said: str, write: Callable[[], object]) -> bool:
    """Whether it was done; what keeps it from being done is told in the form, with its words."""
    with refused_in(form):
        write()
        messages.success(request, said)
        return True
    return False


def _page(
    request: SignedInRequest,
    owed: AgencyReturn,
    form: AskForTimeForm | UntilForm,
    *,
    title: str,
    submit: str,
    asked: TimeRequest | None = None,
) -> HttpResponse:
    of_agency = isinstance(form, AskForTimeForm)
    cancel = (
        reverse("agency-return-detail", args=[owed.pk])
        if of_agency
        else reverse("agency-return-list", args=[owed.audit_id])
    )
    context = {
        "owed": owed,
        "form": form,
        "title": title,
        "caption": f"{owed.agency} · {owed.audit}",
        "asked": asked,
        "earlier": owed.time_requests.exclude(answer=TimeRequest.Answer.WAITING).select_related(
            "asked_by", "answered_by"
        ),
        "submit_label": submit,
        "cancel_url": cancel,
    }
    return render(request, "audits/time_request.html", context)
