"""Asking contributors about cases, and writing down what came of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils import timezone

from agencies.domain.contributors import too_many
from agencies.forms import fields
from agencies.forms.contributor import NAME_LENGTH, SEPARATORS
from agencies.models import Contributor
from audits.domain.contributor_requests import ANSWERED, Wanted
from audits.models import AgencyReturn, CaseReturn, ContributorRequest

Stage = ContributorRequest.Stage
NUMBERS = re.compile(r"^(cases?|nos?\.?|and|all|\d+|[-–,.&\s])+$", re.IGNORECASE)
RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)|(\d+)")
LONG = re.compile(r"\d{7}")
MAX_FAULTS = 40


@dataclass
class Line:
    """One pasted line taken apart; `numbers` is None where it names no case."""

    place: int
    name: str
    email: str = ""
    numbers: list[int] | None = None
    everything: bool = False
    faults: list[str] = field(default_factory=list)


def read_line(place: int, text: str) -> Line:
    """A name, an e-mail address if there is one, case numbers if there are any, in this order."""
    separator = next((each for each in SEPARATORS if each in text), ",")
    columns = [column.strip() for column in text.split(separator)]
    rest = next((n for n, column in enumerate(columns) if n and _is_no_name(column)), len(columns))
    line = Line(place, separator.join(columns[:rest]).strip() or columns[0])
    if separator == ",":
        line.name = ", ".join(columns[:rest])
    addresses = [column for column in columns[rest:] if "@" in column]
    spec = " ".join(column for column in columns[rest:] if column and "@" not in column)
    line.email = addresses[0] if addresses else ""
    if spec:
        _read_numbers(line, spec)
    return line


def _is_no_name(column: str) -> bool:
    return "@" in column or not column or NUMBERS.match(column) is not None


def _read_numbers(line: Line, spec: str) -> None:
    if NUMBERS.match(spec) is None:
        line.faults.append(f"“{spec[:60]}” names no cases. Give their numbers, or “all”.")
        return
    line.everything = "all" in spec.casefold()
    line.numbers = []
    if LONG.search(spec) or len(spec) > 2000:
        line.faults.append("give the numbers of its cases, or “all”.")
        return
    for first, last, single in RANGE.findall(spec):
        begin, end = (int(single), int(single)) if single else (int(first), int(last))
        if not begin <= end <= begin + 1000:
            line.faults.append(f"“{first}–{last}” is no range of cases.")
            continue
        line.numbers += range(begin, end + 1)


class AskForm(forms.Form):
    """Each pasted line asks about its own cases; one without numbers, and every contributor
    ticked, about the cases ticked."""

    lines = fields.TextField(
        label="Paste or type: name, e-mail address, cases",
        help_text="One a line, for example “Mill Lane Surgery; reception@mill.example; 1 4 7–9”, "
        "or “all” for every case. Two or three columns of a spreadsheet can be pasted. An "
        "address that is on your list already can be left out.",
        required=False,
        rows=6,
        longest=200_000,
        strip=False,
    )
    everybody = fields.BooleanField(label="Everybody on the list", required=False)
    contributors = fields.ModelMultipleChoiceField(
        label="Or tick those on your list",
        queryset=Contributor.objects.none(),
        required=False,
        inline=True,
    )
    every_case = fields.BooleanField(label="All cases", required=False)
    cases = fields.MultipleChoiceField(label="About which cases?", required=False, inline=True)
    asked_on = fields.DateField(label="Asked on", initial=timezone.localdate)
    hide_optional = True

    def __init__(
        self,
        *args: Any,
        agency_return: AgencyReturn,
        case_returns: Iterable[CaseReturn],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.case_returns = list(case_returns)
        self.by_number = {each.case.number: each for each in self.case_returns}
        self.agency = agency_return.agency
        self.on_list = self.agency.contributors.filter(active=True)
        contributors, cases = self.fields["contributors"], self.fields["cases"]
        if isinstance(contributors, forms.ModelMultipleChoiceField):
            contributors.queryset = self.on_list
        if isinstance(cases, forms.MultipleChoiceField):
            cases.choices = [(str(each.pk), str(each.case)) for each in self.case_returns]

    def clean_lines(self) -> list[Line]:
        numbered = enumerate(self.cleaned_data["lines"].splitlines(), start=1)
        lines = [read_line(number, text) for number, text in numbered if text.strip()]
        faults = [f"Line {line.place}: {words}" for line in lines for words in self._faults(line)]
        if len(faults) > MAX_FAULTS:
            more = len(faults) - MAX_FAULTS
            faults = [*faults[:MAX_FAULTS], f"And {more} more of this kind."]
        crowded = too_many(self.agency, [(line.name, line.email) for line in lines])
        faults = faults or [crowded] * bool(crowded)
        if faults:
            raise forms.ValidationError(faults)
        return lines

    def _faults(self, line: Line) -> Iterator[str]:
        yield from line.faults
        if not line.name or len(line.name) > NAME_LENGTH:
            yield f"give a name of at most {NAME_LENGTH} letters."
        try:
            forms.EmailField(required=False, max_length=254).clean(line.email)
        except forms.ValidationError:
            yield f"“{line.email[:80]}” is not an e-mail address."
        gone = sorted({number for number in line.numbers or [] if number not in self.by_number})
        if gone:
            noun = "case" if len(gone) == 1 else "cases"
            yield f"this audit asks about no {noun} {', '.join(map(str, gone[:10]))}."

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        lines = said.get("lines", [])
        ticked = said.get("everybody") or said.get("contributors")
        if not self.errors.get("lines") and not lines and not ticked:
            self.add_error("lines", "Name or tick at least one.")
        needs_cases = ticked or any(line.numbers is None for line in lines)
        if needs_cases and not (said.get("every_case") or said.get("cases")):
            self.add_error("cases", "Tick at least one case, or all.")
        return said

    @property
    def chosen_cases(self) -> list[CaseReturn]:
        if self.cleaned_data["every_case"]:
            return self.case_returns
        ticked = set(self.cleaned_data["cases"])
        return [each for each in self.case_returns if str(each.pk) in ticked]

    @property
    def chosen_contributors(self) -> list[Contributor]:
        if self.cleaned_data["everybody"]:
            return list(self.on_list)
        return list(self.cleaned_data["contributors"])

    @property
    def wanted(self) -> list[Wanted]:
        return [
            Wanted(line.name, self._cases_of(line), line.email)
            for line in self.cleaned_data["lines"]
        ]

    def _cases_of(self, line: Line) -> list[CaseReturn]:
        if line.numbers is None:
            return self.chosen_cases
        if line.everything:
            return self.case_returns
        return [self.by_number[number] for number in sorted(set(line.numbers))]


class CasesForm(forms.Form):
    """The cases that one contributor is asked about."""

    cases = fields.MultipleChoiceField(label="Asked about", required=False, inline=True)
    hide_optional = True

    def __init__(
        self,
        *args: Any,
        case_returns: Iterable[CaseReturn],
        requests: Iterable[ContributorRequest],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.case_returns: Mapping[str, CaseReturn] = {str(each.pk): each for each in case_returns}
        cases = self.fields["cases"]
        if isinstance(cases, forms.MultipleChoiceField):
            cases.choices = [(pk, str(each.case)) for pk, each in self.case_returns.items()]
        self.initial["cases"] = [str(each.case_return_id) for each in requests]

    def chosen(self) -> list[CaseReturn]:
        return [self.case_returns[pk] for pk in self.cleaned_data["cases"]]


class RecordForm(forms.Form):
    """What became of the requests ticked in the table."""

    requests = forms.ModelMultipleChoiceField(
        queryset=ContributorRequest.objects.none(),
        error_messages={"required": "Tick the cases to record first."},
    )
    stage = fields.ChoiceField(
        label="What came of the ones ticked?",
        choices=Stage.choices,
        inline=True,
        error_messages={"required": "Choose what came of them."},
    )
    answered_on = fields.DateField(
        label="Answered on", required=False, follows=("stage", list(ANSWERED))
    )
    reason = fields.TextField(
        label="Reason for declining",
        required=False,
        rows=2,
        follows=("stage", [Stage.DECLINED]),
        help_text="Left empty, a reason that stands in the table stays as it is.",
    )
    hide_optional = True

    def __init__(
        self, *args: Any, agency_return: AgencyReturn, contributor: Contributor, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answered_on"].initial = timezone.localdate
        requests = self.fields["requests"]
        if isinstance(requests, forms.ModelMultipleChoiceField):
            requests.queryset = ContributorRequest.objects.of_return(agency_return).filter(
                contributor=contributor
            )

    def clean(self) -> None:
        said = self.cleaned_data
        stage, on = said.get("stage"), said.get("answered_on")
        if stage in ANSWERED and not on and "answered_on" not in self.errors:
            self.add_error("answered_on", "Give the date of the answer.")
        if stage == Stage.DECLINED and not said.get("reason") and not self._reasons_stand():
            self.add_error("reason", "Say why they declined.")
        if (
            stage in ANSWERED
            and on
            and any(each.asked_on > on for each in said.get("requests", ()))
        ):
            self.add_error("answered_on", "The answer cannot come before the request.")

    def _reasons_stand(self) -> bool:
        """Whether all that are ticked have a reason already."""
        ticked = self.cleaned_data.get("requests", ())
        return bool(ticked) and all(each.reason for each in ticked)
