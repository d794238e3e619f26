"""A toolkit's questions as form fields: for a case return, and for the preview of a toolkit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe

from agencies.forms import fields
from audits.domain.case_returns import AnswerDraft
from audits.models import Question, YesNoAnswer

RADIOS_UP_TO = 7


NO_ANSWER = AnswerDraft("", "")

# What is no answer to the question itself stands apart from “no”, which is one.
APART: dict[str, str] = {
    YesNoAnswer.NOT_APPLICABLE: " maca-answer--apart maca-answer--first",
    YesNoAnswer.NOT_RECORDED: " maca-answer--apart",
}


def answer_name(question: Question) -> str:
    return f"answer_{question.code}"


def evidence_name(question: Question) -> str:
    return f"evidence_{question.code}"


def question_field(question: Question, follows: Question | None = None) -> forms.Field:
    """The field for the answer itself; `follows` is the question it waits for.

    Never required: a return can be saved with whatever is there. A question of points has
    no field of its own, since points answer it.
    """
    common: dict[str, Any] = {
        "label": question.text,
        "help_text": question.help_text,
        "required": False,
    }
    if follows is not None:
        common["follows"] = (answer_name(follows), question.follows_answers)
    if choices := question.answers:
        if len(choices) > RADIOS_UP_TO:
            return fields.SelectField(choices=[("", "Choose one"), *choices], **common)
        return fields.ChoiceField(choices=choices, inline=True, **common)
    if question.kind == Question.Kind.NUMBER:
        return fields.DecimalField(max_digits=12, decimal_places=2, **common)
    if question.kind == Question.Kind.DATE:
        return fields.DateField(**common)
    return fields.TextField(rows=3, **common)


def as_stored(value: object) -> str:
    """A cleaned answer as the text an `Answer` holds."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "").strip()


@dataclass(frozen=True)
class QuestionRow:
    """One question as the page draws it. `value` and `evidence` are None where it has none."""

    question: Question
    follows: Question | None
    value: BoundField | None
    evidence: BoundField | None

    @property
    def follows_labels(self) -> str:
        """The answers that bring it up, as they read on the page: “Yes or Partly”."""
        if self.follows is None:
            return ""
        labels = dict(self.follows.answers)
        wanted = [labels.get(answer, answer) for answer in self.question.follows_answers]
        return " or ".join(wanted)

    @property
    def follows_name(self) -> str:
        """The name under which the page posts the answer this question waits for."""
        if self.follows is None:
            return ""
        name = answer_name(self.follows)
        return name if self.value is None else str(self.value.form.add_prefix(name))

    @property
    def follows_answers(self) -> str:
        return "|".join(self.question.follows_answers)

    @property
    def describedby(self) -> str:
        """Ids of the words that go with the answer: its help and its errors."""
        if self.value is None:
            return ""
        help_id = [f"{self.value.auto_id}_helptext"] if self.value.help_text else []
        error_id = [f"{self.value.auto_id}_error"] if self.value.errors else []
        return " ".join(help_id + error_id)

    @property
    def radios(self) -> SafeString:
        """The answers to choose from, drawn in one go: a toolkit has a hundred of them, and
        the template language would take most of the page's time over them."""
        if self.value is None:
            return SafeString("")
        name, stem, chosen = self.value.html_name, self.value.auto_id, str(self.value.value() or "")
        return mark_safe(  # noqa: S308 - what a toolkit says is escaped, names and ids are slugs
            "".join(
                f'<div class="govuk-radios__item maca-answer{APART.get(value, "")}">'
                '<input class="govuk-radios__input"'
                f' type="radio" name="{name}" value="{escape(value)}" id="{stem}_{n}"'
                f"{' checked' if value == chosen else ''}>"
                f'<label class="govuk-label govuk-radios__label" for="{stem}_{n}">'
                f"{escape(label)}</label></div>"
                for n, (value, label) in enumerate(self.question.answers)
            )
        )

    @property
    def is_radios(self) -> bool:
        return self.value is not None and isinstance(self.value.field.widget, forms.RadioSelect)


class AnswersForm(forms.Form):
    """The questions put to one agency, in printed order, with their evidence boxes.

    `answers` maps a question's id to what it says now. `rows` draws the form; `drafts` is
    what was typed, as it is to be stored.
    """

    hide_optional = True

    def __init__(
        self,
        *args: Any,
        questions: Iterable[Question],
        answers: Mapping[UUID, AnswerDraft] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        self._by_id = {question.pk: question for question in self.questions}
        for question in self.questions:
            self._add(question, (answers or {}).get(question.pk, NO_ANSWER))

    def _add(self, question: Question, answer: AnswerDraft) -> None:
        if question.kind == Question.Kind.POINTS:
            return
        self.fields[answer_name(question)] = question_field(question, self._before(question))
        self.initial[answer_name(question)] = answer.value
        if question.asks_evidence:
            self.fields[evidence_name(question)] = fields.TextField(
                label=f"Evidence for question {question.number}", required=False, rows=2
            )
            self.initial[evidence_name(question)] = answer.evidence

    def _before(self, question: Question) -> Question | None:
        return self._by_id.get(question.follows_id) if question.follows_id else None

    @property
    def rows(self) -> list[QuestionRow]:
        return [
            QuestionRow(
                question,
                self._before(question),
                self._bound(answer_name(question)),
                self._bound(evidence_name(question)),
            )
            for question in self.questions
        ]

    def _bound(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None

    def drafts(self) -> dict[UUID, AnswerDraft]:
        """What was typed for each question that has a field; call when valid."""
        return {
            question.pk: AnswerDraft(
                as_stored(self.cleaned_data.get(answer_name(question))),
                as_stored(self.cleaned_data.get(evidence_name(question))),
            )
            for question in self.questions
            if question.kind != Question.Kind.POINTS
        }
