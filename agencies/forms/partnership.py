"""How a partnership chases, and what it tells somebody who sees a child at risk."""

from typing import Any

from django import forms

from agencies.forms import fields
from agencies.models import Partnership

LONGEST = 60


def _days_field(label: str, least: int, hint: str = "") -> fields.IntegerField:
    return fields.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=LONGEST,
        width="3",
        suffix="days",
        error_messages={
            "required": "Give a number of days.",
            "invalid": "Give a whole number of days, for example 5.",
        },
    )


class PartnershipSettingsForm(forms.Form):
    remind_days_before = _days_field(
        "Remind agencies before the due date", 0, "0 for no reminder before the day itself."
    )
    tell_lead_days_after = _days_field("Tell the agency’s lead after the due date", 1)
    tell_chair_days_after = _days_field("Tell the chair after the due date", 1)
    small_numbers_below = fields.IntegerField(
        label="In documents for the public, withhold counts below",
        help_text="And whatever would give them away. From 3 to 50; 8 is usual.",
        min_value=3,
        max_value=50,
        width="3",
        error_messages={
            "required": "Give a number from 3 to 50.",
            "invalid": "Give a whole number from 3 to 50.",
        },
    )
    immediate_risk_advice = fields.TextField(
        label="What somebody is told to do at once when a child is at immediate risk",
        help_text="It stands at the top of the page on which a concern is raised. Say whom to "
        "ring, with numbers.",
        rows=8,
        width="full",
        max_length=4000,
        error_messages={"required": "Say what to do at once: the page shows it to people."},
    )

    keep_identities_months = fields.IntegerField(
        label="Destroy who the cases are after an audit’s last date",
        help_text="Where they are sealed here. The officer can set another day for one audit.",
        min_value=1,
        max_value=LONGEST,
        width="3",
        suffix="months",
        error_messages={
            "required": "Give a number of months.",
            "invalid": "Give a whole number of months, for example 6.",
        },
    )

    DAYS = ("remind_days_before", "tell_lead_days_after", "tell_chair_days_after")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(partnership, name) for name in self.fields}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        lead, chair = values.get("tell_lead_days_after"), values.get("tell_chair_days_after")
        if lead and chair and chair < lead:
            self.add_error(
                "tell_chair_days_after",
                "Tell the lead first: give as many days as theirs, or more.",
            )
        return values
