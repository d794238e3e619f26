"""Which agencies are reminded, chosen on the preview of what they are sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from agencies.forms import fields
from agencies.moments import told_moment
from audits.domain.reminders import Owing


class ReminderForm(forms.Form):
    """`seen_at`: when the preview was made, so that nobody is reminded twice by two presses."""

    agency = fields.MultipleChoiceField(
        label="Agencies to remind",
        error_messages={
            "required": "Tick at least one agency.",
            "invalid_choice": "One of these agencies no longer owes its return. Look again.",
        },
    )
    seen_at = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, owing: Iterable[Owing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        if isinstance(agency, forms.MultipleChoiceField):
            agency.choices = [(str(each.agency_return.pk), str(each.agency)) for each in owing]

    def clean_seen_at(self) -> datetime:
        moment = told_moment(self.cleaned_data["seen_at"])
        if moment is None:
            raise forms.ValidationError("Open this page again: it has lost when it was made.")
        return moment

    @property
    def chosen(self) -> set[UUID]:
        return {UUID(pk) for pk in self.cleaned_data["agency"]}
