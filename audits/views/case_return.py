"""One agency's audit of one case: filling it in, reading it, sending it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST

from agencies.access import SignedInRequest, require
from agencies.roles import Permission
from audits.domain import case_returns
from audits.domain.completeness import dates_to_come
from audits.domain.drafts import Basis, Conflict, ConflictError, ReturnClosedError
from audits.domain.guards import GuardError
from audits.domain.leading import may_fill
from audits.domain.room import NoRoomError
from audits.domain.transitions import allowed, transition
from audits.forms.case_return import Sheet
from audits.forms.conflicts import TAKE, choices_between
from audits.forms.final import About
from audits.forms.points import tell_no_room
from audits.forms.reason import ReasonForm
from audits.models import CaseReturn, Point, PointKind
from audits.reading.case_returns import CaseReturnPage, case_returns_for
from audits.views.closed import say_closed
from audits.views.tending import POINT_ACTIONS, Place, as_uuid, can_come_back, tend


def _page(request: SignedInRequest, return_id: UUID, case_return_id: UUID) -> CaseReturnPage:
    case_return = get_object_or_404(
        case_returns_for(request.user), pk=case_return_id, agency_return=return_id
    )
    return CaseReturnPage(case_return, request.user)


def _url(page: CaseReturnPage, anchor: str = "", **query: str) -> str:
    row = page.case_return
    return reverse(
        "case-return-edit",
        args=[row.agency_return_id, row.pk],
        query=query or None,
        fragment=anchor or None,
    )


@require_http_methods(["GET", "POST"])
def case_return_edit(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID
) -> HttpResponse:
    page = _page(request, return_id, case_return_id)
    if request.method == "POST":
        require_filling(page)
        return _save(request, page)
    if page.writes_here(asked=bool(request.GET.get("paper"))):
        return _form(request, page, Sheet(page))
    return render(request, "audits/case_return_detail.html", _reading(page))


def require_filling(page: CaseReturnPage) -> None:
    """Somebody who reads it only is refused; that it is closed is told apart from that."""
    row = page.case_return
    if not may_fill(row, page.user):
        require(page.user, Permission.ANSWER_RETURN, row.audit.partnership_id, row.agency_id)


def _form(
    request: HttpRequest,
    page: CaseReturnPage,
    sheet: Sheet,
    conflicts: list[Conflict] | None = None,
    basis: Basis | None = None,
) -> HttpResponse:
    sheet.give_back(shown=[each.key for each in conflicts or [] if each.gone])
    context = {
        "page": page,
        "sheet": sheet,
        "forms": sheet.forms,
        "conflicts": choices_between(conflicts or [], sheet.field_for),
        "basis": basis or page.basis,
        "gaps": page.gaps if request.GET.get("check") else [],
        **can_come_back(request),
    }
    return render(request, "audits/case_return_edit.html", context)


def _reading(page: CaseReturnPage) -> dict[str, object]:
    row = page.case_return
    return {
        "page": page,
        "may_send_back": page.is_open and row.is_finished and allowed(row, "send-back", page.user),
        "may_change": page.may_fill and row.is_finished,
        "may_enter": page.may_fill and not row.is_finished,
    }


def _save(request: SignedInRequest, page: CaseReturnPage) -> HttpResponse:
    sheet = Sheet(page, request.POST)
    if not sheet.is_valid():
        posted = sheet.own.cleaned_data.get("basis")
        return _form(request, page, sheet, basis=posted)
    give_way = request.POST.getlist(TAKE)
    try:
        case_returns.save_draft(
            page.case_return,
            by=request.user,
            draft=sheet.draft(),
            basis=sheet.basis,
            give_way=give_way,
        )
    except ConflictError as error:
        basis = sheet.basis.updated(page.texts, [each.key for each in error.conflicts])
        return _form(request, page, sheet, error.conflicts, basis)
    except NoRoomError as full:
        tell_no_room(full, sheet.points, sheet.field_for)
        return _form(request, page, sheet, basis=sheet.basis)
    except ReturnClosedError:
        say_closed(request)
        return _form(request, page, sheet, basis=sheet.basis)
    return _go_on(request, _page(request, page.case_return.agency_return_id, page.case_return.pk))


def _go_on(request: SignedInRequest, page: CaseReturnPage) -> HttpResponse:
    """After saving: what the button that was pressed asks for."""
    do, _, rest = request.POST.get("do", "stay").partition(":")
    if do == "finish":
        return _finish(request, page)
    if do == "next":
        return redirect(_next_url(page))
    if do == "add":
        return redirect(_url(page, anchor=f"points-{rest.strip(':')}", **_paper(request)))
    if do == "point":
        return _to_point(request, page, rest)
    if do in POINT_ACTIONS or do == "entry":
        return _tend(request, page, do, rest)
    messages.success(request, "Saved. You can leave this and come back at any time.")
    return redirect(_url(page, **_paper(request)))


def _paper(request: HttpRequest) -> dict[str, str]:
    return {"paper": "1"} if request.GET.get("paper") else {}


def _next_url(page: CaseReturnPage) -> str:
    on = page.next_unfinished
    return_id = page.case_return.agency_return_id
    if on is None:
        return reverse("agency-return-detail", args=[return_id])
    return reverse("case-return-edit", args=[return_id, on.id])


def _finish(request: SignedInRequest, page: CaseReturnPage) -> HttpResponse:
    try:
        done = case_returns.finish(page.case_return, by=request.user)
    except GuardError:
        return redirect(_url(page, check="1", **_paper(request)))
    messages.success(request, f"{page.case_return.case}: {done.get_stage_display().lower()}.")
    for question, day in dates_to_come(page.content, page.questions):
        messages.warning(
            request,
            f"{page.case_return.case}, question {question.number}: "
            f"{date_format(day, 'j F Y')} is still to come. If that is a slip, open the case again "
            "and change it.",
        )
    return redirect(_next_url(page))


def _to_point(request: SignedInRequest, page: CaseReturnPage, rest: str) -> HttpResponse:
    row = page.case_return
    seen = Point.objects.visible_to(request.user).filter(case_return=row)
    point = get_object_or_404(seen, pk=as_uuid(rest.partition(":")[0]))
    return redirect("point-update", row.agency_return_id, point.pk)


def _tend(request: SignedInRequest, page: CaseReturnPage, do: str, rest: str) -> HttpResponse:
    """What a button does to a point or a line; what was removed can be brought back."""
    row = page.case_return
    done = tend(request.user, Place(row.agency_return_id, row.pk), do, rest)
    done.tell(request)
    undo = {"removed": done.removed} if done.removed else {}
    kind = rest.rsplit(":", maxsplit=1)[-1] if do in POINT_ACTIONS else ""
    anchor = f"points-{kind}" if kind in PointKind.values else "engagement"
    return redirect(_url(page, anchor=anchor, **undo, **_paper(request)))


@require_POST
def case_return_take_back(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID
) -> HttpResponse:
    page = _page(request, return_id, case_return_id)
    try:
        transition(page.case_return, "take-back", by=request.user)
    except GuardError as error:
        messages.error(request, " ".join(error.missing))
    paper = {} if page.is_of_agency else {"paper": "1"}
    return redirect(_url(page, **paper))


@require_http_methods(["GET", "POST"])
def case_return_send_back(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID
) -> HttpResponse:
    page = _page(request, return_id, case_return_id)
    row: CaseReturn = page.case_return
    require_leading(page)
    about = About(request.user, row.audit, row.agency_return)
    form = ReasonForm(request.POST or None, label="What has to change?", about=about)
    if request.method == "POST" and form.is_valid():
        try:
            transition(row, "send-back", by=request.user, reason=form.cleaned_data["reason"])
        except GuardError as error:
            form.add_error(None, " ".join(error.missing))
        else:
            messages.success(request, f"{row.case} is back with its auditor.")
            return redirect("agency-return-detail", return_id)
    context = {
        "title": f"Send {row.case} back",
        "caption": str(row.agency),
        "form": form,
        "confirm_label": "Send it back",
        "consequences": [
            "It is in progress again, and your words stand at its top.",
            "Nothing that was written is lost.",
        ],
        "cancel_url": _url(page),
    }
    return render(request, "components/confirm.html", context)


def require_leading(page: CaseReturnPage) -> None:
    row = page.case_return
    if not allowed(row, "send-back", page.user):
        require(page.user, Permission.LEAD_RETURN, row.audit.partnership_id, row.agency_id)
