from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.roles import Permission
from audits.domain import findings as domain
from audits.domain.transitions import available
from audits.domain.writing import MEETING_AND_DRAFTING
from audits.forms.finding import (
    BeginForm,
    FindingForm,
    finding_initial,
    initial_from_points,
)
from audits.models import Audit, Finding, Point
from audits.reading.evidence import candidates_of
from audits.reading.findings import chairs_comments, outline_of
from audits.views.placement import TAKEN_OUT
from audits.views.reach import (
    attempt,
    attempt_form,
    audit_to_write,
    is_open_to,
    known_audit,
    not_open_yet,
)


def may_draft(request: SignedInRequest, audit: Audit) -> bool:
    return audit.stage in MEETING_AND_DRAFTING and request.user.may(
        Permission.DRAFT, audit.partnership_id
    )


def finding_list(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = known_audit(request, audit_id)
    if not is_open_to(request, audit):
        return not_open_yet(request, audit, tab="findings", title="Findings")
    edits = may_draft(request, audit)
    taken = request.session.get(TAKEN_OUT) or {}
    context = {
        "audit": audit,
        "outline": outline_of(audit),
        "edits": edits,
        "comments": chairs_comments(audit, request.user),
        "steps": dict(available(audit, request.user)),
        "taken_out": taken if edits and taken.get("audit") == str(audit.pk) else None,
        "figure_count": audit.figures.count(),
    }
    return render(request, "audits/finding_list.html", context)


def _form(
    request: SignedInRequest, audit: Audit, points: Any, initial: dict[str, Any]
) -> FindingForm:
    return FindingForm(
        request.POST or None,
        audit=audit,
        earlier=_earlier(request, audit),
        points=points,
        initial=initial,
    )


def _earlier(request: SignedInRequest, audit: Audit) -> Any:
    audits = Audit.objects.visible_to(request.user).filter(partnership=audit.partnership_id)
    return audits.exclude(pk=audit.pk)


def _points(request: SignedInRequest, audit: Audit) -> Any:
    points = Point.objects.visible_to(request.user).filter(audit=audit)
    return points.select_related("agency").prefetch_related("learning_themes")


def _chosen(request: SignedInRequest, audit: Audit) -> list[Point]:
    """The points named in the address, by which a finding is begun from the list of points."""
    form = BeginForm(request.GET, audit=audit, points=_points(request, audit).to_build_on())
    return list(form.cleaned_data["points"]) if form.is_valid() else []


def finding_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    chosen = _chosen(request, audit)
    initial = {**initial_from_points(chosen), "places": request.GET.getlist("place")}
    offered = _points(request, audit).filter(pk__in=[point.pk for point in chosen])
    form = _form(request, audit, offered, initial)
    if form.is_valid() and attempt_form(
        form, lambda: domain.write_finding(audit=audit, draft=form.draft(), by=request.user)
    ):
        messages.success(request, "The finding is saved.")
        return redirect("finding-list", audit_id=audit.pk)
    context = {"audit": audit, "form": form, "title": "Write a finding"}
    return render(request, "audits/finding_form.html", context)


def finding_update(request: SignedInRequest, audit_id: UUID, finding_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    finding = get_object_or_404(audit.findings.select_related("audit"), pk=finding_id)
    chosen = _chosen(request, audit)
    initial = finding_initial(finding, list(_earlier(request, audit)))
    initial["points"] += chosen
    linked = {point.pk for point in initial["points"]}
    form = _form(request, audit, _points(request, audit).filter(pk__in=linked), initial)
    if form.is_valid() and attempt_form(
        form,
        lambda: domain.revise_finding(
            finding=finding,
            draft=form.draft(),
            revision=form.cleaned_data["revision"],
            by=request.user,
        ),
        "text",
    ):
        messages.success(request, "The finding is saved.")
        return redirect("finding-list", audit_id=audit.pk)
    context = {"audit": audit, "form": form, "finding": finding, "title": "Edit a finding"}
    return render(request, "audits/finding_form.html", context)


def finding_delete(request: SignedInRequest, audit_id: UUID, finding_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    finding = get_object_or_404(audit.findings.select_related("audit"), pk=finding_id)
    if request.method == "POST":
        if attempt(request, lambda: domain.remove_finding(finding=finding, by=request.user)):
            messages.success(request, "The finding is removed.")
        return redirect("finding-list", audit_id=audit.pk)
    context = {
        "title": "Remove this finding?",
        "caption": audit.title,
        "lead": finding.text,
        "consequences": [
            "It is taken out of every section it prints in.",
            "Its text is deleted. The points and figures it rests on stay.",
        ],
        "confirm_label": "Remove the finding",
        "danger": True,
        "cancel_url": reverse("finding-list", args=[audit.pk]),
    }
    return render(request, "components/confirm.html", context)


def finding_begin(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """Tick points and go on to the finding they are for."""
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    points = _points(request, audit).to_build_on()
    form = BeginForm(request.GET or None, audit=audit, points=points)
    if "go" in request.GET and form.is_valid():
        finding: Finding | None = form.cleaned_data["finding"]
        route = "finding-update" if finding else "finding-create"
        args = [audit.pk, finding.pk] if finding else [audit.pk]
        query = QueryDict(mutable=True)
        query.setlist("points", [str(point.pk) for point in form.cleaned_data["points"]])
        return redirect(f"{reverse(route, args=args)}?{query.urlencode()}")
    everything = request.GET.get("show") == "all"
    context = {
        "audit": audit,
        "form": form if "go" in request.GET else None,
        "everything": everything,
        "groups": candidates_of(audit, request.user, agreed_only=not everything),
        "findings": audit.findings.all(),
    }
    return render(request, "audits/finding_begin.html", context)


@require_POST
def working_well_begin(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    begun: list[int] = []
    if attempt(
        request, lambda: begun.append(domain.begin_working_well(audit=audit, by=request.user))
    ):
        count = begun[0]
        messages.success(
            request,
            f"{count} from the summative reports added to 3.2, agency by agency."
            if count
            else "Nothing to add: the summative reports say nothing that is not there already.",
        )
    return redirect("finding-list", audit_id=audit.pk)
