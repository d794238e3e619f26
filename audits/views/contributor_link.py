"""Sending contributors their links, chasing who owes, withdrawing a link."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agencies.access import SignedInRequest
from agencies.middleware import words_to_give_back
from audits.domain import contributor_links
from audits.domain.drafts import ReturnClosedError
from audits.forms.contributor_link import SendForm
from audits.reading.agency_returns import AgencyReturnPage
from audits.reading.contribution import told_otherwise
from audits.reading.contributors import ContributorRow, ContributorsPage
from audits.views.agency_return import require_lead
from audits.views.closed import CLOSED, say_closed
from audits.views.contributor_request import contributor_of, coordinating
from audits.views.tending import as_uuid


def _page(request: SignedInRequest, return_id: UUID) -> tuple[AgencyReturnPage, ContributorsPage]:
    page = coordinating(request, return_id)
    require_lead(page.agency_return, request.user)
    return page, ContributorsPage(page.agency_return)


@require_http_methods(["GET", "POST"])
def contributor_link_send(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    """Who gets a link and who has no address, before any leaves; or one contributor's new link."""
    page, whole = _page(request, return_id)
    rows = _to_send(request, whole)
    form = SendForm(
        request.POST if request.method == "POST" and rows else None,
        agency_return=page.agency_return,
        rows=rows,
        ticked=[row.id for row in rows],
        otherwise=told_otherwise(page.agency_return),
        initial={"learns_by": whole.learns_by},
    )
    if form.is_valid() and _send(request, page, form):
        return redirect("contributor-request-list", page.agency_return.pk)
    last_day = form.initial["last_day"]
    context = {
        "page": page,
        "whole": whole,
        "rows": rows,
        "form": form,
        "words": whole.mail_words("contributor_link", last_day),
        "refused": [] if rows else words_to_give_back(request),
    }
    return render(request, "audits/contributor_link_send.html", context)


def _to_send(request: SignedInRequest, whole: ContributorsPage) -> list[ContributorRow]:
    """Whoever holds no link by which to answer; or the one named, who may have one already."""
    if named := request.GET.get("contributor"):
        one = as_uuid(named)
        return [row for row in whole.rows if row.id == one and row.email and row.active]
    return whole.to_send


def _send(request: SignedInRequest, page: AgencyReturnPage, form: SendForm) -> bool:
    try:
        sending = contributor_links.send(
            page.agency_return,
            by=request.user,
            contributors=form.cleaned_data["contributors"],
            expires_at=form.expires_at,
            learns_by=form.cleaned_data["learns_by"],
        )
    except ReturnClosedError:
        say_closed(request)
        return False
    number = len(sending.written)
    messages.success(request, f"{number} link{'' if number == 1 else 's'} on the way.")
    return True


@require_http_methods(["GET", "POST"])
def contributor_link_remind(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    """Everybody who owes an answer, at once: who they are first, then the mail."""
    page, whole = _page(request, return_id)
    if request.method == "POST":
        return _remind(request, page)
    context = {
        "page": page,
        "whole": whole,
        "words": whole.mail_words("contributor_reminder", timezone.localdate()),
    }
    return render(request, "audits/contributor_link_remind.html", context)


def _remind(request: SignedInRequest, page: AgencyReturnPage) -> HttpResponse:
    try:
        chased = contributor_links.chase(page.agency_return, by=request.user)
    except ReturnClosedError:
        messages.error(request, CLOSED)
    else:
        number = len(chased)
        if number:
            messages.success(request, f"{number} reminder{'' if number == 1 else 's'} on the way.")
        else:
            messages.warning(request, "There was nobody to remind: all were written to today.")
    return redirect("contributor-request-list", page.agency_return.pk)


@require_http_methods(["GET", "POST"])
def contributor_link_withdraw(
    request: SignedInRequest, return_id: UUID, contributor_id: UUID
) -> HttpResponse:
    page, _ = _page(request, return_id)
    contributor = contributor_of(page, contributor_id)
    back = reverse("contributor-request-detail", args=[return_id, contributor.pk])
    if request.method == "POST":
        try:
            contributor_links.withdraw(page.agency_return, by=request.user, contributor=contributor)
        except ReturnClosedError:
            messages.error(request, CLOSED)
        else:
            messages.success(request, "The link no longer works.")
        return redirect(back)
    context = {
        "title": f"Withdraw the link of {contributor}?",
        "caption": page.caption,
        "consequences": [
            "It stops working at once, for whoever is answering just now too.",
            "What they have saved stays. You can send a new link at any time.",
        ],
        "confirm_label": "Withdraw the link",
        "danger": True,
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)
