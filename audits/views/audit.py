from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies.access import SignedInRequest, require, require_anywhere
from agencies.domain.refusal import RefusedError
from agencies.models import Partnership
from agencies.roles import Permission
from audits.domain import audits as domain
from audits.domain.mailed_names import NamesSomebodyError
from audits.forms.audit import (
    AgenciesForm,
    AuditUpdateForm,
    CopyFromForm,
    DatesForm,
    GradeFormSet,
    NewAuditForm,
)
from audits.forms.audit_filter import AuditFilter
from audits.models import Audit
from audits.reading.findings import chairs_comments
from audits.reading.overview import overview_of
from audits.views.closed import refused_in
from audits.views.reach import attempt_form, known_audit


def audit_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.SEE_AUDITS)
    audits = Audit.objects.visible_to(request.user).of_partnership(partnership).for_list()
    chosen = AuditFilter(request.GET, audits, partnership=partnership, request=request)
    context = {
        "filter": chosen,
        "audits": chosen.qs,
        "runs": request.user.may(Permission.RUN_AUDIT, partnership),
    }
    return render(request, "audits/audit_list.html", context)


def audit_detail(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = known_audit(request, audit_id)
    context = {
        "audit": audit,
        "overview": overview_of(audit, request.user),
        "comments": chairs_comments(audit, request.user),
    }
    return render(request, "audits/audit_detail.html", context)


def audit_create(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.RUN_AUDIT)
    source = _copied_from(request, partnership)
    form = NewAuditForm(
        request.POST or None,
        partnership=partnership,
        initial=domain.copied_values(source) if source else {},
    )
    if form.is_valid():
        audit = domain.create_audit(
            partnership=partnership,
            by=request.user,
            values=form.audit_values,
            agencies=form.cleaned_data["agencies"],
            scale=domain.scale_of(source) if source else (),
        )
        messages.success(request, f"{audit.title} is set up.")
        return redirect("audit-detail", audit_id=audit.pk)
    context = {
        "form": form,
        "source": source,
        "copy_form": CopyFromForm(request.GET or None, partnership=partnership),
    }
    return render(request, "audits/audit_create.html", context)


def _copied_from(request: SignedInRequest, partnership: Partnership) -> Audit | None:
    """The earlier audit named in the address, which a sent form keeps there."""
    form = CopyFromForm(request.GET, partnership=partnership)
    source: Audit | None = form.cleaned_data["copy"] if form.is_valid() else None
    return source


def _run(request: SignedInRequest, audit_id: UUID) -> Audit:
    audit = known_audit(request, audit_id)
    require(request.user, Permission.RUN_AUDIT, audit.partnership_id)
    return audit


def audit_update(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = _run(request, audit_id)
    form = AuditUpdateForm(
        request.POST or None,
        partnership=audit.partnership,
        audit=audit,
        initial={name: getattr(audit, name) for name in AuditUpdateForm.base_fields},
    )
    if form.is_valid() and _update(request, audit, form):
        messages.success(request, "The set-up is saved.")
        return redirect("audit-detail", audit_id=audit.pk)
    return render(request, "audits/audit_update.html", {"audit": audit, "form": form})


def _update(request: SignedInRequest, audit: Audit, form: AuditUpdateForm) -> bool:
    values = form.audit_values
    with refused_in(form):
        try:
            return attempt_form(
                form,
                lambda: domain.update_audit(
                    audit=audit,
                    by=request.user,
                    values=values,
                    revision=form.cleaned_data["revision"],
                ),
                *values,
            )
        except NamesSomebodyError as refused:
            for field, complaint in refused.complaints.items():
                form.add_error(field, complaint)
    return False


def audit_dates(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = _run(request, audit_id)
    form = DatesForm(request.POST or None, audit=audit)
    if form.is_valid():
        domain.move_dates(
            audit=audit, by=request.user, dates=form.dates, reason=form.cleaned_data["reason"]
        )
        messages.success(request, "The dates are saved.")
        return redirect("audit-detail", audit_id=audit.pk)
    moves = audit.date_moves.select_related("by").order_by("-at", "-pk")
    context = {"audit": audit, "form": form, "moves": moves}
    return render(request, "audits/audit_dates.html", context)


def audit_agencies(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = _run(request, audit_id)
    asked: dict[str, Any] = {"agencies": list(audit.agencies_asked.all())}
    sent = request.POST if request.method == "POST" else None
    form = AgenciesForm(sent, partnership=audit.partnership, initial=asked)
    if form.is_valid():
        try:
            domain.ask_agencies(
                audit=audit, by=request.user, agencies=form.cleaned_data["agencies"]
            )
        except RefusedError as error:
            form.add_error("agencies", str(error))
        else:
            messages.success(request, "The agencies asked are saved.")
            return redirect("audit-detail", audit_id=audit.pk)
    return render(request, "audits/audit_agencies.html", {"audit": audit, "form": form})


def audit_grades(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = _run(request, audit_id)
    if request.method != "POST" and audit.is_locked:
        messages.error(request, domain.SCALE_LOCKED)
        return redirect("audit-detail", audit_id=audit.pk)
    initial = [vars(step) for step in domain.scale_of(audit)]
    formset = GradeFormSet(request.POST or None, initial=initial, prefix="grades")
    if request.method == "POST" and formset.is_valid():
        with refused_in(formset):
            domain.set_scale(audit=audit, by=request.user, scale=formset.scale)
            messages.success(request, "The grade scale is saved.")
            return redirect("audit-detail", audit_id=audit.pk)
    return render(request, "audits/audit_grades.html", {"audit": audit, "formset": formset})
