"""A concern about immediate risk, and the answer to it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.forms import fields
from audits.forms.final import FinalWords
from audits.models import Case

RISK = "risk"
WORKER = "worker"


class ConcernForm(forms.Form):
    about = fields.ChoiceField(
        label="What is it about?",
        choices=[
            (RISK, "Somebody may be at immediate risk"),
            (WORKER, "How one worker has behaved"),
        ],
        error_messages={"required": "Say what it is about."},
    )
    words = fields.TextField(
        label="What worries you?",
        help_text="In a few words. Name nobody: the case number says who it is.",
        rows=4,
        required=False,
        follows=("about", [RISK]),
    )
    done_already = fields.TextField(
        label="What have you done already?",
        help_text="For example: “Rang the front door at 10.15, referral to follow.”",
        rows=2,
        required=False,
        follows=("about", [RISK]),
    )

    def __init__(self, *args: Any, cases: Iterable[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cases = {str(case.pk): case for case in cases}
        choices = [(pk, str(case)) for pk, case in self._cases.items()]
        self.fields["case"] = fields.SelectField(
            label="Which case?",
            required=False,
            follows=("about", [RISK]),
            choices=[("", "None of them, or several"), *choices],
        )
        self.order_fields(["about", "case", "words", "done_already"])

    @property
    def is_about_a_worker(self) -> bool:
        return self.cleaned_data.get("about") == WORKER

    @property
    def chosen_case(self) -> Case | None:
        return self._cases.get(self.cleaned_data["case"])

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"].strip()
        if not words and self.cleaned_data.get("about") == RISK:
            raise ValidationError("Say what worries you.")
        return words


class RewordForm(forms.Form):
    """Other words for a concern that is sent already, such as without a name."""

    words = fields.TextField(
        label="What worries you?",
        help_text="Name nobody: the case number says who it is.",
        rows=4,
        error_messages={"required": "Say what worries you."},
    )
    done_already = fields.TextField(label="What have you done already?", rows=2, required=False)


class AcknowledgeForm(FinalWords):
    acknowledgement = fields.TextField(
        label="What have you done, or seen to?",
        help_text="For example: “Spoke to the front door at 11.05; they have the referral.” "
        "Name no child and no family.",
        rows=3,
        error_messages={"required": "Say what you have done, or seen to."},
    )
