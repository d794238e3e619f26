from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest
from agencies.roles import Permission
from audits.domain import figures as domain
from audits.domain.writing import NotNowError
from audits.forms.figure import FigureForm
from audits.models import Audit, Figure
from audits.reading.figures import figures_of
from audits.views.finding import may_draft
from audits.views.reach import attempt, audit_to_write, open_audit


def figure_list(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = open_audit(request, audit_id)
    context = {
        "audit": audit,
        "figures": figures_of(audit),
        "edits": may_draft(request, audit),
    }
    return render(request, "audits/figure_list.html", context)


def figure_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    return _written(request, audit_to_write(request, audit_id, Permission.DRAFT), None)


def figure_update(request: SignedInRequest, audit_id: UUID, figure_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    figure = get_object_or_404(audit.figures.select_related("audit"), pk=figure_id)
    return _written(request, audit, figure)


def _written(request: SignedInRequest, audit: Audit, figure: Figure | None) -> HttpResponse:
    form = FigureForm(request.POST or None, audit=audit, figure=figure)
    if form.is_valid():
        try:
            domain.save_figure(
                audit=audit, figure=figure, values=form.cleaned_data, by=request.user
            )
        except NotNowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The figure is saved.")
            return redirect("figure-list", audit_id=audit.pk)
    context = {
        "audit": audit,
        "form": form,
        "title": "Edit a figure" if figure else "Add a figure",
        "delete_url": figure and reverse("figure-delete", args=[audit.pk, figure.pk]),
        "cancel_url": reverse("figure-list", args=[audit.pk]),
    }
    return render(request, "audits/small_form.html", context)


def figure_delete(request: SignedInRequest, audit_id: UUID, figure_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    figure = get_object_or_404(audit.figures.select_related("audit"), pk=figure_id)
    if request.method == "POST":
        if attempt(request, lambda: domain.remove_figure(figure=figure, by=request.user)):
            messages.success(request, "The figure is removed.")
        return redirect("figure-list", audit_id=audit.pk)
    count = figure.findings.count()
    context = {
        "title": "Remove this figure?",
        "caption": audit.title,
        "lead": figure.code,
        "consequences": [
            f"Findings that rest on it: {count}.",
            "Where a text names it, the findings page points out that it is gone.",
        ],
        "confirm_label": "Remove the figure",
        "danger": True,
        "cancel_url": reverse("figure-list", args=[audit.pk]),
    }
    return render(request, "components/confirm.html", context)
