"""Correcting a signed-off return: the whole of it in a form, and a reason."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from agencies.forms import fields
from agencies.middleware import written_words
from audits.domain import corrections
from audits.domain.case_texts import OWN_FIELDS, AnswerDraft, CaseReturnDraft, texts_of
from audits.domain.drafts import Basis, Text
from audits.domain.engagement import Line
from audits.domain.returns import RestorativeDraft, SummativeDraft
from audits.forms.agency_return import OverviewForm
from audits.forms.answers import AnswersForm, QuestionRow, answer_name, evidence_name
from audits.forms.case_return import CaseReturnForm
from audits.forms.picking import KINDS
from audits.forms.points import KIND_HEADINGS, PointsForm, point_name
from audits.models import KNOWN_TO_AGENCY, EngagementEntry, Known, Point, PointKind
from audits.reading.agency_returns import AgencyReturnPage
from audits.reading.case_returns import CaseReturnPage
from audits.reading.points import ListedPoint

OF_A_ROW = re.compile(r"entry-.+-words|action-.+-(text|owner|measure)|point_.+")
IN_REPORT = KIND_HEADINGS | {PointKind(kind): label for kind, label in KINDS}


class WhyForm(forms.Form):
    reason = fields.TextField(
        label="Why is it corrected?",
        help_text="Everybody who may read the return reads this beside the old and the new words. "
        "Please name no child or family.",
        rows=3,
        error_messages={"required": "Give a reason."},
    )


class CorrectedForm(CaseReturnForm):
    """The case return's own texts; whether the family is known at all cannot be corrected."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        not_known = self.initial["known"] == Known.NO
        shown = {"not_known_reason", "basis"} if not_known else {*self.fields} - NOT_KNOWN_ONLY
        for name in [*self.fields]:
            if name not in shown:
                del self.fields[name]
        if not_known:
            checked = self.fields["not_known_reason"]
            checked.required = True
            vars(checked).pop("follows", None)
        elif isinstance(known := self.fields["known"], fields.ChoiceField):
            known.choices = [(each.value, each.label) for each in KNOWN_TO_AGENCY]
            known.required = True


NOT_KNOWN_ONLY = {"not_known_reason"}


class LineForm(forms.Form):
    """One line of the chronology."""

    began = fields.DateField(label="From", required=False)
    ended = fields.DateField(label="Until", help_text="Empty if it goes on.", required=False)
    words = fields.TextField(label="What you did", rows=2)
    hide_optional = True

    def __init__(self, data: QueryDict | None, *, entry: EngagementEntry) -> None:
        super().__init__(data, prefix=f"entry-{entry.pk}")
        self.initial = {"began": entry.began_on, "ended": entry.ended_on, "words": entry.words}
        # Known by the same id as on the page on which it was written, to which places point.
        self.fields["words"].widget.attrs["id"] = f"id_entry_{entry.pk}_words"

    def clean(self) -> None:
        began, ended = self.cleaned_data.get("began"), self.cleaned_data.get("ended")
        if began and ended and ended < began:
            self.add_error("ended", "The end must not come before the beginning.")

    @property
    def line(self) -> Line:
        said = self.cleaned_data
        return Line(said["began"], said["ended"], said["words"])


class ActionForm(forms.Form):
    """One restorative action that is there."""

    text = fields.TextField(label="What will be done", rows=2)
    owner = fields.CharField(label="By whom", required=False, max_length=200)
    due_on = fields.DateField(label="By when", required=False)
    measure = fields.TextField(label="How we will know", required=False, rows=2)
    hide_optional = True


def _points(
    data: QueryDict | None,
    points: Iterable[Point],
    listed: Mapping[str, list[ListedPoint]],
    headings: Mapping[PointKind, str] = KIND_HEADINGS,
) -> PointsForm:
    """A box for the words of each point, named by where it stands in its list. A correction makes
    none anew, so one that went has none."""
    form = PointsForm(data, points=points, kinds=[])
    for pk in form.gone:
        del form.fields[point_name(pk)]
    form.gone = []
    names = []
    for kind, items in listed.items():
        for number, item in enumerate(items, 1):
            if item.editable:
                name = point_name(item.point.pk)
                form.fields[name].label = f"{headings[PointKind(kind)]}, point {number}"
                names.append(name)
    form.order_fields(names)
    return form


def _all_valid(asked: Iterable[forms.Form]) -> bool:
    valid = [form.is_valid() for form in asked]
    return all(valid)


