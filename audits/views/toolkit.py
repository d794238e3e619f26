from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, require, require_anywhere
from agencies.domain.refusal import RefusedError
from agencies.roles import Permission
from audits.domain import toolkits as domain
from audits.forms.answers import AnswersForm
from audits.forms.toolkit import ToolkitForm
from audits.models import Toolkit
from audits.views.closed import refused_in


def managed_toolkit(request: SignedInRequest, toolkit_id: UUID) -> Toolkit:
    toolkits = Toolkit.objects.visible_to(request.user).select_related("partnership")
    toolkit = get_object_or_404(toolkits, pk=toolkit_id)
    require(request.user, Permission.MANAGE_SETUP, toolkit.partnership_id)
    return toolkit


def toolkit_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_SETUP)
    toolkits = Toolkit.objects.visible_to(request.user).for_list(partnership)
    return render(request, "audits/toolkit_list.html", {"toolkits": toolkits})


def toolkit_create(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_SETUP)
    form = ToolkitForm(request.POST or None, partnership=partnership)
    if form.is_valid():
        toolkit = domain.create_toolkit(
            partnership=partnership, by=request.user, **form.cleaned_data
        )
        messages.success(request, f"{toolkit.name} is made. Now add its questions.")
        return redirect("toolkit-detail", toolkit.pk)
    context = {
        "form": form,
        "title": "Make a toolkit",
        "submit_label": "Make the toolkit",
        "back_url": reverse("toolkit-list"),
        "back_label": "Toolkits",
    }
    return render(request, "audits/form_page.html", context)


def toolkit_detail(request: SignedInRequest, toolkit_id: UUID) -> HttpResponse:
    toolkit = managed_toolkit(request, toolkit_id)
    context = {
        "toolkit": toolkit,
        "questions": toolkit.questions.with_conditions(),
        "audits": toolkit.audits.visible_to(request.user),
        "next_version": toolkit.version + 1,
    }
    return render(request, "audits/toolkit_detail.html", context)


def toolkit_update(request: SignedInRequest, toolkit_id: UUID) -> HttpResponse:
    toolkit = managed_toolkit(request, toolkit_id)
    if request.method != "POST" and toolkit.is_frozen:
        return refuse_frozen(request, toolkit)
    form = ToolkitForm(
        request.POST or None,
        partnership=toolkit.partnership,
        toolkit=toolkit,
        initial={"name": toolkit.name, "description": toolkit.description},
    )
    if form.is_valid():
        with refused_in(form):
            domain.update_toolkit(toolkit=toolkit, by=request.user, **form.cleaned_data)
            messages.success(request, "The toolkit is saved.")
            return redirect("toolkit-detail", toolkit.pk)
    context = {
        "form": form,
        "title": "Name and description",
        "caption": str(toolkit),
        "back_url": reverse("toolkit-detail", args=[toolkit.pk]),
        "back_label": "Back to the toolkit",
    }
    return render(request, "audits/form_page.html", context)


def refuse_frozen(request: SignedInRequest, toolkit: Toolkit) -> HttpResponse:
    """Back to the toolkit, whose page offers a new version."""
    messages.error(request, domain.FROZEN)
    return redirect("toolkit-detail", toolkit.pk)


def toolkit_preview(request: SignedInRequest, toolkit_id: UUID) -> HttpResponse:
    toolkit = managed_toolkit(request, toolkit_id)
    form = AnswersForm(questions=toolkit.questions.with_conditions())
    context = {"toolkit": toolkit, "answers": form}
    return render(request, "audits/toolkit_preview.html", context)


@require_POST
def toolkit_version_create(request: SignedInRequest, toolkit_id: UUID) -> HttpResponse:
    toolkit = managed_toolkit(request, toolkit_id)
    copy = domain.new_version(toolkit=toolkit, by=request.user)
    messages.success(request, f"Version {copy.version} is open to change.")
    return redirect("toolkit-detail", copy.pk)


def toolkit_remove(request: SignedInRequest, toolkit_id: UUID) -> HttpResponse:
    toolkit = managed_toolkit(request, toolkit_id)
    if request.method == "POST":
        try:
            domain.remove_toolkit(toolkit=toolkit, by=request.user)
        except RefusedError as error:
            messages.error(request, str(error))
            return redirect("toolkit-detail", toolkit.pk)
        messages.success(request, f"{toolkit} is removed.")
        return redirect("toolkit-list")
    context = {
        "title": f"Remove {toolkit}?",
        "confirm_label": "Remove it",
        "consequences": ["The toolkit and its questions are gone for good."],
        "cancel_url": reverse("toolkit-detail", args=[toolkit.pk]),
        "danger": True,
    }
    return render(request, "components/confirm.html", context)
