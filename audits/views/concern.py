"""Something is wrong now: what to do at once, who is told, and who answers for it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agencies.access import SignedInRequest
from agencies.models import User
from audits.domain import concerns
from audits.domain.concerns import AlreadyAcknowledgedError
from audits.domain.leading import may_fill
from audits.forms.concern import AcknowledgeForm, ConcernForm, RewordForm
from audits.forms.final import About
from audits.models import AgencyReturn, Concern
from audits.views.agency_return import find


def _return_to_worry_about(user: User, return_id: UUID) -> AgencyReturn:
    agency_return = find(user, return_id)
    if not may_fill(agency_return, user):
        raise PermissionDenied
    return agency_return


def _concern(user: User, concern_id: UUID) -> Concern:
    seen = Concern.objects.visible_to(user).select_related(
        "audit__partnership", "agency", "agency_return", "case", "raised_by", "acknowledged_by"
    )
    return get_object_or_404(seen, pk=concern_id)


@require_http_methods(["GET", "POST"])
def concern_create(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    agency_return = _return_to_worry_about(request.user, return_id)
    form = ConcernForm(
        request.POST or None,
        cases=agency_return.audit.cases.in_sample(),
        initial={"case": request.GET.get("case", "")},
    )
    if request.method == "POST" and form.is_valid():
        if form.is_about_a_worker:
            return redirect("concern-conduct", return_id)
        concern, told = concerns.raise_concern(
            agency_return,
            by=request.user,
            words=form.cleaned_data["words"],
            done_already=form.cleaned_data["done_already"],
            case=form.chosen_case,
        )
        _say_who_was_told(request, told)
        return redirect("concern-detail", concern.pk)
    context = {"agency_return": agency_return, "audit": agency_return.audit, "form": form}
    return render(request, "audits/concern_create.html", context)


def _say_who_was_told(request: HttpRequest, told: list[User]) -> None:
    if told:
        names = ", ".join(person.name for person in told)
        messages.success(request, f"Your concern is kept, and these people are told: {names}.")
    else:
        messages.error(
            request,
            "Your concern is kept, but nobody could be told: the agency has no lead and the "
            "partnership no officer with an account. Ring your agency’s safeguarding lead.",
        )


@require_GET
def concern_conduct(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    """Where a worry about one worker goes, which is not into a return. Nothing is recorded."""
    agency_return = _return_to_worry_about(request.user, return_id)
    context = {"agency_return": agency_return, "audit": agency_return.audit}
    return render(request, "audits/concern_conduct.html", context)


@require_http_methods(["GET", "POST"])
def concern_detail(request: SignedInRequest, concern_id: UUID) -> HttpResponse:
    concern = _concern(request.user, concern_id)
    about = About(request.user, concern.audit, concern.agency_return)
    form = AcknowledgeForm(request.POST or None, about=about)
    if request.method == "POST":
        if not concerns.may_acknowledge(concern, request.user):
            raise PermissionDenied
        if form.is_valid() and _acknowledged(request, concern, form):
            return redirect("concern-detail", concern.pk)
    context = {
        "concern": concern,
        "audit": concern.audit,
        "form": form,
        "may_acknowledge": concern.is_open and concerns.may_acknowledge(concern, request.user),
        "may_reword": concerns.may_reword(concern, request.user),
        "answering": concerns.who_answers(concern) if concern.is_open else [],
    }
    return render(request, "audits/concern_detail.html", context)


@require_http_methods(["GET", "POST"])
def concern_update(request: SignedInRequest, concern_id: UUID) -> HttpResponse:
    """Other words, such as without a name: what is sent at once is not stopped at one."""
    concern = _concern(request.user, concern_id)
    if not concerns.may_reword(concern, request.user):
        raise PermissionDenied
    there = {"words": concern.words, "done_already": concern.done_already}
    form = RewordForm(request.POST or None, initial=there)
    if request.method == "POST" and form.is_valid():
        concerns.reword(concern, by=request.user, **form.cleaned_data)
        messages.success(request, "It is reworded. The words before are not kept.")
        return redirect("concern-detail", concern.pk)
    context = {
        "title": "Reword the concern",
        "caption": str(concern),
        "form": form,
        "confirm_label": "Save these words",
        "consequences": [
            "These words take the place of those before, which are not kept.",
            "That it was reworded, by whom and when, stands in the activity.",
        ],
        "back_label": str(concern),
        "cancel_url": reverse("concern-detail", args=[concern.pk]),
    }
    return render(request, "components/confirm.html", context)


def _acknowledged(request: SignedInRequest, concern: Concern, form: AcknowledgeForm) -> bool:
    """Whether it is this person's name that stands there now; else the form says whose does."""
    words = form.cleaned_data["acknowledgement"]
    try:
        concerns.acknowledge(concern, by=request.user, acknowledgement=words)
    except AlreadyAcknowledgedError as error:
        first = error.concern.acknowledged_by
        form.add_error("acknowledgement", f"{first} has acknowledged this meanwhile.")
        return False
    messages.success(request, "Thank you. Your name stands beside it now.")
    return True
