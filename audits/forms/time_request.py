"""Asking for more time, and answering."""

from datetime import date
from typing import Any

from django import forms

from agencies.forms import fields
from audits.models import TimeRequest

GRANTED, REFUSED = TimeRequest.Answer.GRANTED.value, TimeRequest.Answer.REFUSED.value
LONGEST = 90


class AskForTimeForm(forms.Form):
    days = fields.IntegerField(
        label="How many more days do you need?",
        min_value=1,
        max_value=LONGEST,
        width="3",
        suffix="days",
        help_text="Weekends count too.",
        error_messages={
            "required": "Say how many days you need.",
            "invalid": "Give a whole number of days, for example 5.",
        },
    )
    reason = fields.TextField(
        label="Why?",
        rows=3,
        max_length=2000,
        help_text="The officer reads it here; it is not in the mail. Do not name a child.",
        error_messages={"required": "Say why, so that the officer can decide."},
    )


class UntilForm(forms.Form):
    """A day for one agency alone, later than the one it has."""

    until = fields.DateField(
        label="New date for this agency",
        required=False,
        error_messages={"invalid": "Give the date as 31/1/2027."},
    )
    reason = fields.TextField(
        label="What you tell them",
        required=False,
        rows=3,
        max_length=2000,
        help_text="It stands on the page of their return, not in the mail.",
    )

    def __init__(self, *args: Any, due_on: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due_on = due_on

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.is_granted(values) and "until" not in self.errors:
            self._check_day(values.get("until"))
        return values

    def is_granted(self, values: dict[str, Any]) -> bool:
        return True

    def _check_day(self, until: date | None) -> None:
        if until is None:
            self.add_error("until", "Give the new date.")
        elif self.due_on is not None and until <= self.due_on:
            self.add_error(
                "until", f"Give a day after {self.due_on:%-d %B %Y}, when it is due now."
            )


class AnswerTimeForm(UntilForm):
    answer = fields.ChoiceField(
        label="Give them more time?",
        choices=[(GRANTED, "Yes, until a new date"), (REFUSED, "No, the date stays")],
        error_messages={"required": "Choose whether they get more time."},
    )
    field_order = ("answer", "until", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].follows = ("answer", [GRANTED])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("answer") == REFUSED and not values.get("reason"):
            self.add_error("reason", "Say why the date stays.")
        return values

    def is_granted(self, values: dict[str, Any]) -> bool:
        return values.get("answer") == GRANTED
