from typing import Any

from django import forms

from agencies.forms import fields
from agencies.models import Agency
from audits.forms.choices import choose_from
from audits.models import Audit, Figure, Question

COUNTED = Figure.Kind.COUNTED
STATED = Figure.Kind.STATED


class FigureForm(forms.Form):
    """A count: counted from the returns by a rule, or stated by an agency."""

    kind = fields.ChoiceField(
        label="Where the number comes from",
        choices=Figure.Kind,
        choice_hints={
            COUNTED: "By the counting rules, from the returns as they stand.",
            STATED: "An agency gives the number; the annex marks it as stated.",
        },
        error_messages={"required": "Say where the number comes from."},
    )
    code = fields.CharField(
        label="Code",
        max_length=60,
        width="20",
        help_text="Short, small letters, for example “police-met-good”. A finding’s text names "
        "the figure as {figure:code}.",
        error_messages={"required": "Give the figure a code."},
    )
    agency = fields.ModelChoiceField(
        label="Agency",
        queryset=Agency.objects.none(),
        required=False,
        empty_label="All agencies together",
    )
    measure = fields.ChoiceField(
        label="What is counted",
        choices=Figure.Measure,
        required=False,
        follows=("kind", [COUNTED]),
    )
    question = fields.ModelChoiceField(
        label="Question",
        queryset=Question.objects.none(),
        required=False,
        follows=("measure", list(Figure.OF_QUESTION)),
    )
    label = fields.CharField(
        label="What was counted, in words",
        max_length=200,
        required=False,
        follows=("kind", [STATED]),
    )
    numerator = fields.IntegerField(
        label="Number", required=False, min_value=0, follows=("kind", [STATED])
    )
    denominator = fields.IntegerField(
        label="Out of",
        required=False,
        min_value=0,
        help_text="Leave it empty if it is not a part of something.",
        follows=("kind", [STATED]),
    )
    unit = fields.CharField(
        label="Unit",
        max_length=60,
        required=False,
        width="10",
        help_text="For example “cases”.",
        follows=("kind", [STATED]),
    )
    stated_by = fields.CharField(
        label="Who said so",
        max_length=200,
        required=False,
        help_text="For example “Police, summative report”.",
        follows=("kind", [STATED]),
    )

    def __init__(
        self, *args: Any, audit: Audit, figure: Figure | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hide_optional = True
        self.audit, self.figure = audit, figure
        choose_from(self, "agency", audit.agencies_asked.order_by("name"))
        yes_no = audit.toolkit.questions.filter(kind=Question.Kind.YES_NO)
        choose_from(self, "question", yes_no)
        asked: Any = self.fields["question"]
        asked.label_from_instance = lambda question: f"{question.number}. {question.text}"
        if figure:
            self.initial.update({name: getattr(figure, name) for name in self.fields})

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().lower()
        forms.SlugField().clean(code)
        same = self.audit.figures.filter(code=code)
        if self.figure:
            same = same.exclude(pk=self.figure.pk)
        if same.exists():
            raise forms.ValidationError("Another figure of this audit already has this code.")
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, message in self._missing(cleaned):
            if not self.errors.get(name):
                self.add_error(name, message)
        return cleaned

    def _missing(self, cleaned: dict[str, Any]) -> list[tuple[str, str]]:
        if cleaned.get("kind") == COUNTED:
            return self._missing_counted(cleaned)
        if cleaned.get("kind") == STATED:
            return self._missing_stated(cleaned)
        return []

    def _missing_counted(self, cleaned: dict[str, Any]) -> list[tuple[str, str]]:
        if not cleaned.get("measure"):
            return [("measure", "Choose what is counted.")]
        if cleaned["measure"] not in Figure.OF_QUESTION:
            return []
        question = cleaned.get("question")
        if not question:
            return [("question", "Choose the question whose answers are counted.")]
        of_contributors = cleaned["measure"] == Figure.Measure.CONTRIBUTORS_YES
        if of_contributors and not question.for_contributors:
            return [("question", "Contributors were not asked this. Choose one that they were.")]
        return []

    def _missing_stated(self, cleaned: dict[str, Any]) -> list[tuple[str, str]]:
        missing = []
        if not cleaned.get("label"):
            missing.append(("label", "Say what was counted."))
        if cleaned.get("numerator") is None:
            missing.append(("numerator", "Enter the number."))
        if not cleaned.get("unit"):
            missing.append(("unit", "Give the unit: a number alone says nothing."))
        if not cleaned.get("stated_by"):
            missing.append(("stated_by", "Say who stated it."))
        out_of, number = cleaned.get("denominator"), cleaned.get("numerator")
        if out_of is not None and number is not None and number > out_of:
            missing.append(("denominator", "It cannot be less than the number."))
        return missing
