from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies.access import SignedInRequest
from agencies.confirming import confirmed_if
from audits.domain.guards import GuardError
from audits.domain.transitions import AUDIT_TRANSITIONS, allowed, transition
from audits.forms.final import About
from audits.forms.reason import ReasonForm
from audits.models import Audit, Stage
from audits.reading.audit_steps import consequences
from audits.reading.overview import needs_of
from audits.views.reach import known_audit

# Publishing freezes documents first, so it is taken from their page.
TAKEN_ELSEWHERE = {"publish": "audit-documents"}
AFTER_PUBLISHING = {Stage.PUBLISHED, Stage.CLOSED}


def _takes_back_what_is_published(_request: HttpRequest, *, name: str, **_named: object) -> bool:
    step = AUDIT_TRANSITIONS.get(name)
    return step is not None and step.is_step_back and bool(AFTER_PUBLISHING & {*step.froms})


@confirmed_if(_takes_back_what_is_published)
def audit_transition(request: SignedInRequest, audit_id: UUID, name: str) -> HttpResponse:
    audit = known_audit(request, audit_id)
    step = AUDIT_TRANSITIONS.get(name)
    if step is None:
        raise Http404
    if not allowed(audit, name, request.user):
        raise PermissionDenied
    if name in TAKEN_ELSEWHERE:
        return redirect(TAKEN_ELSEWHERE[name], audit_id=audit.pk)
    about = About(request.user, audit)
    form = ReasonForm(request.POST or None, about=about) if step.needs_reason else None
    missing = step.guard(audit) if audit.stage in step.froms else [_moved_on(audit)]
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            transition(audit, name, by=request.user, reason=reason)
        except GuardError as error:
            missing = error.missing
        else:
            messages.success(request, f"{audit.title}: {step.verb}.")
            return redirect("audit-detail", audit_id=audit.pk)
    context = {
        "audit": audit,
        "step": step,
        "form": form,
        "needs": needs_of(audit, missing),
        "consequences": consequences(audit, name),
        "refused": request.method == "POST",
    }
    return render(request, "audits/audit_transition.html", context)


def _moved_on(audit: Audit) -> str:
    return f"The audit is at “{audit.get_stage_display()}” now, so this step is not open."
