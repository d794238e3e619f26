"""Sending contributors their links: to whom, and until when they work."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from agencies.forms import fields
from agencies.models import Contributor
from audits.domain.contributor_links import default_expiry, end_of_day
from audits.models import AgencyReturn
from audits.reading.contributors import ContributorRow

LONGEST = timedelta(days=180)


class SendForm(forms.Form):
    contributors = forms.ModelMultipleChoiceField(
        queryset=Contributor.objects.none(),
        error_messages={"required": "Tick at least one of them."},
    )
    last_day = fields.DateField(
        label="The links work until",
        help_text="To the end of that day, or until the return is signed off.",
        error_messages={"required": "Give the last day on which the links work."},
    )
    learns_by = fields.TextField(
        label="How will they learn who the children are?",
        required=False,
        rows=3,
        max_length=500,
        error_messages={"max_length": "Say it in 500 letters at most."},
    )

    def __init__(
        self,
        *args: Any,
        agency_return: AgencyReturn,
        rows: Iterable[ContributorRow],
        ticked: Collection[UUID],
        otherwise: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        contributors = self.fields["contributors"]
        if isinstance(contributors, forms.ModelMultipleChoiceField):
            contributors.queryset = agency_return.agency.contributors.filter(
                pk__in=[row.id for row in rows]
            )
        self.initial["last_day"] = timezone.localdate(default_expiry(agency_return))
        self.ticked = {str(pk) for pk in ticked}
        self.fields[
            "learns_by"
        ].help_text = (
            f"They read it above their cases. Name no child. Left empty, they read: “{otherwise}”"
        )

    @property
    def chosen_ids(self) -> set[str]:
        """Those ticked on the page: as sent, or as it begins."""
        data: Any = self.data
        return set(data.getlist("contributors")) if self.is_bound else self.ticked

    def clean_last_day(self) -> Any:
        day = self.cleaned_data["last_day"]
        if day < timezone.localdate():
            raise forms.ValidationError("This day is past. Give one from today on.")
        if day > timezone.localdate() + LONGEST:
            raise forms.ValidationError("Give a day within half a year.")
        return day

    @property
    def expires_at(self) -> datetime:
        return end_of_day(self.cleaned_data["last_day"])
