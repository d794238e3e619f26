from typing import Any

from django import forms

from agencies.forms import fields
from reports.documents.checks import Gap
from reports.documents.content import Audience


class PublishForm(forms.Form):
    """For whom, and which gaps are accepted without an action."""

    submit_label = "Publish both documents"
    hide_optional = True

    audience = fields.ChoiceField(
        label="Who are these documents for?",
        choices=[(each.value, each.marking) for each in Audience],
        initial=Audience.BOARD.value,
        choice_hints={
            Audience.BOARD.value: "For the board and the agencies. May carry small numbers.",
            Audience.PUBLIC.value: "For anybody. Small numbers and single cases are left "
            "out: preview it in this form.",
        },
    )

    def __init__(self, *args: Any, gaps: list[Gap], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if gaps:
            self.fields["accepted"] = fields.MultipleChoiceField(
                label="Gaps without an action that you accept as they are",
                help_text="Tick every one, or go back and add an action.",
                choices=[
                    (gap.finding.code, f"{', '.join(gap.marks)} – {gap.text}") for gap in gaps
                ],
                required=False,
            )

    @property
    def accepted(self) -> list[str]:
        codes: list[str] = self.cleaned_data.get("accepted", [])
        return codes
