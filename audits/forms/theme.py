from typing import Any

from django import forms

from agencies.forms import fields
from agencies.models import Partnership
from audits.models import LearningTheme, Theme


class ThemeForm(forms.Form):
    """`theme` is the one being changed; a new one has no use for retiring."""

    name = fields.TitleField(max_length=200, width="30")
    priority = fields.TextField(
        required=False,
        rows=2,
        label="Board priority it comes from",
        help_text="In the words of the board’s plan. The documents say where a theme came from.",
    )
    description = fields.TextField(required=False, rows=3)
    active = fields.BooleanField(
        required=False,
        initial=True,
        label="Offer it for new audits",
        help_text="Untick to retire it. Audits that have it keep it.",
    )

    def __init__(
        self, *args: Any, partnership: Partnership, theme: Theme | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.theme = theme
        if theme is None:
            del self.fields["active"]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        others = Theme.objects.filter(partnership=self.partnership, name__iexact=name)
        if self.theme is not None:
            others = others.exclude(pk=self.theme.pk)
        if others.exists():
            raise forms.ValidationError("There is a theme of this name already.")
        return name


class LearningThemeForm(forms.Form):
    name = fields.TitleField(max_length=120, width="30")
    description = fields.TextField(
        required=False,
        rows=3,
        help_text="What belongs under it, so that everybody codes alike.",
    )
    active = fields.BooleanField(
        required=False,
        initial=True,
        label="Offer it for coding",
        help_text="Untick to retire it. What is coded to it stays so.",
    )

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        theme: LearningTheme | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.theme = theme
        if theme is None:
            del self.fields["active"]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        others = LearningTheme.objects.filter(partnership=self.partnership, name__iexact=name)
        if self.theme is not None:
            others = others.exclude(pk=self.theme.pk)
        if others.exists():
            raise forms.ValidationError("There is a learning theme of this name already.")
        return name
