from typing import Any

from django import forms
from django.utils.text import Truncator

from agencies.forms import fields
from audits.forms.choices import choose_from
from audits.forms.final import FinalWords
from audits.models import Case, Nomination

AT_ONCE = 200


class AddCasesForm(forms.Form):
    """Many cases at once: a number of them, or one reason a line."""

    count = fields.IntegerField(
        required=False,
        min_value=1,
        max_value=AT_ONCE,
        width="3",
        label="How many cases",
        help_text="They get the next numbers. Use this when the cases were agreed elsewhere.",
    )
    reasons = fields.TextField(
        required=False,
        rows=8,
        label="Or their reasons, one a line",
        help_text="Every line becomes a case. Leave out anything that says who it is about.",
    )

    def clean_reasons(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["reasons"].splitlines()]
        reasons = [line for line in lines if line]
        if len(reasons) > AT_ONCE:
            raise forms.ValidationError(f"Add at most {AT_ONCE} cases at once.")
        return reasons

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        if values.get("count") and values.get("reasons"):
            self.add_error("count", "Give either a number or the reasons, not both.")
        if not values.get("count") and not values.get("reasons"):
            self.add_error("count", "Say how many cases, or give their reasons below.")
        return values


class NominationField(fields.ModelChoiceField):
    def label_from_instance(self, obj: Nomination) -> str:
        return Truncator(obj.reason).chars(90)


class ReplaceForm(FinalWords):
    """Why a case goes, unless that is known already, and which one takes its place."""

    reason = fields.TextField(
        rows=3,
        label="Why it is withdrawn",
        help_text="It stands beside the retired number. Do not name a child or their family.",
        error_messages={"required": "Give a reason."},
    )
    nomination = NominationField(
        queryset=Nomination.objects.none(),
        required=False,
        label="Which case takes its place",
        empty_label="A case without a nomination",
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "nomination", case.audit.nominations.proposed())
        if case.is_withdrawn:
            del self.fields["reason"]
