from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest, require, require_anywhere
from agencies.domain import partners
from agencies.forms.partners import BodyForm
from agencies.models import Body
from agencies.roles import Permission


def body_create(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_AGENCIES)
    form = BodyForm(request.POST or None, partnership=partnership)
    if form.is_valid():
        body = partners.add_body(partnership=partnership, by=request.user, fields=form.cleaned_data)
        messages.success(request, f"{body} was added.")
        return redirect("agency-list")
    context = {
        "form": form,
        "title": "Add a body",
        "lead": "A group that is no agency but can own an action: the board, a sub-group, a forum.",
        "submit_label": "Add body",
        "cancel_url": reverse("agency-list"),
    }
    return render(request, "agencies/form_page.html", context)


def body_update(request: SignedInRequest, body_id: UUID) -> HttpResponse:
    bodies = Body.objects.visible_to(request.user).select_related("partnership")
    body = get_object_or_404(bodies, pk=body_id)
    require(request.user, Permission.MANAGE_AGENCIES, body.partnership_id)
    form = BodyForm(request.POST or None, partnership=body.partnership, row=body)
    if form.is_valid():
        partners.change_body(body=body, by=request.user, fields=form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("agency-list")
    context = {
        "form": form,
        "title": "Change a body",
        "caption": body.name,
        "cancel_url": reverse("agency-list"),
    }
    return render(request, "agencies/form_page.html", context)
