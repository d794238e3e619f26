"""A contributor's own pages. Nobody is signed in here: everything comes from the link held."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits import holding
from audits.domain import contributor_links, contributor_replies
from audits.domain.contributor_links import LinkClosedError, TooSoonError
from audits.domain.drafts import Basis, Conflict, ConflictError
from audits.domain.room import NoRoomError
from audits.forms.conflicts import TAKE, choices_between
from audits.forms.contribution import CodeForm, ReplySheet
from audits.holding import HolderRequest, held
from audits.reading.contribution import ContributionPage, ReplyPage


@login_not_required
@never_cache
@require_GET
def contribution_open(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail leads. Sends nothing: mail programs open links before people do."""
    link = contributor_links.usable_link(token)
    return holding.closed(request) if link is None else holding.begin(request, link)


@require_http_methods(["GET", "POST"])
@held(confirmed=False)
def contribution_confirm(request: HolderRequest) -> HttpResponse:
    if request.held.get(holding.CONFIRMED):
        return redirect("contribution-detail")
    if request.method == "POST" and request.POST.get("do") == "send":
        return _send_code(request)
    typed = request.method == "POST"
    form = CodeForm(request.POST if typed else None)
    if typed and form.is_valid():
        try:
            right = contributor_links.confirm(by=request.link, code=form.cleaned_data["code"])
        except LinkClosedError:
            return holding.closed(request)
        if right:
            response = redirect("contribution-detail")
            holding.confirmed(response, request.held)
            return response
        form.add_error("code", "This is not the code, or it has run out. Ask for a new one below.")
    return _ask_code(request, form)


def _ask_code(request: HolderRequest, form: CodeForm) -> HttpResponse:
    context = {
        "page": ContributionPage(request.link),
        "form": form,
        "sent": form.is_bound or request.link.code_is_open,
        "mailbox": _masked(request.link.email),
        "minutes": int(request.link.CODE_VALID_FOR.total_seconds() // 60),
    }
    return render(request, "audits/contribution_confirm.html", context)


def _masked(email: str) -> str:
    """Enough to know one's own mailbox by: r•••@mill-lane.example."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"


def _send_code(request: HolderRequest) -> HttpResponse:
    try:
        contributor_links.send_code(by=request.link)
    except TooSoonError as error:
        messages.warning(request, str(error))
    except LinkClosedError:
        return holding.closed(request)
    return redirect("contribution-confirm")


@require_GET
@held
def contribution_detail(request: HolderRequest) -> HttpResponse:
    return render(
        request, "audits/contribution_detail.html", {"page": ContributionPage(request.link)}
    )


@require_POST
@held
def contribution_nothing(request: HolderRequest) -> HttpResponse:
    """“We hold nothing” about every case ticked."""
    page = ContributionPage(request.link)
    ticked = set(request.POST.getlist("requests"))
    chosen = [each for each in page.requests if str(each.pk) in ticked]
    if not chosen:
        messages.warning(request, "Tick the cases about which you hold nothing first.")
        return redirect("contribution-detail")
    try:
        number = contributor_replies.hold_nothing(chosen, by=request.link)
    except LinkClosedError:
        return holding.closed(request)
    plural = "" if number == 1 else "s"
    messages.success(request, f"Saved: you hold nothing about {number} case{plural}.")
    return redirect("contribution-detail")


@require_http_methods(["GET", "POST"])
@held
def contribution_edit(request: HolderRequest, request_id: UUID) -> HttpResponse:
    whole = ContributionPage(request.link)
    asked = whole.find(request_id)
    if asked is None:
        return holding.closed(request)
    page = ReplyPage(whole, asked)
    if request.method == "POST":
        return _save(request, page)
    return _form(request, page, ReplySheet(page))


def _form(
    request: HttpRequest,
    page: ReplyPage,
    sheet: ReplySheet,
    conflicts: list[Conflict] | None = None,
    basis: Basis | None = None,
) -> HttpResponse:
    context = {
        "page": page,
        "sheet": sheet,
        "forms": sheet.forms,
        "conflicts": choices_between(conflicts or [], sheet.field_for),
        "basis": basis or page.basis,
    }
    return render(request, "audits/contribution_edit.html", context)


def _save(request: HolderRequest, page: ReplyPage) -> HttpResponse:
    sheet = ReplySheet(page, request.POST)
    if not sheet.is_valid():
        return _form(request, page, sheet, basis=sheet.own.cleaned_data.get("basis"))
    try:
        contributor_replies.save(
            page.request,
            by=request.link,
            draft=sheet.draft(),
            basis=sheet.basis,
            give_way=request.POST.getlist(TAKE),
        )
    except ConflictError as error:
        basis = sheet.basis.updated(page.texts, [each.key for each in error.conflicts])
        return _form(request, page, sheet, error.conflicts, basis)
    except NoRoomError as full:
        sheet.tell_no_room(full)
        return _form(request, page, sheet, basis=sheet.basis)
    except LinkClosedError:
        return holding.closed(request)
    if not sheet.final:
        messages.success(request, f"{page.case} is saved. You can leave and come back.")
        return redirect("contribution-edit", page.request.pk)
    messages.success(request, f"{page.case}: your answer is in. Thank you.")
    return redirect(_onward(page))


def _onward(page: ReplyPage) -> str:
    if page.next is None:
        return reverse("contribution-detail")
    return reverse("contribution-edit", args=[page.next.pk])


@require_POST
@held
def contribution_finish(request: HolderRequest) -> HttpResponse:
    """Says thank you, and leaves nothing of it in this browser."""
    page = ContributionPage(request.link)
    response = render(request, "audits/contribution_finish.html", {"page": page})
    holding.leave(response, request.held)
    return response
