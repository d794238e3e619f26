"""Forms of an agency's return as a whole."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField, formset_factory
from django.forms.formsets import BaseFormSet
from django.http import QueryDict

from agencies.forms import fields
from agencies.models import User
from audits.domain.drafts import Basis, Text
from audits.domain.returns import RestorativeDraft, SummativeDraft, summative_texts
from audits.forms.basis import BasisField
from audits.forms.points import PointsBlock, PointsForm, block, new_name, point_name
from audits.models import CaseReturn, PointKind
from audits.reading.agency_returns import AgencyReturnPage

SUMMATIVE_KINDS = [PointKind.WENT_WELL, PointKind.CAN_BE_IMPROVED]
HOW_CHECKED = (
    "For example: “Searched our records by name and date of birth, both parents included.” "
    "Say how, not who."
)


class AssignForm(forms.Form):
    """One choice of auditor a case return; `rows` pairs them."""

    def __init__(
        self,
        *args: Any,
        case_returns: Iterable[CaseReturn],
        auditors: Iterable[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.case_returns = list(case_returns)
        self.auditors = {str(each.pk): each for each in auditors}
        for each in self.case_returns:
            names = dict.fromkeys([*self.auditors], "")
            choices = [("", "Nobody yet"), *((pk, self.auditors[pk].name) for pk in names)]
            if each.auditor is not None and str(each.auditor_id) not in names:
                choices.append((str(each.auditor_id), each.auditor.name))
            self.fields[f"auditor_{each.pk}"] = fields.SelectField(
                label=f"Auditor of {each.case}",
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "govuk-select"}),
            )
            self.initial[f"auditor_{each.pk}"] = str(each.auditor_id or "")

    def chosen(self) -> Mapping[UUID, User | None]:
        """Who is to audit what; a person who has left the agency stays where they are."""
        result: dict[UUID, User | None] = {}
        for each in self.case_returns:
            pk = self.cleaned_data[f"auditor_{each.pk}"]
            result[each.pk] = self.auditors.get(pk) or (each.auditor if pk else None)
        return result


class NilForm(forms.Form):
    how_checked = fields.TextField(
        label="How did you check?",
        help_text=HOW_CHECKED,
        rows=3,
        error_messages={"required": "Say how you checked."},
    )


class OverviewForm(forms.Form):
    overview = fields.TextField(
        label="Overview",
        help_text="What these cases say about your agency’s work, in a few paragraphs.",
        required=False,
        rows=8,
        label_size="m",
    )
    basis = BasisField()
    hide_optional = True


class RestorativeActionForm(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = fields.TextField(label="What will be done", required=False, rows=2)
    owner = fields.CharField(label="By whom", required=False, max_length=200)
    due_on = fields.DateField(label="By when", required=False)
    measure = fields.TextField(
        label="How we will know",
        help_text="What will be different, and where one can see it.",
        required=False,
        rows=2,
    )
    hide_optional = True

    def clean(self) -> None:
        cleaned = self.cleaned_data
        about = any(cleaned.get(name) for name in ("owner", "due_on", "measure"))
        if about and not cleaned.get("text"):
            self.add_error("text", "Say what will be done, or clear the line.")


RestorativeActions = formset_factory(RestorativeActionForm, extra=2, max_num=60)


class SummativeSheet:
    """The forms of the summative report, bound to the same data."""

    def __init__(self, page: AgencyReturnPage, data: QueryDict | None = None) -> None:
        self.page = page
        self.overview = OverviewForm(data, initial={"overview": page.agency_return.overview})
        self.points = PointsForm(
            data,
            points=page.distinct_points,
            kinds=SUMMATIVE_KINDS,
            last_kinds=page.last_kinds,
        )
        self.standing = list(page.agency_return.restorative_actions.all())
        self.actions: BaseFormSet[RestorativeActionForm] = RestorativeActions(
            data,
            prefix="actions",
            initial=[
                {name: getattr(row, name) for name in ("pk", "text", "owner", "due_on", "measure")}
                for row in self.standing
            ],
        )

    @property
    def forms(self) -> list[forms.Form | BaseFormSet[RestorativeActionForm]]:
        return [self.overview, self.points, self.actions]

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.forms]
        return all(valid)

    @property
    def blocks(self) -> list[PointsBlock]:
        return [block(self.points, kind, self.page.points) for kind in SUMMATIVE_KINDS]

    @property
    def texts_basis(self) -> Basis:
        return Basis.of(self.texts)

    @property
    def texts(self) -> dict[str, Text]:
        """What stands in the database."""
        return summative_texts(self.page.agency_return, self.page.distinct_points, self.standing)

    @property
    def basis(self) -> Basis:
        basis: Basis = self.overview.cleaned_data["basis"]
        return basis

    def give_back(self, shown: Collection[str]) -> None:
        """As for a case return."""
        if self.overview.is_bound:
            self.points.give_back(self.overview.cleaned_data.get("basis"), shown)

    def draft(self) -> SummativeDraft:
        return SummativeDraft(
            overview=self.overview.cleaned_data["overview"],
            points=self.points.texts(),
            begun=self.points.new_points(),
            new_points=self.points.new_lines(),
            actions=[
                RestorativeDraft(
                    row.get("pk"),
                    row.get("text", ""),
                    row.get("owner", ""),
                    row.get("due_on"),
                    row.get("measure", ""),
                )
                for row in self.actions.cleaned_data
                if row
            ],
        )

    def field_for(self, key: str) -> BoundField:
        kind, _, pk = key.partition(":")
        if kind == "action":
            rows = (each for each in self.actions if str(each["pk"].value()) == pk)
            return next(rows)["text"]
        if kind == "row":
            begun = (
                each for each in self.actions if each["text"].value() and not each["pk"].value()
            )
            return next(begun)["text"]
        if kind == "new":
            return self.points[new_name(pk)]
        return self.points[point_name(UUID(pk))] if kind == "point" else self.overview[kind]
