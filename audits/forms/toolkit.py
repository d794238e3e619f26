from typing import Any

from django import forms

from agencies.forms import fields
from agencies.models import Partnership
from audits.models import Toolkit


class ToolkitForm(forms.Form):
    name = fields.CharField(max_length=200, width="30", help_text="For example “Neglect”.")
    description = fields.TextField(
        required=False, rows=2, help_text="What it is for; auditors read it above the questions."
    )

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        toolkit: Toolkit | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.toolkit = toolkit

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if self.toolkit is not None and name == self.toolkit.name:
            return name
        if Toolkit.objects.filter(partnership=self.partnership, name__iexact=name).exists():
            raise forms.ValidationError(
                "There is a toolkit of this name already. Open it and make a new version."
            )
        return name
