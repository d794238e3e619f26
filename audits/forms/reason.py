from typing import Any

from django import forms

from agencies.forms import fields


class ReasonForm(forms.Form):
    reason = fields.TextField(label="Reason", rows=3, error_messages={"required": "Give a reason."})

    def __init__(self, *args: Any, label: str = "Reason", hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = hint or (
            "Please name no child or family: a case is a number here."
        )
