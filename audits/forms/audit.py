"""The set-up of an audit, in a few forms that validate and never write."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Q, QuerySet

from agencies.forms import fields
from agencies.models import Agency, Partnership
from audits.domain.audits import VOICES, GradeStep, needs_reason
from audits.forms.choices import choose_from
from audits.forms.revisioned import RevisionedForm
from audits.models import Audit, DateMove, Theme, Toolkit

DATES = [str(field.value) for field in DateMove.Field]


class AuditForm(forms.Form):
    """What an audit is about and why the agencies are asked."""

    # Nearly everything can wait, and saying so at every field would be noise.
    hide_optional = True
    GROUPS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What it is about", ("title", "code", "theme", "toolkit", "predecessor")),
        ("How it came about", ("kind", "asked_for_by", "asked_for_on", "asked_for_reason")),
        (
            "Why the agencies are asked",
            ("purpose", "legal_power", "identity_channel", "lookback_from", "lookback_to"),
        ),
        ("Whose voices each case return asks for", VOICES),
    )

    title = fields.TitleField(
        max_length=200, width="full", help_text="As it should stand on the printed documents."
    )
    code = fields.TitleField(
        max_length=40, width="10", help_text="Short and never used twice, for example “2026-03”."
    )
    theme = fields.ModelChoiceField(queryset=Theme.objects.none())
    toolkit = fields.ModelChoiceField(
        queryset=Toolkit.objects.none(),
        help_text="The questions every agency answers. It is frozen once the audit circulates.",
    )
    predecessor = fields.ModelChoiceField(
        queryset=Audit.objects.none(),
        required=False,
        label="Earlier audit it follows",
        empty_label="None",
        help_text="So that findings seen before can be marked as such.",
    )
    kind = fields.ChoiceField(
        choices=Audit.Kind.choices,
        initial=Audit.Kind.PROGRAMMED,
        inline=True,
        label="Kind of audit",
        choice_hints={
            Audit.Kind.PROGRAMMED: "From the yearly programme.",
            Audit.Kind.EXTRAORDINARY: "One agency asked for it; the documents say so.",
        },
    )
    asked_for_by = fields.ModelChoiceField(
        queryset=Agency.objects.none(),
        required=False,
        label="Which agency asked for it",
        follows=("kind", [Audit.Kind.EXTRAORDINARY]),
    )
    asked_for_on = fields.DateField(
        required=False,
        label="When it was asked for",
        follows=("kind", [Audit.Kind.EXTRAORDINARY]),
    )
    asked_for_reason = fields.TextField(
        required=False,
        label="Why it was asked for",
        rows=3,
        follows=("kind", [Audit.Kind.EXTRAORDINARY]),
    )
    purpose = fields.TextField(
        required=False,
        label="Purpose of the request",
        rows=3,
        help_text="What agencies are asked for and what it will be used for. They read this.",
    )
    legal_power = fields.TextField(
        required=False,
        label="Legal power to share",
        rows=3,
        help_text="The power under which the partnership asks and the agencies answer.",
    )
    identity_channel = fields.TextField(
        required=False,
        label="How agencies are told who the cases are",
        rows=3,
        help_text="Your own secure way, in words. Names are never entered here. Where you seal "
        "who the cases are, agencies are told of that instead.",
    )
    lookback_from = fields.DateField(required=False, label="Look at practice from")
    lookback_to = fields.DateField(required=False, label="Look at practice until")

    asks_practitioners = fields.BooleanField(required=False, label="What practitioners say")
    asks_child = fields.BooleanField(required=False, label="What the child says")
    asks_family = fields.BooleanField(
        required=False,
        label="What the family says",
        help_text="Those ticked are asked of every agency, beside the toolkit, and need not be "
        "answered. Fixed once the audit circulates.",
    )

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        audit: Audit | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.audit = audit
        choose_from(self, "theme", self._living(Theme.objects.all(), "theme"))
        choose_from(self, "toolkit", Toolkit.objects.filter(partnership=partnership))
        choose_from(self, "asked_for_by", self._living(Agency.objects.all(), "asked_for_by"))
        earlier = Audit.objects.filter(partnership=partnership)
        choose_from(self, "predecessor", earlier.exclude(pk=audit.pk) if audit else earlier)
        if audit is not None and audit.is_locked:
            for name in ("toolkit", *VOICES):
                self.fields[name].disabled = True
            self.fields["toolkit"].help_text = "Frozen, because the audit has circulated."
            self.fields["asks_family"].help_text = "Fixed, because the audit has circulated."

    def _living(self, queryset: QuerySet[Any], name: str) -> QuerySet[Any]:
        """Retired themes and agencies stay choosable only where they were chosen before."""
        before = getattr(self.audit, f"{name}_id", None)
        return queryset.filter(Q(active=True) | Q(pk=before), partnership=self.partnership)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        others = Audit.objects.filter(partnership=self.partnership, code=code)
        if self.audit is not None:
            others = others.exclude(pk=self.audit.pk)
        if others.exists():
            raise forms.ValidationError("Another audit already has this code. Choose another.")
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == Audit.Kind.EXTRAORDINARY:
            self._ask_how_it_came_about(values)
        else:
            values |= {"asked_for_by": None, "asked_for_on": None, "asked_for_reason": ""}
        begins, ends = values.get("lookback_from"), values.get("lookback_to")
        if begins and ends and ends < begins:
            self.add_error("lookback_to", "The period must not end before it begins.")
        return values

    def _ask_how_it_came_about(self, values: dict[str, Any]) -> None:
        if "asked_for_by" not in self.errors and not values.get("asked_for_by"):
            self.add_error("asked_for_by", "Choose the agency that asked for it.")
        if "asked_for_reason" not in self.errors and not values.get("asked_for_reason"):
            self.add_error("asked_for_reason", "Say why it was asked for.")

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as the page shows them, under their headings."""
        return [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in self.GROUPS
        ]

    @property
    def audit_values(self) -> dict[str, Any]:
        """The audit's own fields, ready for the domain function."""
        names = [name for _, group in self.GROUPS for name in group]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class AuditUpdateForm(RevisionedForm, AuditForm):
    def show_both(self, current: Any, names: Sequence[str]) -> None:
        """Of so long a form only what the two people would have differently."""
        differing = [name for name in names if getattr(current, name) != self.cleaned_data[name]]
        super().show_both(current, differing)


