from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest, require
from agencies.roles import Permission
from audits.domain import cases as domain
from audits.domain.nominations import note_identities_sent
from audits.forms.case import AddCasesForm, ReplaceForm
from audits.forms.final import About
from audits.forms.nomination import IdentityNoticeForm
from audits.forms.reason import ReasonForm
from audits.models import Audit, Case
from audits.reading.cases import cases_page
from audits.views.closed import refused_in
from audits.views.reach import known_audit


def run_audit(request: SignedInRequest, audit_id: UUID) -> Audit:
    audit = known_audit(request, audit_id)
    require(request.user, Permission.RUN_AUDIT, audit.partnership_id)
    return audit


def case_list(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = known_audit(request, audit_id)
    context = {"audit": audit, "page": cases_page(audit, request.user)}
    return render(request, "audits/case_list.html", context)


def case_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    if request.method != "POST" and not domain.takes_cases(audit):
        return _closed(request, audit)
    form = AddCasesForm(request.POST or None)
    if form.is_valid():
        with refused_in(form):
            cases = _add(request, audit, form)
            messages.success(request, f"{_numbers(cases)} added.")
            return redirect("case-list", audit.pk)
    context = {
        "form": form,
        "title": "Add cases",
        "caption": audit.title,
        "lead": "For cases that come without a nomination here. A dozen or sixty: all at once.",
        "submit_label": "Add the cases",
        "back_url": reverse("case-list", args=[audit.pk]),
        "back_label": "Cases",
    }
    return render(request, "audits/form_page.html", context)


def _add(request: SignedInRequest, audit: Audit, form: AddCasesForm) -> list[Case]:
    if form.cleaned_data["count"]:
        return domain.add_cases(audit=audit, by=request.user, count=form.cleaned_data["count"])
    reasons = form.cleaned_data["reasons"]
    return domain.add_cases_with_reasons(audit=audit, by=request.user, reasons=reasons)


def _numbers(cases: list[Case]) -> str:
    """“Case 4 is”, “Cases 4 to 9 are”."""
    if len(cases) == 1:
        return f"Case {cases[0].number} is"
    return f"Cases {cases[0].number} to {cases[-1].number} are"


def _closed(request: SignedInRequest, audit: Audit) -> HttpResponse:
    messages.error(request, "Cases are added while the audit is nominating or collecting.")
    return redirect("case-list", audit.pk)


def case_withdraw(request: SignedInRequest, audit_id: UUID, case_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    case = get_object_or_404(audit.cases, pk=case_id)
    about = About(request.user, audit)
    form = ReasonForm(request.POST or None, label=f"Why {case} is withdrawn", about=about)
    if form.is_valid():
        with refused_in(form):
            domain.withdraw_case(case=case, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, f"{case} is withdrawn.")
            return redirect("case-list", audit.pk)
    context = {
        "form": form,
        "title": f"Withdraw {case}?",
        "caption": audit.title,
        "confirm_label": f"Withdraw {case}",
        "consequences": [
            "Its number is retired: no other case will get it.",
            "It leaves the sample, and nothing counts it from then on.",
            "What agencies have written about it is kept, but no longer asked for.",
        ],
        "cancel_url": reverse("case-list", args=[audit.pk]),
        "danger": True,
    }
    return render(request, "components/confirm.html", context)


def case_replace(request: SignedInRequest, audit_id: UUID, case_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    case = get_object_or_404(audit.cases.select_related("audit"), pk=case_id)
    sent = request.POST if request.method == "POST" else None
    form = ReplaceForm(sent, case=case, about=About(request.user, audit))
    if form.is_valid():
        with refused_in(form):
            new = domain.replace_case(
                case=case,
                by=request.user,
                reason=form.cleaned_data.get("reason", ""),
                nomination=form.cleaned_data["nomination"],
            )
            messages.success(request, f"{new} takes the place of {case.number}.")
            return redirect("case-list", audit.pk)
    context = {
        "form": form,
        "title": f"Replace {case}?",
        "caption": audit.title,
        "confirm_label": f"Replace {case}",
        "consequences": _when_replaced(audit, case),
        "cancel_url": reverse("case-list", args=[audit.pk]),
    }
    return render(request, "components/confirm.html", context)


def _when_replaced(audit: Audit, case: Case) -> list[str]:
    lines = ["The new case gets the next number and names the one it replaces."]
    if not case.is_withdrawn:
        lines.insert(0, f"{case} is withdrawn and its number retired.")
    if audit.is_locked:
        lines.append("Every agency asked gets a case return for the new case.")
        lines.append("A return that was signed off or nil is reopened for it.")
    return lines


def identity_notice_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    form = IdentityNoticeForm(request.POST or None, audit=audit)
    if form.is_valid():
        note_identities_sent(
            audit=audit,
            by=request.user,
            agencies=form.cleaned_data["agencies"],
            sent_on=form.cleaned_data["sent_on"],
        )
        messages.success(request, "It is noted that the identities were sent.")
        return redirect("case-list", audit.pk)
    context = {
        "form": form,
        "title": "Identities sent",
        "caption": audit.title,
        "lead": "Note which agencies were told who the cases are, and when. Who they are is "
        "never entered here.",
        "submit_label": "Note it",
        "back_url": reverse("case-list", args=[audit.pk]),
        "back_label": "Cases",
    }
    return render(request, "audits/form_page.html", context)
