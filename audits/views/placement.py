from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.roles import Permission
from audits.domain import arrangement
from audits.domain import findings as domain
from audits.domain.places import Place
from audits.forms.finding import WordingForm
from audits.models import Audit, FindingPlacement
from audits.reading.findings import place_choices
from audits.views.reach import attempt, attempt_form, audit_to_write

TAKEN_OUT = "taken-out"


def _placement(request: SignedInRequest, audit: Audit, placement_id: int) -> FindingPlacement:
    rows = FindingPlacement.objects.visible_to(request.user).filter(finding__audit=audit)
    return get_object_or_404(rows.select_related("finding__audit"), pk=placement_id)


def _back(audit: Audit, anchor: str) -> HttpResponse:
    return redirect(reverse("finding-list", args=[audit.pk]) + f"#{anchor}")


def placement_update(request: SignedInRequest, audit_id: UUID, placement_id: int) -> HttpResponse:
    """Its own words in this place."""
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    placement = _placement(request, audit, placement_id)
    initial = {"wording": placement.wording, "revision": placement.revision}
    form = WordingForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt_form(
        form,
        lambda: domain.word_placement(placement=placement, by=request.user, **form.cleaned_data),
        "wording",
    ):
        messages.success(request, "The wording is saved.")
        return _back(audit, f"placement-{placement.pk}")
    context = {
        "audit": audit,
        "form": form,
        "title": f"Wording in {_where(audit, placement)}",
        "lead": placement.finding.text,
        "cancel_url": reverse("finding-list", args=[audit.pk]),
    }
    return render(request, "audits/small_form.html", context)


def _where(audit: Audit, placement: FindingPlacement) -> str:
    return dict(place_choices(audit))[str(Place.of(placement))]


@require_POST
def placement_move(request: SignedInRequest, audit_id: UUID, placement_id: int) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    placement = _placement(request, audit, placement_id)
    up = request.POST.get("do") == "up"
    attempt(request, lambda: arrangement.move(entry=placement, up=up, by=request.user))
    return _back(audit, f"placement-{placement.pk}")


@require_POST
def placement_take_out(request: SignedInRequest, audit_id: UUID, placement_id: int) -> HttpResponse:
    """Take a finding out of a place, and remember where it stood so that it can be put back."""
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    placement = _placement(request, audit, placement_id)
    taken = {
        "audit": str(audit.pk),
        "finding": str(placement.finding_id),
        "place": str(Place.of(placement)),
        "position": placement.position,
        "wording": placement.wording,
        "text": placement.text,
        "where": _where(audit, placement),
    }
    if attempt(request, lambda: domain.take_out(placement=placement, by=request.user)):
        request.session[TAKEN_OUT] = taken
    return redirect("finding-list", audit_id=audit.pk)


@require_POST
def placement_restore(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """Put back what was last taken out, where it stood."""
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    taken = request.session.pop(TAKEN_OUT, None)
    if not taken or taken["audit"] != str(audit.pk):
        return redirect("finding-list", audit_id=audit.pk)
    finding = audit.findings.select_related("audit").filter(pk=taken["finding"]).first()
    if finding is None or taken["place"] not in dict(place_choices(audit)):
        messages.error(request, "It cannot be put back: the finding or its place is gone.")
        return redirect("finding-list", audit_id=audit.pk)
    attempt(
        request,
        lambda: domain.place(
            finding=finding,
            place=Place.parse(taken["place"]),
            by=request.user,
            wording=taken["wording"],
            position=taken["position"],
        ),
    )
    return redirect("finding-list", audit_id=audit.pk)
