from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest
from audits.domain.cases import takes_cases
from audits.domain.draws import draw_cases
from audits.forms.draw import DrawForm
from audits.views.case import run_audit
from audits.views.closed import refused_in


def draw_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    if request.method != "POST" and not takes_cases(audit):
        messages.error(request, "Cases are drawn while the audit is nominating or collecting.")
        return redirect("case-list", audit.pk)
    form = DrawForm(request.POST or None, audit=audit)
    if form.is_valid():
        with refused_in(form):
            draw = draw_cases(audit=audit, by=request.user, **form.cleaned_data)
            messages.success(
                request, f"{draw.sample_size} cases are drawn. The seed is {draw.seed}."
            )
            return redirect("case-list", audit.pk)
    context = {
        "form": form,
        "title": "Draw cases at random",
        "caption": audit.title,
        "lead": "Number the rows of your list from 1. The list stays with you; the draw says "
        "which rows to take.",
        "submit_label": "Draw and number the cases",
        "back_url": reverse("case-list", args=[audit.pk]),
        "back_label": "Cases",
    }
    return render(request, "audits/form_page.html", context)
