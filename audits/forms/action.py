from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.forms import fields
from agencies.models import Partnership
from audits.domain.actions import ActionDraft
from audits.forms.choices import choose_from
from audits.forms.owners import place_choices, place_ids, place_value
from audits.forms.revisioned import RevisionedForm
from audits.models import Action, Audit, Finding


class ActionForm(RevisionedForm):
    text = fields.TextField(
        label="What will be done",
        rows=3,
        error_messages={"required": "Write what will be done."},
    )
    owner = fields.SelectField(
        label="Owner",
        required=False,
        help_text="Left open, it prints as “to be agreed”.",
    )
    due_on = fields.DateField(
        label="By when", required=False, help_text="Left open, it prints as “to be agreed”."
    )
    measure_of_success = fields.TextField(label="How we will know", required=False, rows=2)
    findings = fields.ModelMultipleChoiceField(
        label="Findings it answers", queryset=Finding.objects.none(), required=False
    )

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hide_optional = True
        self.fields["owner"].choices = place_choices(  # type: ignore[attr-defined]
            audit.partnership_id, "To be agreed"
        )
        choose_from(self, "findings", audit.findings.all())

    def draft(self) -> ActionDraft:
        """Call when valid."""
        data = self.cleaned_data
        agency_id, body_id = place_ids(data["owner"])
        return ActionDraft(
            text=data["text"],
            findings=data["findings"],
            owner_agency_id=agency_id,
            owner_body_id=body_id,
            due_on=data["due_on"],
            measure_of_success=data["measure_of_success"],
        )


def action_initial(action: Action) -> dict[str, Any]:
    return {
        "text": action.text,
        "owner": place_value(action.owner_agency_id, action.owner_body_id),
        "due_on": action.due_on,
        "measure_of_success": action.measure_of_success,
        "findings": list(action.findings.all()),
        "revision": action.revision,
    }


class ProgressForm(RevisionedForm):
    PROGRESS = [
        (value, label)
        for value, label in Action.Progress.choices
        if value != Action.Progress.CARRIED_OVER
    ]

    progress = fields.ChoiceField(label="How far it is", choices=PROGRESS, inline=True)
    evidence = fields.TextField(
        label="What shows it", required=False, help_text="Never name a child or their family."
    )
    impact = fields.TextField(label="What has changed for children and families", required=False)


class CarryOverForm(RevisionedForm):
    reason = fields.TextField(
        label="Why it is carried over, and to whom or what",
        error_messages={"required": "Say why the action is carried over."},
    )


class ActionFilter(django_filters.FilterSet):
    """Actions of a partnership by owner and progress; overdue is a progress of its own here."""

    STATES = [*Action.Progress.choices, ("overdue", "Overdue"), ("no_date", "Date to be agreed")]

    owner = django_filters.ChoiceFilter(label="Owner", method="owned_by")
    state = django_filters.ChoiceFilter(label="Progress", choices=STATES, method="at_state")

    class Meta:
        model = Action
        fields: list[str] = []

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = place_choices(partnership, "All")[1:]
        self.filters["owner"].extra["choices"] = [("open", "To be agreed"), *owners]

    def owned_by(self, queryset: QuerySet[Action], _name: str, value: str) -> QuerySet[Action]:
        if value == "open":
            return queryset.filter(owner_agency=None, owner_body=None)
        agency_id, body_id = place_ids(value)
        return queryset.filter(Q(owner_agency=agency_id) if agency_id else Q(owner_body=body_id))

    def at_state(self, queryset: QuerySet[Action], _name: str, value: str) -> QuerySet[Action]:
        if value == "overdue":
            unfinished = queryset.exclude(progress__in=["done", "carried_over"])
            return unfinished.filter(due_on__lt=timezone.localdate())
        if value == "no_date":
            return queryset.filter(due_on=None)
        return queryset.filter(progress=value)
