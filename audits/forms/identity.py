"""Who a child is, as the officer types it or sends it in a workbook; and why somebody looks."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst

from agencies.forms import fields
from agencies.forms.messages import field_errors
from agencies.models import Agency
from agencies.spreadsheets import WorkbookError, open_workbook
from audits.domain.identities import by_number, taken_words
from audits.domain.seals import HELD
from audits.forms.final import FinalWords
from audits.forms.identity_sheet import COLUMNS, Fault, Row, rows_of
from audits.identity import Identity
from audits.models import Case
from audits.reading.seals import spans
from audits.screening.nhs_numbers import check_digit_holds

POSTCODE = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})$")
REFERENCE = re.compile(r"^\s*([^:]+?)\s*:\s*(.+?)\s*$")
# Nothing of a child goes into a browser's memory of forms, or to a service that checks spelling.
PRIVATE = {"autocomplete": "off", "spellcheck": "false"}
LONGEST_LIFE = 130


class IdentityForm(forms.Form):
    """One child. Valid without a word in it: then `identity` is None."""

    hide_optional = True
    use_required_attribute = False

    given_names = fields.CharField(required=False, max_length=120, width="20")
    family_name = fields.CharField(required=False, max_length=120, width="20")
    born_on = fields.DateField(required=False, label="Date of birth")
    nhs_number = fields.CharField(required=False, max_length=20, label="NHS number", width="10")
    address = fields.CharField(required=False, max_length=300, width="full")
    postcode = fields.CharField(required=False, max_length=10, width="10")
    other_names = fields.CharField(
        required=False,
        max_length=300,
        width="full",
        label="Also known as",
        help_text="Several with commas between.",
    )
    relatives = fields.TextField(
        required=False,
        max_length=2000,
        rows=3,
        label="Siblings and carers",
        help_text="One a line: the name, a comma, and who they are.",
    )
    references = fields.TextField(
        required=False,
        max_length=2000,
        rows=3,
        label="Agencies’ own references",
        help_text="One a line, for example “POL: 4411”. Each agency sees its own alone.",
    )

    def __init__(self, *args: Any, agencies: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = list(agencies)
        for field in self.fields.values():
            field.widget.attrs |= PRIVATE

    def clean_born_on(self) -> date | None:
        day: date | None = self.cleaned_data["born_on"]
        today = timezone.localdate()
        if day and not today.year - LONGEST_LIFE < day.year:
            raise forms.ValidationError("This date of birth is too long ago.")
        if day and day > today:
            raise forms.ValidationError("This date of birth is in the future.")
        return day

    def clean_nhs_number(self) -> str:
        digits = re.sub(r"[\s-]", "", self.cleaned_data["nhs_number"])
        if digits and not (digits.isdecimal() and len(digits) == 10 and check_digit_holds(digits)):
            raise forms.ValidationError(
                "This is no NHS number: it has ten digits, and the last must fit the others."
            )
        return digits

    def clean_postcode(self) -> str:
        typed = " ".join(self.cleaned_data["postcode"].upper().split())
        found = POSTCODE.match(typed)
        if typed and not found:
            raise forms.ValidationError("This is no postcode, such as FE1 2AB.")
        return f"{found[1]} {found[2]}" if found else ""

    def clean_references(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in filter(
            None, (each.strip() for each in self.cleaned_data["references"].splitlines())
        ):
            match = REFERENCE.match(line)
            if match is None:
                raise forms.ValidationError(
                    "Write the agency’s short name, a colon, the reference."
                )
            found[str(self._asked(match[1]).pk)] = match[2]
        return found

    def _asked(self, name: str) -> Agency:
        """The sentence names the agencies and not what was typed: it may be a person's name."""
        wanted = name.casefold()
        for agency in self.agencies:
            if wanted in {agency.short_name.casefold(), agency.name.casefold()}:
                return agency
        names = ", ".join(agency.short_name for agency in self.agencies)
        raise forms.ValidationError(f"One of these agencies is not asked. Asked are: {names}.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        named = values.get("given_names") or values.get("family_name")
        if any(values.values()) and not named and not self.errors:
            self.add_error("family_name", "Give a name: without one nobody can find the child.")
        return values

    @property
    def identity(self) -> Identity | None:
        values = self.cleaned_data
        return Identity(**values) if any(values.values()) else None


def forms_for(
    cases: Iterable[Case], agencies: Iterable[Agency], data: Mapping[str, Any] | None = None
) -> list[IdentityForm]:
    """One a case, each with its number before its fields' names; always empty until sent."""
    asked = list(agencies)
    made = []
    for case in cases:
        form = IdentityForm(data, prefix=f"case-{case.number}", agencies=asked)
        form.case = case  # type: ignore[attr-defined]
        form.speaks_of = str(case)  # type: ignore[attr-defined]
        made.append(form)
    return made


Taken = Callable[[Mapping[Case, Identity]], Mapping[Case, Case]]
"""Whose NHS number another case of the audit has, and which (`identities.numbers_taken`)."""


def found_in(forms: Mapping[Case, IdentityForm], taken: Taken) -> dict[Case, Identity]:
    """Who the cases filled in are; a number that another case has is an error of its form."""
    found = {
        case: form.identity for case, form in forms.items() if form.is_valid() and form.identity
    }
    for case, other in taken(found).items():
        forms[case].add_error("nhs_number", taken_words(other))
    return found


class ReplaceForm(forms.Form):
    """Whether what is sealed for these cases may be replaced.

    What was agreed to is kept as the cases' numbers: a box ticked for some is not for others.
    """

    hide_optional = True

    replace = fields.BooleanField(required=False)

    def __init__(
        self, *args: Any, standing: Iterable[Case], is_held: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_held = is_held
        self.standing = sorted(standing, key=by_number)
        self.numbers = [str(case.number) for case in self.standing]
        self.fields["replace"].label = f"Replace what stands for {self.in_words}"

    @property
    def in_words(self) -> str:
        one = len(self.standing) == 1
        return f"{'case' if one else 'cases'} {spans(case.number or 0 for case in self.standing)}"

    @property
    def asks(self) -> bool:
        """A legal hold keeps what stands, so there is nothing to ask."""
        return bool(self.standing) and not self.is_held

    def clean(self) -> None:
        if self.standing and self.is_held:
            raise forms.ValidationError(f"{self._said} {HELD}")
        agreed = set(self.data.get("replaces", "").split(","))
        if self.cleaned_data.get("replace") and agreed.issuperset(self.numbers):
            return
        if self.standing:
            taken = "What you give would take the place of what stands there, whole."
            self.add_error("replace", f"{self._said} {taken}")

    @property
    def _said(self) -> str:
        is_are = "is" if len(self.standing) == 1 else "are"
        return f"{capfirst(self.in_words)} {is_are} sealed already, so nothing was sealed."


class IdentityUploadForm(forms.Form):
    """Valid when every row is right; `faults` names every cell that is not."""

    workbook = fields.FileField(
        label="The workbook you filled in",
        help_text="As .xlsx. It is read in memory, goes straight into the seal, and is kept "
        "nowhere.",
        allow_empty_file=True,
        error_messages={"required": "Choose the workbook you filled in."},
    )

    def __init__(
        self,
        *args: Any,
        cases: Iterable[Case],
        agencies: Iterable[Agency],
        taken: Taken,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.taken = taken
        self.places: dict[Case, Row] = {}
        self.fields["workbook"].widget.attrs["accept"] = ".xlsx"
        self.cases = {case.number: case for case in cases}
        self.agencies = list(agencies)
        self.faults: list[Fault] = []
        self.identities: dict[Case, Identity] = {}

    def clean_workbook(self) -> None:
        try:
            book = open_workbook(self.cleaned_data["workbook"])
        except WorkbookError as error:
            raise forms.ValidationError(str(error)) from error
        rows, self.faults = rows_of(book, self.agencies)
        for row in rows:
            self._check(row)
        for case, other in self.taken(self.identities).items():
            self._fault(self.places[case], "nhs_number", taken_words(other))
        if self.faults:
            number = len(self.faults)
            things = "1 thing is" if number == 1 else f"{number} things are"
            raise forms.ValidationError(
                f"{things} wrong in this workbook, so nothing was sealed. Put right what this "
                "page names, save the workbook and choose it again."
            )
        if not self.identities:
            raise forms.ValidationError("This workbook names no child. Fill in at least one row.")

    def _check(self, row: Row) -> None:
        case = self.cases.get(row.number)
        form = IdentityForm(row.values, agencies=self.agencies)
        if case is None:
            self._fault(row, "case", "There is no such case in this audit’s sample.")
        elif case in self.identities:
            self._fault(row, "case", "This case stands in the workbook twice.")
        elif form.is_valid() and form.identity:
            self.identities[case] = form.identity
            self.places[case] = row
        for name in form.errors:
            column = COLUMNS.get(name, "Reference")
            for words, _is_ours in field_errors(form[name]):
                self._fault(row, name, f"Case {row.number}, {column}: {words}")

    def _fault(self, row: Row, name: str, sentence: str) -> None:
        self.faults.append(Fault(row.place(name), sentence))


class LookForm(FinalWords):
    """Which children, and why: it is written down, and the officer reads it."""

    hide_optional = True
    # Without the key nothing is shown either, and the page says why.
    fails_closed = False

    every_case = fields.BooleanField(label="All cases", required=False)
    cases = fields.MultipleChoiceField(label="Which cases", required=False, inline=True)
    reason = fields.TextField(
        label="Why you need to know",
        rows=2,
        max_length=500,
        help_text="For example “To find our records for the audit”. The officer reads it. Name "
        "nobody.",
        error_messages={"required": "Say why you need to know who they are."},
    )

    def __init__(self, *args: Any, sealed: Iterable[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cases = {str(case.number): case for case in sealed}
        choices = self.fields["cases"]
        if isinstance(choices, forms.MultipleChoiceField):
            choices.choices = [(number, str(case)) for number, case in self._cases.items()]
        if len(self._cases) == 1:
            del self.fields["every_case"]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not said.get("every_case") and not said.get("cases") and not self.errors.get("cases"):
            self.add_error("cases", "Tick at least one case.")
        return said

    @property
    def chosen(self) -> list[Case]:
        if self.cleaned_data.get("every_case"):
            return list(self._cases.values())
        return [self._cases[number] for number in self.cleaned_data["cases"]]


class KeepUntilForm(forms.Form):
    keep_until = fields.DateField(
        label="Destroy them on",
        help_text="That night they are destroyed for good, in every backup too. Copies of the key "
        "that the operator keeps elsewhere have to be removed as well, within the time the "
        "operator’s procedure gives. Findings and counts stay.",
        error_messages={"required": "Give the day on which they are destroyed."},
    )

    def __init__(self, *args: Any, is_held: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_held:
            self.fields["keep_until"].help_text = (
                "They are on legal hold: nothing is destroyed before it is lifted, on this day "
                "or after it. Findings and counts stay."
            )

    def clean_keep_until(self) -> date:
        day: date = self.cleaned_data["keep_until"]
        today = timezone.localdate()
        if day <= today:
            raise forms.ValidationError("Give a day that is still to come.")
        if day.year > today.year + 6:
            raise forms.ValidationError("Give a day within the next six years.")
        return day
