"""An uploaded workbook of case returns, and what a person decides about its differences."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms

from agencies.forms import fields
from agencies.models import User
from agencies.spreadsheets import WorkbookError, open_workbook
from audits.models import AgencyReturn
from reports.reading.workbook import case_returns_of, content_of
from reports.spreadsheets.differences import (
    MAX_OFFER,
    OfferLostError,
    differences,
    sealed,
    unsealed,
)
from reports.spreadsheets.reading import Fault, Read, UploadRefusedError, key_of, read

SHOWN_FAULTS = 300


class UploadForm(forms.Form):
    """Valid when the workbook is one of this return and nothing in it is wrong.

    `result` is what came of reading it, `found` what it would change, `sealed` both for the way
    to the confirming page and back.
    """

    workbook = fields.FileField(
        label="The workbook you filled in",
        help_text="As .xlsx. You see every difference before anything is taken over.",
        allow_empty_file=True,
        error_messages={"required": "Choose the workbook you filled in."},
    )

    def __init__(self, *args: Any, agency_return: AgencyReturn, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workbook"].widget.attrs["accept"] = ".xlsx"
        self.agency_return = agency_return
        self.by = by
        self.result = Read()
        self.sealed = ""

    def clean_workbook(self) -> None:
        row = self.agency_return
        try:
            book = open_workbook(self.cleaned_data["workbook"])
            key = key_of(book, row.pk, row.audit.toolkit_id)
        except (WorkbookError, UploadRefusedError) as error:
            raise forms.ValidationError(str(error)) from error
        named = [sheet.case_return for sheet in key.sheets]
        content = content_of(row, case_returns_of(row).filter(pk__in=named))
        self.result = read(book, key, content)
        self.found = differences(content, self.result.offers)
        self.result.faults += self.found.faults
        if faults := len(self.result.faults):
            things = "1 thing is" if faults == 1 else f"{faults:,} things are"
            raise forms.ValidationError(
                f"{things} wrong in this workbook, so nothing was taken over. Put right what this "
                "page names, save the workbook and choose it again."
            )
        self.sealed = sealed(self.result.offers, whose=row.pk, by=self.by)
        if len(self.sealed) > MAX_OFFER:
            raise forms.ValidationError(
                "This is too much for one go. Download the cases in smaller groups."
            )

    @property
    def faults(self) -> Iterator[tuple[str, list[Fault]]]:
        """By sheet, as they come in the workbook."""
        shown = self.result.faults[:SHOWN_FAULTS]
        for sheet, faults in groupby(shown, key=lambda fault: fault.sheet):
            yield sheet, list(faults)

    @property
    def more_faults(self) -> int:
        return max(0, len(self.result.faults) - SHOWN_FAULTS)


class TakeOverForm(forms.Form):
    """What the confirming page carries, and what was decided on it."""

    offer = forms.CharField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    complete = fields.BooleanField(
        label="Then complete the cases that lack nothing any more", required=False
    )

    def __init__(self, *args: Any, agency_return: AgencyReturn, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency_return = agency_return
        self.by = by

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        try:
            cleaned["offers"] = unsealed(
                cleaned.get("offer", ""), whose=self.agency_return.pk, by=self.by
            )
        except OfferLostError:
            raise forms.ValidationError(
                "The differences were shown too long ago. Upload the workbook again."
            ) from None
        return cleaned

    @property
    def mine(self) -> set[str]:
        """Names of the disputed texts that the workbook decides."""
        chosen = (self.data.get(name, "") for name in self.data if name.startswith("decide-"))
        return {str(name) for name in chosen if name}

    @property
    def emptied(self) -> set[str]:
        """Names of the texts that are emptied as their cells were."""
        data: Any = self.data
        return set(data.getlist("emptied"))
