"""The page of one case return, made of forms that are sent together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from agencies.forms import fields
from audits.domain.case_returns import OWN_FIELDS, VOICES, AnswerDraft, CaseReturnDraft
from audits.domain.drafts import Basis
from audits.forms.answers import AnswersForm, QuestionRow, answer_name, evidence_name
from audits.forms.basis import BasisField
from audits.forms.chronology import ChronologyForm, entry_name
from audits.forms.points import PointsBlock, PointsForm, block, new_name, point_name
from audits.models import CaseReturn, Grade, Known, PointKind
from audits.reading.case_returns import CaseReturnPage


class CaseReturnForm(forms.Form):
    """The texts of the case return itself; `grades` are those of the audit's scale."""

    known = fields.ChoiceField(
        label="Is the family known to you?",
        choices=Known.choices,
        required=False,
        label_size="m",
        inline=True,
    )
    not_known_reason = fields.TextField(
        label="How did you check?",
        help_text="For example: “Searched our records by name and date of birth, both parents "
        "included.” Say how, not who.",
        required=False,
        rows=2,
        follows=("known", [Known.NO]),
    )
    engagement_past = fields.TextField(
        label="Past engagement",
        help_text="What you did with the family before the period looked at, and what came of it.",
        required=False,
        rows=4,
    )
    engagement_present = fields.TextField(
        label="Present engagement", help_text="What you do with them now.", required=False, rows=4
    )
    voice_practitioners = fields.TextField(
        label="What practitioners say",
        help_text="Those who worked with the family: what helped, what stood in the way.",
        required=False,
        rows=3,
    )
    voice_child = fields.TextField(
        label="What the child says",
        help_text="In their own words where you have them, and how they were asked. No names.",
        required=False,
        rows=3,
    )
    voice_family = fields.TextField(
        label="What the family says",
        help_text="Parents, carers, siblings: how they met your agency’s work. No names.",
        required=False,
        rows=3,
    )
    own_grade = fields.ChoiceField(label="Your grade", required=False)
    grade_reason = fields.TextField(label="Why this grade?", required=False, rows=3)
    basis = BasisField()
    hide_optional = True

    def __init__(
        self, *args: Any, case_return: CaseReturn, grades: Iterable[Grade], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for voice in set(VOICES) - set(case_return.audit.voices):
            del self.fields[voice]
        scale = list(grades)
        grade = self.fields["own_grade"]
        if isinstance(grade, fields.ChoiceField):
            grade.choices = [(each.code, each.label) for each in scale] + [("", "No grade yet")]
        # Read where the field is drawn: see agencies/forms/fields.py.
        vars(grade)["choice_hints"] = {each.code: each.description for each in scale}
        own = case_return.own_grade
        self.initial.update({name: getattr(case_return, name) for name in OWN_FIELDS})
        self.initial["own_grade"] = own.code if own else ""


@dataclass(frozen=True)
class Row:
    """One question of the page; `block` where points answer it."""

    asked: QuestionRow
    block: PointsBlock | None


class Sheet:
    """The forms of one page, bound to the same data."""

    def __init__(self, page: CaseReturnPage, data: QueryDict | None = None) -> None:
        self.page = page
        self.own = CaseReturnForm(data, case_return=page.case_return, grades=page.grades)
        answers = {pk: AnswerDraft(each.value, each.evidence) for pk, each in page.answers.items()}
        self.answers = AnswersForm(data, questions=page.questions, answers=answers)
        self.points = PointsForm(
            data,
            points=page.distinct_points,
            kinds=PointKind.values,
            last_kinds=page.last_kinds,
        )
        self.chronology = ChronologyForm(data, entries=page.entries)

    @property
    def forms(self) -> list[forms.Form]:
        return [self.own, self.chronology, self.answers, self.points]

    def is_valid(self) -> bool:
        errors = [form.errors for form in self.forms]
        return not any(errors)

    @property
    def rows(self) -> list[Row]:
        """A kind asked for twice is answered where it is asked first."""
        rows, placed = [], set()
        for asked in self.answers.rows:
            kind = asked.question.point_kind
            if kind and kind not in placed:
                placed.add(kind)
                rows.append(Row(asked, block(self.points, kind, self.page.points)))
            else:
                rows.append(Row(asked, None))
        return rows

    @cached_property
    def other_blocks(self) -> list[PointsBlock]:
        return [block(self.points, kind, self.page.points) for kind in self.page.other_kinds]

    def give_back(self, shown: Collection[str]) -> None:
        """Before a refusal is drawn: whatever was typed has a box, or is `shown` beside them."""
        if self.own.is_bound:
            self.points.give_back(self.own.cleaned_data.get("basis"), shown)

    def draft(self) -> CaseReturnDraft:
        """What the forms say together; call when all are valid."""
        own = self.own.cleaned_data
        return CaseReturnDraft(
            own={name: own[name] for name in OWN_FIELDS if name in own},
            grade=own["own_grade"],
            answers=self.answers.drafts(),
            points=self.points.texts(),
            begun=self.points.new_points(),
            entries=self.chronology.drafts(),
            new_points=self.points.new_lines(),
        )

    @property
    def voices(self) -> list[BoundField]:
        """What practitioners, the child and the family say, as far as the audit asks."""
        return [self.own[name] for name in self.page.case_return.audit.voices]

    @property
    def basis(self) -> Basis:
        basis: Basis = self.own.cleaned_data["basis"]
        return basis

    def field_for(self, key: str) -> BoundField:
        """The field of a text that somebody else changed too, or that there is no room for."""
        kind, _, pk = key.partition(":")
        if kind == "point":
            return self.points[point_name(UUID(pk))]
        if kind == "new":
            return self.points[new_name(pk)]
        if kind == "entry":
            return self.chronology[entry_name(UUID(pk), "words")]
        if not pk:
            return self.own[kind]
        question = next(each for each in self.page.questions if str(each.pk) == pk)
        name = answer_name(question) if kind == "answer" else evidence_name(question)
        return self.answers[name]
