from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, require, require_anywhere
from agencies.roles import Permission
from audits.domain import themes as domain
from audits.forms.theme import LearningThemeForm
from audits.models import LearningTheme


def learning_theme_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_SETUP)
    themes = LearningTheme.objects.visible_to(request.user).for_list(partnership)
    return render(request, "audits/learning_theme_list.html", {"themes": themes})


@require_POST
def learning_theme_default(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_SETUP)
    added = domain.apply_default_learning_themes(partnership=partnership, by=request.user)
    messages.success(request, f"{added} learning themes were added from the default list.")
    return redirect("learning-theme-list")


def learning_theme_create(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_SETUP)
    form = LearningThemeForm(request.POST or None, partnership=partnership)
    if form.is_valid():
        theme = domain.create_learning_theme(
            partnership=partnership, by=request.user, **form.cleaned_data
        )
        messages.success(request, f"{theme} is added at the end of the list.")
        return redirect("learning-theme-list")
    context = {
        "form": form,
        "title": "Add a learning theme",
        "submit_label": "Add the learning theme",
        "back_url": reverse("learning-theme-list"),
        "back_label": "Learning themes",
    }
    return render(request, "audits/form_page.html", context)


def _managed(request: SignedInRequest, learning_theme_id: UUID) -> LearningTheme:
    themes = LearningTheme.objects.visible_to(request.user).select_related("partnership")
    theme = get_object_or_404(themes, pk=learning_theme_id)
    require(request.user, Permission.MANAGE_SETUP, theme.partnership_id)
    return theme


def learning_theme_update(request: SignedInRequest, learning_theme_id: UUID) -> HttpResponse:
    theme = _managed(request, learning_theme_id)
    form = LearningThemeForm(
        request.POST or None,
        partnership=theme.partnership,
        theme=theme,
        initial={name: getattr(theme, name) for name in LearningThemeForm.base_fields},
    )
    if form.is_valid():
        domain.update_learning_theme(theme=theme, by=request.user, **form.cleaned_data)
        messages.success(request, f"{theme} is saved.")
        return redirect("learning-theme-list")
    context = {
        "form": form,
        "title": theme.name,
        "caption": "Learning theme",
        "back_url": reverse("learning-theme-list"),
        "back_label": "Learning themes",
    }
    return render(request, "audits/form_page.html", context)


@require_POST
def learning_theme_move(
    request: SignedInRequest, learning_theme_id: UUID, direction: str
) -> HttpResponse:
    theme = _managed(request, learning_theme_id)
    domain.move_learning_theme(theme=theme, by=request.user, up=direction == "up")
    return redirect(reverse("learning-theme-list") + f"#theme-{theme.pk}")


def learning_theme_remove(request: SignedInRequest, learning_theme_id: UUID) -> HttpResponse:
    theme = _managed(request, learning_theme_id)
    used = domain.is_used(theme)
    if request.method == "POST":
        deleted = domain.remove_learning_theme(theme=theme, by=request.user)
        messages.success(request, f"{theme.name} is {'removed' if deleted else 'retired'}.")
        return redirect("learning-theme-list")
    context = {
        "title": f"{'Retire' if used else 'Remove'} “{theme.name}”?",
        "confirm_label": "Retire it" if used else "Remove it",
        "consequences": [
            "It is no longer offered for coding."
            if used
            else "Nothing is coded to it, so it leaves the list for good.",
            *(["What is coded to it stays so, and documents keep it."] if used else []),
        ],
        "cancel_url": reverse("learning-theme-list"),
        "danger": not used,
    }
    return render(request, "components/confirm.html", context)