def words_without_box(asked: Iterable[forms.Form], sent: QueryDict) -> list[str]:
    """What was sent for what these forms no longer hold: it went while somebody wrote."""
    left = sent.copy()
    for form in asked:
        for name in form.fields:
            left.pop(form.add_prefix(name), None)
    # Of a line or an action a single word counts, such as whose it is; elsewhere it may be a code.
    went = [left.pop(name)[0].strip() for name in list(left) if OF_A_ROW.fullmatch(name)]
    return [*filter(None, went), *written_words(left)]


class CaseCorrection:
    """The forms of one case return, bound to the same data."""

    def __init__(self, page: CaseReturnPage, data: QueryDict | None = None) -> None:
        self.page = page
        row = page.case_return
        self.agency_return = row.agency_return
        self.is_known = row.known != Known.NO
        self.reason = WhyForm(data)
        self.own = CorrectedForm(data, case_return=row, grades=page.grades)
        self.entries = {each.pk: LineForm(data, entry=each) for each in self._entries}
        said = {pk: AnswerDraft(each.value, each.evidence) for pk, each in page.answers.items()}
        questions = page.questions if self.is_known else []
        self.answers = AnswersForm(data, questions=questions, answers=said)
        for question in questions:
            if box := self.answers.fields.get(answer_name(question)):
                box.label = f"{question.number}. {question.text}"
        self.points = _points(data, page.distinct_points, page.points)

    @cached_property
    def _entries(self) -> list[EngagementEntry]:
        return list(self.page.case_return.engagement_entries.all()) if self.is_known else []

    @property
    def forms(self) -> list[forms.Form]:
        return [self.reason, self.own, *self.entries.values(), self.answers, self.points]

    def is_valid(self) -> bool:
        return _all_valid(self.forms)

    @property
    def story(self) -> list[BoundField]:
        """Engagement and voices, those that are asked for."""
        apart = {"known", "not_known_reason", "grade_reason"}
        return [
            self.own[name] for name in OWN_FIELDS if name in self.own.fields and name not in apart
        ]

    @property
    def rows(self) -> list[QuestionRow]:
        return [row for row in self.answers.rows if row.value is not None]

    @property
    def current_texts(self) -> dict[str, Text]:
        page = self.page
        return texts_of(
            page.case_return, page.answers.values(), page.distinct_points, self._entries
        )

    @property
    def basis(self) -> Basis:
        basis: Basis = self.own.cleaned_data["basis"]
        return basis

    def draft(self) -> CaseReturnDraft:
        own = self.own.cleaned_data
        return CaseReturnDraft(
            own={name: own[name] for name in OWN_FIELDS if name in own},
            grade=own.get("own_grade", ""),
            answers=self.answers.drafts(),
            points=self.points.texts(),
            entries={pk: form.line for pk, form in self.entries.items()},
            only=None if self.is_known else {"not_known_reason"},
        )

    def field_for(self, key: str) -> BoundField:
        kind, _, pk = key.partition(":")
        if kind == "point":
            return self.points[point_name(UUID(pk))]
        if kind == "entry":
            return self.entries[UUID(pk)]["words"]
        if not pk:
            return self.own[kind]
        question = next(each for each in self.page.questions if str(each.pk) == pk)
        return self.answers[answer_name(question) if kind == "answer" else evidence_name(question)]


class SummativeCorrection:
    """The forms of a summative report, bound to the same data."""

    def __init__(self, page: AgencyReturnPage, data: QueryDict | None = None) -> None:
        self.page = page
        row = self.agency_return = page.agency_return
        self.reason = WhyForm(data)
        self.overview = OverviewForm(data, initial={"overview": row.overview})
        self.points = _points(data, page.distinct_points, page.points, IN_REPORT)
        self.actions = {
            each.pk: ActionForm(
                data,
                prefix=f"action-{each.pk}",
                initial={
                    name: getattr(each, name) for name in ("text", "owner", "due_on", "measure")
                },
            )
            for each in row.restorative_actions.all()
        }

    @property
    def forms(self) -> list[forms.Form]:
        return [self.reason, self.overview, self.points, *self.actions.values()]

    def is_valid(self) -> bool:
        return _all_valid(self.forms)

    @property
    def current_texts(self) -> dict[str, Text]:
        return corrections.summative_texts(self.page.agency_return)

    @property
    def basis(self) -> Basis:
        basis: Basis = self.overview.cleaned_data["basis"]
        return basis

    def draft(self) -> SummativeDraft:
        return SummativeDraft(
            overview=self.overview.cleaned_data["overview"],
            points=self.points.texts(),
            actions=[
                RestorativeDraft(pk, **form.cleaned_data) for pk, form in self.actions.items()
            ],
        )

    def field_for(self, key: str) -> BoundField:
        kind, _, pk = key.partition(":")
        if kind == "point":
            return self.points[point_name(UUID(pk))]
        return self.actions[int(pk)]["text"] if kind == "action" else self.overview[kind]
