from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest
from agencies.domain.refusal import RefusedError
from audits.domain.cases import takes_cases
from audits.domain.draws import draw_cases
from audits.forms.draw import DrawForm
from audits.views.case import run_audit


def draw_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    if not takes_cases(audit):
        messages.error(request, "Cases are drawn while the audit is nominating or collecting.")
        return redirect("case-list", audit.pk)
    form = DrawForm(request.POST or None, audit=audit)
    if form.is_valid():
        try:
            draw = draw_cases(audit=audit, by=request.user, **form.cleaned_data)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
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
