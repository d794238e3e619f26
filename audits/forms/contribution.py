"""What a contributor fills in: the code from its mail, and its answer about one case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from agencies.forms import fields
from audits.domain.case_returns import AnswerDraft
from audits.domain.contributor_replies import ANSWERS, ReplyDraft
from audits.domain.drafts import Basis
from audits.domain.points import as_lines
from audits.domain.room import NoRoomError
from audits.forms.answers import AnswersForm, QuestionRow, answer_name, evidence_name
from audits.forms.basis import BasisField
from audits.forms.points import KIND_HEADINGS
from audits.models import PointKind, Question
from audits.reading.contribution import ReplyPage

UNASKED_KINDS = (PointKind.WENT_WELL, PointKind.CAN_BE_IMPROVED)
"""Points of these kinds are asked for where the toolkit asks its contributors for none."""


class CodeForm(forms.Form):
    code = fields.CharField(
        label="The six digits in the e-mail",
        width="10",
        error_messages={"required": "Type the code from the e-mail."},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        digits = "".join(each for each in self.cleaned_data["code"] if each.isdecimal())
        if len(digits) != 6:
            raise forms.ValidationError("A code has six digits. Type all six.")
        return digits


def points_name(kind: str) -> str:
    return f"points_{kind}"


class ReplyForm(forms.Form):
    """Whether there is anything to tell, and the points; the questions are a form of their own.

    `asked` names the question that asks for points of a kind; without one, two kinds are asked.
    """

    says = fields.ChoiceField(
        label="What can you tell us?",
        choices=[
            (ANSWERS, "We can answer"),
            ("nothing", "We hold nothing about this case"),
            ("declines", "We decline to answer"),
        ],
        required=False,
        label_size="m",
    )
    reason = fields.TextField(
        label="Why do you decline?", required=False, rows=2, follows=("says", ["declines"])
    )
    basis = BasisField()
    hide_optional = True

    def __init__(
        self,
        *args: Any,
        asked: Mapping[str, Question],
        points: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = list(asked) or [str(kind) for kind in UNASKED_KINDS]
        for kind in self.kinds:
            question = asked.get(kind)
            self.fields[points_name(kind)] = fields.TextField(
                label=question.text if question else KIND_HEADINGS[PointKind(kind)],
                help_text=" ".join(
                    part for part in (question.help_text if question else "", "One a line.") if part
                ),
                required=False,
                rows=4,
            )
            self.initial[points_name(kind)] = points.get(kind, "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("says") == "declines" and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say in a few words why you decline.")
        return cleaned

    def lines(self) -> dict[str, list[str]]:
        return {kind: as_lines(self.cleaned_data[points_name(kind)]) for kind in self.kinds}

    @property
    def points_fields(self) -> list[BoundField]:
        return [self[points_name(kind)] for kind in self.kinds]


@dataclass
class ReplySheet:
    """Both forms of the page about one case, bound to the same data.

    `final` is whether this is meant as the answer: then what must be answered is.
    """

    page: ReplyPage
    data: QueryDict | None = None

    @property
    def final(self) -> bool:
        return self.data is not None and self.data.get("do") != "stay"

    @cached_property
    def own(self) -> ReplyForm:
        form = ReplyForm(self.data, asked=self.page.points_asked, points=self.page.points_words)
        form.initial.update({"says": self.page.says, "reason": self.page.request.reason})
        return form

    @cached_property
    def answers(self) -> AnswersForm:
        said = {
            pk: AnswerDraft(each.value, each.evidence) for pk, each in self.page.answers.items()
        }
        return AnswersForm(self.data, questions=self.page.to_answer, answers=said)

    @property
    def forms(self) -> list[forms.Form]:
        return [self.own, self.answers]

    @property
    def rows(self) -> list[QuestionRow]:
        return self.answers.rows

    def is_valid(self) -> bool:
        if not all([self.own.is_valid(), self.answers.is_valid()]):
            return False
        if self.final:
            self._check_answer()
        else:
            self._check_for_later()
        return not (self.own.errors or self.answers.errors)

    def _check_answer(self) -> None:
        says = self.own.cleaned_data["says"]
        if not says:
            self.own.add_error("says", "Choose one of these, or save it for later.")
        if says != ANSWERS:
            return
        said = self.answers.drafts()
        values = {pk: draft.value for pk, draft in said.items()}
        for question in _in_play(self.page.to_answer, values):
            if question.required and not values[question.pk]:
                message = f"Answer question {question.number}, or save it for later."
                self.answers.add_error(answer_name(question), message)
        if self.answers.errors:
            return
        if not any(values.values()) and not any(self.own.lines().values()):
            self.own.add_error(
                "says", "Write down at least one thing, or say that you hold nothing."
            )

    def _check_for_later(self) -> None:
        """A reason goes with declining: with no choice made it would be kept nowhere."""
        own = self.own.cleaned_data
        if not own["says"] and own["reason"] not in ("", self.page.request.reason):
            self.own.add_error(
                "says", "Choose “We decline to answer” to save why you decline, or empty that box."
            )

    def draft(self) -> ReplyDraft:
        own = self.own.cleaned_data
        return ReplyDraft(
            says=own["says"],
            reason=own["reason"],
            answers=self.answers.drafts(),
            points=self.own.lines(),
            final=self.final,
        )

    @property
    def basis(self) -> Basis:
        basis: Basis = self.own.cleaned_data["basis"]
        return basis

    def tell_no_room(self, full: NoRoomError) -> None:
        """Beside each box whose words there is no room for; all that was typed stays there."""
        for key in dict.fromkeys(full.keys):
            field = self.field_for(key)
            field.form.add_error(field.name, str(full))

    def field_for(self, key: str) -> BoundField:
        """The field of a text that somebody else changed too."""
        kind, _, rest = key.partition(":")
        if kind == "points":
            return self.own[points_name(rest)]
        if not rest:
            return self.own[kind]
        question = next(each for each in self.page.to_answer if str(each.pk) == rest)
        name = answer_name(question) if kind == "answer" else evidence_name(question)
        return self.answers[name]


def _in_play(questions: Iterable[Question], values: Mapping[UUID, str]) -> list[Question]:
    """A question that follows one which contributors are not asked always comes up."""
    asked = {question.pk: question for question in questions}
    shown: set[UUID] = set()
    for pk, question in asked.items():
        before = question.follows_id
        if (
            before is None
            or before not in asked
            or (before in shown and values.get(before, "") in question.follows_answers)
        ):
            shown.add(pk)
    return [asked[pk] for pk in asked if pk in shown]
