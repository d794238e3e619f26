"""Asking contributors about cases, and writing down what came of it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from agencies.forms import fields
from agencies.models import Contributor
from audits.domain.contributor_requests import ANSWERED
from audits.domain.points import as_lines
from audits.models import AgencyReturn, CaseReturn, ContributorRequest

Stage = ContributorRequest.Stage


class AskForm(forms.Form):
    """Every contributor chosen or named is asked about every case chosen."""

    contributors = fields.ModelMultipleChoiceField(
        label="Those on your list",
        queryset=Contributor.objects.none(),
        required=False,
        inline=True,
    )
    new_names = fields.TextField(
        label="Others, one a line",
        help_text="You can paste a list. They are kept for the next audit.",
        required=False,
        rows=4,
    )
    cases = fields.MultipleChoiceField(
        label="About which cases?",
        inline=True,
        error_messages={"required": "Tick at least one case."},
    )
    asked_on = fields.DateField(label="Asked on", initial=timezone.localdate)

    def __init__(
        self,
        *args: Any,
        agency_return: AgencyReturn,
        case_returns: Iterable[CaseReturn],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {str(each.pk): each for each in case_returns}
        contributors, cases = self.fields["contributors"], self.fields["cases"]
        if isinstance(contributors, forms.ModelMultipleChoiceField):
            contributors.queryset = agency_return.agency.contributors.filter(active=True)
        if isinstance(cases, forms.MultipleChoiceField):
            cases.choices = [(pk, str(each.case)) for pk, each in self.by_id.items()]

    def clean_new_names(self) -> list[str]:
        names = as_lines(self.cleaned_data["new_names"])
        if any(len(name) > 200 for name in names):
            raise forms.ValidationError("Give each a name of up to 200 characters.")
        return list(dict.fromkeys(names))

    def clean(self) -> None:
        if not self.errors and not (
            self.cleaned_data["contributors"] or self.cleaned_data["new_names"]
        ):
            self.add_error("contributors", "Tick or name at least one.")

    def chosen_cases(self) -> list[CaseReturn]:
        return [self.by_id[pk] for pk in self.cleaned_data["cases"]]


class RecordForm(forms.Form):
    """What became of the requests ticked in the table."""

    requests = forms.ModelMultipleChoiceField(
        queryset=ContributorRequest.objects.none(),
        error_messages={"required": "Tick the requests to record first."},
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
        label="Reason for declining", required=False, rows=2, follows=("stage", [Stage.DECLINED])
    )
    hide_optional = True

    def __init__(self, *args: Any, agency_return: AgencyReturn, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answered_on"].initial = timezone.localdate
        requests = self.fields["requests"]
        if isinstance(requests, forms.ModelMultipleChoiceField):
            requests.queryset = ContributorRequest.objects.filter(
                case_return__agency_return=agency_return
            )

    def clean(self) -> None:
        said = self.cleaned_data
        stage, on = said.get("stage"), said.get("answered_on")
        if stage in ANSWERED and not on and "answered_on" not in self.errors:
            self.add_error("answered_on", "Give the date of the answer.")
        if stage == Stage.DECLINED and not said.get("reason"):
            self.add_error("reason", "Say why they declined.")
        if (
            stage in ANSWERED
            and on
            and any(each.asked_on > on for each in said.get("requests", ()))
        ):
            self.add_error("answered_on", "The answer cannot come before the request.")
