"""The hidden field in which a page carries what its texts said when it was read."""

from typing import Any

from django import forms

from audits.domain.drafts import Basis


class BasisField(forms.CharField):
    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            error_messages={
                "invalid": "This page is out of date. Copy what you wrote, and load it again."
            },
            **kwargs,
        )

    def clean(self, value: Any) -> Basis:
        try:
            return Basis.parse(str(super().clean(value)))
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid") from None
