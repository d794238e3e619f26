from typing import Any

from django import forms
from django.core.validators import validate_slug

from agencies.forms import fields
from agencies.models import Agency
from audits.forms.choices import choose_from
from audits.models import PointKind, Question, Toolkit, YesNoAnswer

Kind = Question.Kind
KIND_HINTS = {
    Kind.YES_NO: "Yes, partly, no, not applicable or not recorded. It can be counted.",
    Kind.CHOICE: "One of the answers you list.",
    Kind.NUMBER: "A count, for example of visits.",
    Kind.DATE: "A day.",
    Kind.TEXT: "An answer in words.",
    Kind.POINTS: "Answered by the points an agency makes, so that nobody writes a thing twice.",
}
CAN_BE_FOLLOWED = [Kind.YES_NO, Kind.CHOICE]


class EarlierQuestionField(fields.ModelChoiceField):
    def label_from_instance(self, obj: Question) -> str:
        return f"{obj.number}. {obj.text}"


class QuestionForm(forms.Form):
    """One question of a toolkit; which other answers it may follow comes from the toolkit."""

    text = fields.TextField(label="Question", rows=2, help_text="As it is asked and printed.")
    kind = fields.ChoiceField(
        label="How it is answered",
        choices=Kind.choices,
        initial=Kind.YES_NO,
        choice_hints=KIND_HINTS,
    )
    choices = fields.TextField(
        required=False,
        rows=4,
        label="Answers to choose from",
        help_text="One a line.",
        follows=("kind", [Kind.CHOICE]),
    )
    point_kind = fields.ChoiceField(
        required=False,
        label="Which points answer it",
        choices=PointKind.choices,
        follows=("kind", [Kind.POINTS]),
    )
    help_text = fields.TextField(
        required=False, rows=2, label="Help", help_text="Shown under the question, as this is."
    )
    asks_evidence = fields.BooleanField(
        required=False, initial=True, label="Ask for evidence in words"
    )
    for_contributors = fields.BooleanField(
        required=False,
        label="Put it to contributors too",
        help_text="To the GP practices, schools or the like that an agency asks about a case. "
        "Keep theirs few: they have ten minutes.",
    )
    required = fields.BooleanField(
        required=False, initial=True, label="Must be answered before a case is complete"
    )
    follows = EarlierQuestionField(
        required=False,
        queryset=Question.objects.none(),
        empty_label="No: it is always asked",
        label="Is it asked only after a certain answer to another question?",
    )
    follows_answers = fields.MultipleChoiceField(required=False)
    agencies = fields.ModelMultipleChoiceField(
        required=False,
        queryset=Agency.objects.none(),
        label="Only for these agencies",
        help_text="Tick none to ask every agency.",
    )
    code = fields.CharField(
        required=False,
        max_length=40,
        width="20",
        label="Code",
        help_text="Short and lasting: figures name the question by it. Left empty, it is made "
        "from the words.",
        validators=[validate_slug],
    )

    def __init__(
        self, *args: Any, toolkit: Toolkit, question: Question | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.toolkit = toolkit
        self.question = question
        self._offer_earlier_questions()
        choose_from(
            self,
            "agencies",
            Agency.objects.filter(partnership=toolkit.partnership_id, active=True),
        )

    def _offer_earlier_questions(self) -> None:
        earlier = self.toolkit.questions.filter(kind__in=CAN_BE_FOLLOWED)
        if self.question is not None:
            earlier = earlier.filter(position__lt=self.question.position)
        choose_from(self, "follows", earlier)
        self.earlier = list(earlier)
        if not self.earlier:
            del self.fields["follows"], self.fields["follows_answers"]
            return
        labels = dict(answer for question in self.earlier for answer in question.answers)
        self.fields["follows_answers"] = fields.MultipleChoiceField(
            required=False,
            inline=True,
            label="After which answers",
            choices=list(labels.items()),
            follows=("follows", [question.pk for question in self.earlier]),
        )

    def clean_choices(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        others = self.toolkit.questions.filter(code=code)
        if self.question is not None:
            others = others.exclude(pk=self.question.pk)
        if code and others.exists():
            raise forms.ValidationError("Another question of this toolkit has this code.")
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind = values.get("kind")
        if kind == Kind.CHOICE and len(values.get("choices", [])) < 2:
            self.add_error("choices", "List at least two answers, one a line.")
        if kind == Kind.POINTS and not values.get("point_kind"):
            self.add_error("point_kind", "Choose which points answer it.")
        values["choices"] = values.get("choices", []) if kind == Kind.CHOICE else []
        values["point_kind"] = values.get("point_kind", "") if kind == Kind.POINTS else ""
        if kind == Kind.POINTS:
            values["asks_evidence"] = False
        self._check_what_it_follows(values)
        self._check_what_follows_it(values)
        return values

    def _check_what_it_follows(self, values: dict[str, Any]) -> None:
        before = values.setdefault("follows", None)
        given = values.get("follows_answers", [])
        if before is None:
            values["follows_answers"] = []
            return
        if not given:
            self.add_error("follows_answers", "Tick the answers after which it is asked.")
        known = dict(before.answers)
        for answer in given:
            if answer not in known:
                label = dict(YesNoAnswer.choices).get(answer, answer)
                message = f"“{label}” is not an answer to question {before.number}."
                self.add_error("follows_answers", message)

    def _check_what_follows_it(self, values: dict[str, Any]) -> None:
        """Later questions may hang on this one's answers, so those must remain possible."""
        if self.question is None or "kind" not in values:
            return
        possible = Question(kind=values["kind"], choices=values["choices"]).answers
        known = {value for value, _ in possible}
        for later in self.question.followed_by.all():
            if not set(later.follows_answers) <= known:
                message = f"Question {later.number} follows an answer this would take away."
                self.add_error("kind", message)

    @property
    def question_values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "agencies"}


def initial_of(question: Question) -> dict[str, Any]:
    """What the form shows of a question that is there already."""
    names = QuestionForm.base_fields
    values = {name: getattr(question, name) for name in names if name != "agencies"}
    return values | {
        "choices": "\n".join(question.choices),
        "follows": question.follows_id,
        "agencies": list(question.agencies.all()),
    }
