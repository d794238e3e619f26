from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.roles import Permission
from audits.domain import agreed_points as domain
from audits.domain.writing import NotNowError
from audits.forms.agreed_point import (
    AdoptAllForm,
    NewPointsForm,
    PlacePointForm,
    RewordPointForm,
)
from audits.models import Audit, Case, Point, PointKind
from audits.reading.board import board_of
from audits.reading.meeting import may_edit_meeting
from audits.views.reach import attempt_form, audit_to_write

SAID = {
    "adopt": "Adopted under “{}”.",
    "take-out": "Taken out of “{}”.",
    "up": "Moved up in “{}”.",
    "down": "Moved down in “{}”.",
}


def _room_url(audit: Audit, case: Case | None, kind: str = "") -> str:
    anchor = f"#{kind}" if kind else ""
    if case is None:
        return reverse("meeting-whole", args=[audit.pk]) + anchor
    return reverse("meeting-case", args=[audit.pk, case.pk]) + anchor


def _answer(
    request: SignedInRequest,
    audit: Audit,
    case: Case | None,
    kind: str,
    said: str,
    *,
    refused: bool = False,
    added: bool = False,
) -> HttpResponse:
    """To a script, the lists of the board anew; to a plain form, the page they stand on."""
    if not request.htmx:  # type: ignore[attr-defined]
        (messages.error if refused else messages.success)(request, said)
        return redirect(_room_url(audit, case, kind))
    edits = may_edit_meeting(audit, request.user)
    context: dict[str, Any] = {
        "audit": audit,
        "case": case,
        "board": board_of(audit, case, request.user, writes=edits),
        "edits": edits,
        "said": said,
        "refused": refused,
    }
    response = render(request, "audits/_board_answer.html", context)
    if added:
        response["HX-Trigger"] = "maca:added"
    return response


@require_POST
def agreed_point_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.RUN_MEETING)
    form = NewPointsForm(request.POST, cases=audit.cases.in_sample())
    case, kind = form.room()
    if not form.is_valid():
        return _not_added(request, audit, case, kind, form)
    try:
        points = domain.add(
            audit=audit,
            case=case,
            kind=PointKind(kind),
            lines=form.cleaned_data["text"],
            by=request.user,
        )
    except NotNowError as error:
        form.add_error(None, str(error))
        return _not_added(request, audit, case, kind, form)
    said = "Point added." if len(points) == 1 else f"{len(points)} points added."
    return _answer(request, audit, case, kind, said, added=True)


def _not_added(
    request: SignedInRequest, audit: Audit, case: Case | None, kind: str, form: NewPointsForm
) -> HttpResponse:
    """A script keeps the words in their box; to a plain form they come back on a page of theirs."""
    is_empty = not request.POST.get("text", "").strip()
    if request.htmx or is_empty:  # type: ignore[attr-defined]
        return _answer(request, audit, case, kind, form.complaint(), refused=True)
    context = {
        "audit": audit,
        "form": form,
        "title": f"New point under “{PointKind(kind).label}”",
        "cancel_url": _room_url(audit, case, kind),
    }
    return render(request, "audits/discussion_form.html", context)


@require_POST
def agreed_point_adopt_all(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.RUN_MEETING)
    form = AdoptAllForm(request.POST, cases=audit.cases.in_sample())
    if not form.is_valid():
        return redirect("meeting-detail", audit_id=audit.pk)
    case, kind = form.cleaned_data["case"], form.cleaned_data["kind"]
    try:
        count = domain.adopt_all(audit=audit, case=case, kind=PointKind(kind), by=request.user)
    except NotNowError as error:
        return _answer(request, audit, case, kind, str(error), refused=True)
    return _answer(request, audit, case, kind, f"{count} adopted.")


@require_POST
def agreed_point_place(request: SignedInRequest, audit_id: UUID, point_id: UUID) -> HttpResponse:
    """Adopt a point, take it out, or move it: one button each."""
    audit = audit_to_write(request, audit_id, Permission.RUN_MEETING)
    point = _point(audit, point_id)
    form = PlacePointForm(request.POST)
    if not form.is_valid():
        return redirect(_room_url(audit, point.case))
    do, kind = form.cleaned_data["do"], PointKind(form.cleaned_data["kind"])
    try:
        _place(do, point, kind, request)
    except NotNowError as error:
        return _answer(request, audit, point.case, kind, str(error), refused=True)
    return _answer(request, audit, point.case, kind, SAID[do].format(kind.label))


def _place(do: str, point: Point, kind: PointKind, request: SignedInRequest) -> None:
    if do == "adopt":
        domain.adopt(point=point, kind=kind, by=request.user)
    elif do == "take-out":
        domain.take_out(point=point, kind=kind, by=request.user)
    else:
        domain.move(point=point, kind=kind, up=do == "up", by=request.user)


def _point(audit: Audit, point_id: UUID) -> Point:
    return get_object_or_404(audit.points.select_related("case", "audit"), pk=point_id)


def agreed_point_update(request: SignedInRequest, audit_id: UUID, point_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.RUN_MEETING)
    point = get_object_or_404(
        audit.points.filter(origin=Point.Origin.MEETING).select_related("case", "audit"),
        pk=point_id,
    )
    form = RewordPointForm(
        request.POST or None, initial={"text": point.text, "revision": point.revision}
    )
    if form.is_valid() and attempt_form(
        form, lambda: domain.reword(point=point, by=request.user, **form.cleaned_data), "text"
    ):
        messages.success(request, "The point is saved.")
        return redirect(_room_url(audit, point.case))
    context = {
        "audit": audit,
        "form": form,
        "title": "Edit a point",
        "cancel_url": _room_url(audit, point.case),
    }
    return render(request, "audits/discussion_form.html", context)
