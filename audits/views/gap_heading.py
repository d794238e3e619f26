from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.roles import Permission
from audits.domain import arrangement as domain
from audits.domain.writing import NotNowError
from audits.forms.finding import GapHeadingForm
from audits.models import Audit, GapHeading
from audits.views.reach import attempt, audit_to_write


def _heading(audit: Audit, heading_id: UUID) -> GapHeading:
    return get_object_or_404(audit.gap_headings.select_related("audit"), pk=heading_id)


def gap_heading_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    return _written(request, audit, None)


def gap_heading_update(request: SignedInRequest, audit_id: UUID, heading_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    return _written(request, audit, _heading(audit, heading_id))


def _written(request: SignedInRequest, audit: Audit, heading: GapHeading | None) -> HttpResponse:
    form = GapHeadingForm(request.POST or None, audit=audit, heading=heading)
    if form.is_valid():
        try:
            _save(request, audit, heading, form)
        except NotNowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The heading is saved.")
            return redirect(reverse("finding-list", args=[audit.pk]) + "#gaps")
    context = {
        "audit": audit,
        "form": form,
        "title": "Edit a gap heading" if heading else "Add a gap heading",
        "delete_url": heading and reverse("gap-heading-delete", args=[audit.pk, heading.pk]),
        "cancel_url": reverse("finding-list", args=[audit.pk]),
    }
    return render(request, "audits/small_form.html", context)


def _save(
    request: SignedInRequest, audit: Audit, heading: GapHeading | None, form: GapHeadingForm
) -> None:
    if heading is None:
        domain.add_heading(audit=audit, by=request.user, **form.cleaned_data)
    else:
        domain.revise_heading(heading=heading, by=request.user, **form.cleaned_data)


@require_POST
def gap_heading_move(request: SignedInRequest, audit_id: UUID, heading_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    heading = _heading(audit, heading_id)
    up = request.POST.get("do") == "up"
    attempt(request, lambda: domain.move_heading(heading=heading, up=up, by=request.user))
    return redirect(reverse("finding-list", args=[audit.pk]) + f"#heading-{heading.pk}")


def gap_heading_delete(request: SignedInRequest, audit_id: UUID, heading_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    heading = _heading(audit, heading_id)
    if request.method == "POST":
        if attempt(request, lambda: domain.remove_heading(heading=heading, by=request.user)):
            messages.success(request, "The heading is removed.")
        return redirect(reverse("finding-list", args=[audit.pk]) + "#gaps")
    count = heading.placements.count()
    context = {
        "title": "Remove this heading?",
        "caption": audit.title,
        "lead": heading.label,
        "consequences": [
            f"{count} {'gap' if count == 1 else 'gaps'} under it will no longer print here.",
            "The findings themselves stay, under “Placed nowhere” if they print nowhere else.",
        ],
        "confirm_label": "Remove the heading",
        "danger": True,
        "cancel_url": reverse("finding-list", args=[audit.pk]),
    }
    return render(request, "components/confirm.html", context)
