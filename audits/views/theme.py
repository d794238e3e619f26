from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agencies.access import SignedInRequest, require, require_anywhere
from agencies.roles import Permission
from audits.domain import themes as domain
from audits.forms.theme import ThemeForm
from audits.models import Theme


def theme_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_SETUP)
    themes = Theme.objects.visible_to(request.user).for_list(partnership)
    return render(request, "audits/theme_list.html", {"themes": themes})


def theme_create(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.MANAGE_SETUP)
    form = ThemeForm(request.POST or None, partnership=partnership)
    if form.is_valid():
        theme = domain.create_theme(partnership=partnership, by=request.user, **form.cleaned_data)
        messages.success(request, f"{theme} is added.")
        return redirect("theme-list")
    context = {
        "form": form,
        "title": "Add a theme",
        "submit_label": "Add the theme",
        "back_url": reverse("theme-list"),
        "back_label": "Themes",
    }
    return render(request, "audits/form_page.html", context)


def theme_update(request: SignedInRequest, theme_id: UUID) -> HttpResponse:
    theme = get_object_or_404(Theme.objects.visible_to(request.user), pk=theme_id)
    require(request.user, Permission.MANAGE_SETUP, theme.partnership_id)
    form = ThemeForm(
        request.POST or None,
        partnership=theme.partnership,
        theme=theme,
        initial={name: getattr(theme, name) for name in ThemeForm.base_fields},
    )
    if form.is_valid():
        domain.update_theme(theme=theme, by=request.user, **form.cleaned_data)
        messages.success(request, f"{theme} is saved.")
        return redirect("theme-list")
    context = {
        "form": form,
        "title": theme.name,
        "caption": "Theme",
        "back_url": reverse("theme-list"),
        "back_label": "Themes",
    }
    return render(request, "audits/form_page.html", context)