class DatesForm(forms.Form):
    """The four dates, and why one that people were told of moves."""

    hide_optional = True

    nominate_by = fields.DateField(required=False, help_text="Members propose cases until then.")
    return_by = fields.DateField(required=False, help_text="Every agency has sent its return.")
    meeting_on = fields.DateField(required=False, help_text="The multi-agency meeting.")
    report_by = fields.DateField(required=False, help_text="Both documents are published.")
    reason = fields.TextField(
        required=False,
        rows=2,
        label="Why a date moves",
        help_text="Needed once people have been told of the date. It stands in the history.",
    )

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        self.audit = audit
        kwargs.setdefault("initial", {name: getattr(audit, name) for name in DATES})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        check_order(self, values)
        given = {name: values[name] for name in DATES if name in values}
        if needs_reason(self.audit, given) and not values.get("reason", "").strip():
            self.add_error("reason", "Say why the date moves.")
        return values

    @property
    def dates(self) -> dict[str, date | None]:
        return {name: self.cleaned_data[name] for name in DATES}


def check_order(form: forms.Form, values: dict[str, Any]) -> None:
    """Each date comes after those before it, where both are given."""
    given = [(name, values[name]) for name in DATES if values.get(name)]
    for (before, earlier), (name, day) in pairwise(given):
        if day < earlier:
            label = DateMove.Field(before).label.lower()
            form.add_error(name, f"This comes before “{label}”. Put the dates in order.")


def agencies_field() -> fields.ModelMultipleChoiceField:
    return fields.ModelMultipleChoiceField(
        queryset=Agency.objects.none(),
        required=False,
        label="Agencies asked",
        hint_from=lambda agency: agency.get_kind_display(),
        help_text="Each gets a return of its own. More can be added later.",
    )


def offer_agencies(form: forms.Form, partnership: Partnership) -> None:
    """Those active today, and those already asked."""
    asked = [agency.pk for agency in form.initial.get("agencies", [])]
    every = Agency.objects.filter(partnership=partnership)
    choose_from(form, "agencies", every.filter(Q(active=True) | Q(pk__in=asked)))


class AgenciesForm(forms.Form):
    agencies = agencies_field()

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_agencies(self, partnership)


class NewAuditForm(AuditForm):
    """The whole set-up on one page; only title, code, theme and toolkit must be there at once."""

    GROUPS = (
        *AuditForm.GROUPS,
        ("Who is asked", ("agencies",)),
        ("When", ("nominate_by", "return_by", "meeting_on", "report_by")),
    )

    agencies = agencies_field()
    nominate_by = fields.DateField(required=False)
    return_by = fields.DateField(required=False)
    meeting_on = fields.DateField(required=False)
    report_by = fields.DateField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_agencies(self, self.partnership)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        check_order(self, values)
        return values

    @property
    def audit_values(self) -> dict[str, Any]:
        values = super().audit_values
        values.pop("agencies", None)
        return values


class CopyFromForm(forms.Form):
    copy = fields.ModelChoiceField(
        queryset=Audit.objects.none(),
        required=False,
        label="Start from an earlier audit",
        empty_label="Start from nothing",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = Audit.objects.filter(partnership=partnership)
        choose_from(self, "copy", earlier)
        self.has_choices = earlier.exists()


class GradeForm(forms.Form):
    hide_optional = True

    label = fields.CharField(max_length=80, width="20", required=False, label="Grade")
    description = fields.TextField(required=False, rows=2, label="What it means")
    meets_good = fields.BooleanField(required=False, label="Counts as “met good”")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("label") and (values.get("description") or values.get("meets_good")):
            self.add_error("label", "Name the grade, or clear the whole line.")
        return values


class BaseGradeFormSet(forms.BaseFormSet[GradeForm]):
    def clean(self) -> None:
        if any(self.errors):
            return
        labels = [step.label.casefold() for step in self.scale]
        if len(labels) < 2:
            raise forms.ValidationError("Name at least two grades.")
        if len(set(labels)) < len(labels):
            raise forms.ValidationError("Two grades have the same name. Give each its own.")
        if not any(step.meets_good for step in self.scale):
            raise forms.ValidationError("Mark which grades count as “met good”.")

    def add_error(self, _field: None, error: str, /) -> None:
        """As a form’s own: what keeps the whole scale from being saved."""
        self.non_form_errors().append(error)

    @property
    def scale(self) -> list[GradeStep]:
        """The grades in the order of the page; lines left empty fall away."""
        return [
            GradeStep(values["label"], values["description"], values["meets_good"])
            for values in (form.cleaned_data for form in self.forms)
            if values.get("label")
        ]


GradeFormSet = cast(
    "type[BaseGradeFormSet]",
    forms.formset_factory(GradeForm, formset=BaseGradeFormSet, extra=2, max_num=8),
)
