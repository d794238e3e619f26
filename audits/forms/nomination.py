from typing import Any

from django import forms
from django.utils import timezone

from agencies.forms import fields
from agencies.models import Agency, User
from audits.forms.choices import choose_from
from audits.models import Audit, Nomination

NO_IDENTIFIERS = (
    "Do not write a name, initials, an address, a date of birth or any number that leads to the "
    "{noun}. Who it is goes to the officer by the partnership’s own secure way."
)


class NominationForm(forms.Form):
    """A proposed case: why it would teach something, and nothing that says who it is about."""

    reason = fields.TextField(label="Why this case", rows=5)
    agency = fields.ModelChoiceField(
        queryset=Agency.objects.none(),
        required=False,
        empty_label="No agency in particular",
        label="Agency that proposes it",
    )

    def __init__(self, *args: Any, audit: Audit, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        noun = audit.partnership.subject_noun
        self.fields["reason"].help_text = NO_IDENTIFIERS.format(noun=noun)
        own = {
            membership.agency_id
            for membership in user.current_memberships
            if membership.partnership_id == audit.partnership_id and membership.agency_id
        }
        every = Agency.objects.filter(partnership=audit.partnership_id, active=True)
        choose_from(self, "agency", every.filter(pk__in=own) if own else every)
        if len(own) == 1:
            self.initial.setdefault("agency", next(iter(own)))


class SelectForm(forms.Form):
    """The nominations that were ticked, or all that wait."""

    all = forms.CharField(required=False)

    nominations = forms.ModelMultipleChoiceField(
        queryset=Nomination.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": "One of these was decided meanwhile. Look again.",
        },
    )

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = audit.nominations.proposed()
        choose_from(self, "nominations", self.proposed)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("all"):
            values["nominations"] = self.proposed
        elif "nominations" not in self.errors and not values["nominations"]:
            self.add_error("nominations", "Tick at least one nomination.")
        return values


class IdentityNoticeForm(forms.Form):
    agencies = fields.ModelMultipleChoiceField(
        queryset=Agency.objects.none(),
        label="Which agencies were told",
        error_messages={"required": "Tick the agencies that were told."},
    )
    sent_on = fields.DateField(label="When it was sent", initial=timezone.localdate)

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "agencies", audit.agencies_asked.all())

    def clean_sent_on(self) -> Any:
        day = self.cleaned_data["sent_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Note it once it has been sent: this day is still to come.")
        return day
