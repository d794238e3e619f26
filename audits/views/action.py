from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest, require, require_anywhere
from agencies.roles import Permission
from audits.domain import actions as domain
from audits.forms.action import (
    ActionFilter,
    ActionForm,
    CarryOverForm,
    ProgressForm,
    action_initial,
)
from audits.models import Action
from audits.reading.actions import printed_in, rights_over
from audits.reading.findings import outline_of
from audits.views.finding import may_draft
from audits.views.reach import attempt, attempt_form, audit_to_write, is_open_to, known_audit


def action_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.SEE_AGREED)
    actions = Action.objects.visible_to(request.user).filter(audit__partnership=partnership)
    chosen = ActionFilter(request.GET, actions.for_list(), partnership=partnership)
    context = {"filter": chosen, "actions": chosen.qs}
    return render(request, "audits/action_list.html", context)


def audit_action_list(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = known_audit(request, audit_id)
    edits = may_draft(request, audit)
    context = {
        "audit": audit,
        "actions": Action.objects.visible_to(request.user).filter(audit=audit).for_list(),
        "edits": edits,
        "bare": outline_of(audit).gaps_without_action if is_open_to(request, audit) else [],
    }
    return render(request, "audits/audit_action_list.html", context)


def action_detail(request: SignedInRequest, action_id: UUID) -> HttpResponse:
    action = _action(request, action_id)
    context = {
        "action": action,
        "audit": action.audit,
        "answers": printed_in(action, request.user),
        "rights": rights_over(action, request.user),
    }
    return render(request, "audits/action_detail.html", context)


def _action(request: SignedInRequest, action_id: UUID) -> Action:
    return get_object_or_404(
        Action.objects.visible_to(request.user).select_related(
            "audit__partnership", "owner_agency", "owner_body", "carried_over_by"
        ),
        pk=action_id,
    )


def action_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = audit_to_write(request, audit_id, Permission.DRAFT)
    chosen = audit.findings.filter(pk__in=_ids(request.GET.getlist("finding")))
    form = ActionForm(request.POST or None, audit=audit, initial={"findings": list(chosen)})
    if form.is_valid() and attempt_form(
        form, lambda: domain.write_action(audit=audit, draft=form.draft(), by=request.user)
    ):
        messages.success(request, "The action is saved.")
        return redirect("audit-action-list", audit_id=audit.pk)
    back = reverse("audit-action-list", args=[audit.pk])
    return _page(request, form, "Add an action", audit=audit, cancel_url=back)


def _ids(values: list[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def _page(request: SignedInRequest, form: Any, title: str, **context: Any) -> HttpResponse:
    return render(request, "audits/small_form.html", {"form": form, "title": title, **context})


def action_update(request: SignedInRequest, action_id: UUID) -> HttpResponse:
    action = _action(request, action_id)
    require(request.user, Permission.DRAFT, action.audit.partnership_id)
    form = ActionForm(request.POST or None, audit=action.audit, initial=action_initial(action))
    if form.is_valid() and attempt_form(
        form,
        lambda: domain.revise_action(
            action=action,
            draft=form.draft(),
            revision=form.cleaned_data["revision"],
            by=request.user,
        ),
        "text",
        "measure_of_success",
    ):
        return _saved(request, action, "The action is saved.")
    return _page(
        request,
        form,
        "Edit an action",
        audit=action.audit,
        delete_url=reverse("action-delete", args=[action.pk]),
        cancel_url=reverse("action-detail", args=[action.pk]),
    )


def _saved(request: SignedInRequest, action: Action, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("action-detail", action_id=action.pk)


def action_progress(request: SignedInRequest, action_id: UUID) -> HttpResponse:
    action = _action(request, action_id)
    if not rights_over(action, request.user).reports:
        raise PermissionDenied("Only the owner’s lead, the officer and the chair report on it.")
    initial = {name: getattr(action, name) for name in ProgressForm.base_fields}
    form = ProgressForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt_form(
        form,
        lambda: domain.report_progress(action=action, by=request.user, **form.cleaned_data),
        "evidence",
        "impact",
    ):
        return _saved(request, action, "The progress is saved.")
    back = reverse("action-detail", args=[action.pk])
    return _page(
        request, form, "How far is it?", audit=action.audit, lead=action.text, cancel_url=back
    )


def action_carry_over(request: SignedInRequest, action_id: UUID) -> HttpResponse:
    action = _action(request, action_id)
    if not rights_over(action, request.user).carries_over:
        raise PermissionDenied("Only the officer and the chair carry an action over.")
    form = CarryOverForm(request.POST or None, initial={"revision": action.revision})
    if form.is_valid() and attempt_form(
        form, lambda: domain.carry_over(action=action, by=request.user, **form.cleaned_data)
    ):
        return _saved(request, action, "The action is carried over, in your name.")
    back = reverse("action-detail", args=[action.pk])
    return _page(
        request,
        form,
        "Carry the action over",
        audit=action.audit,
        lead=f"{action.text} It stays unfinished, under your name, so that the audit can close.",
        cancel_url=back,
    )


def action_delete(request: SignedInRequest, action_id: UUID) -> HttpResponse:
    action = _action(request, action_id)
    require(request.user, Permission.DRAFT, action.audit.partnership_id)
    if request.method == "POST":
        if attempt(request, lambda: domain.remove_action(action=action, by=request.user)):
            messages.success(request, "The action is removed.")
        return redirect("audit-action-list", audit_id=action.audit_id)
    context = {
        "title": "Remove this action?",
        "caption": action.audit.title,
        "lead": action.text,
        "consequences": ["Its text is deleted. The findings it answers stay, without it."],
        "confirm_label": "Remove the action",
        "danger": True,
        "cancel_url": reverse("action-detail", args=[action.pk]),
    }
    return render(request, "components/confirm.html", context)
