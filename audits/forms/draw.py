from typing import Any

from django import forms

from agencies.forms import fields
from audits.domain.draws import rows_drawn_before
from audits.forms.case import AT_ONCE
from audits.models import Audit


class DrawForm(forms.Form):
    """The size of a list in, row numbers out; the list itself stays outside."""

    list_description = fields.CharField(
        max_length=200,
        width="full",
        label="Which list it is drawn from",
        help_text="Enough to find it again, for example “Referrals to the front door, April to "
        "June, as extracted on 3 July, sorted by reference”.",
    )
    list_size = fields.IntegerField(
        min_value=1, max_value=1_000_000, label="How many rows the list has", width="5"
    )
    sample_size = fields.IntegerField(
        min_value=1, max_value=AT_ONCE, label="How many cases to draw", width="3"
    )
    seed = fields.CharField(
        required=False,
        max_length=40,
        width="10",
        label="Seed",
        help_text="The number or word the draw starts from: the same seed draws the same rows. "
        "Left empty, one is made and shown.",
    )

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit = audit

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        size, sample = values.get("list_size"), values.get("sample_size")
        if size is None or sample is None:
            return values
        taken = rows_drawn_before(
            self.audit,
            list_description=values.get("list_description", ""),
            list_size=size,
        )
        if sample > size - len(taken):
            left = size - len(taken)
            self.add_error("sample_size", f"Only {left} rows of this list are left to draw.")
        return values
