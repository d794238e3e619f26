from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils import timezone

from agencies.forms.fields import (
    CharField,
    ChoiceField,
    DateField,
    EmailField,
    ModelChoiceField,
    TextField,
)
from agencies.models import Agency, Membership, Partnership, User
from agencies.roles import ROLES, Role

ROLES_IN_AGENCY = [str(role) for role, rule in ROLES.items() if rule.in_agency]


class MembershipForm(forms.Form):
    """A role, in which agency, from when until when; offers only the roles that may be given."""

    role = ChoiceField(
        choices=(), choice_hints={role: rule.description for role, rule in ROLES.items()}
    )
    agency = ModelChoiceField(
        queryset=Agency.objects.none(),
        empty_label="No agency",
        required=False,
        help_text="Needed for auditors and leads. For anybody else, the agency they come from, "
        "if any.",
    )
    starts_on = DateField(label="From", initial=timezone.localdate)
    ends_on = DateField(
        label="Until", required=False, help_text="The last day. Leave empty for no end."
    )

    def __init__(
        self, *args: Any, partnership: Partnership, roles: Sequence[Role], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        agencies = partnership.agencies.filter(active=True)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        needs_agency = cleaned.get("role") in ROLES_IN_AGENCY
        if needs_agency and not cleaned.get("agency") and "agency" not in self.errors:
            self.add_error("agency", "Choose the agency in which this role is held.")
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day must not be before the first.")
        return cleaned

    @property
    def membership(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in MembershipForm.base_fields}


class InviteForm(MembershipForm):
    name = CharField(max_length=200, width="30")
    email = EmailField(
        label="E-mail address",
        width="30",
        help_text="Their own, at work. The invitation goes there, and they sign in with it.",
    )
    field_order = ["name", "email", "role", "agency", "starts_on", "ends_on"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class RenameForm(forms.Form):
    name = CharField(max_length=200, width="30")


class AccountReasonForm(forms.Form):
    """Why an account is shut or opened again."""

    reason = TextField(
        label="Reason",
        rows=3,
        max_length=1000,
        help_text="It stands on the person’s page, for those who manage people.",
        error_messages={"required": "Say why, for whoever asks in a year."},
    )


class ChoosePasswordForm(forms.Form):
    password = CharField(
        label="Choose a password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 15 characters. Three or four words that mean something to you alone "
        "are easy to keep in mind and hard to guess.",
        width="full",
    )
    repeated = CharField(
        label="The same password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        width="full",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = cleaned.get("password")
        if chosen and cleaned.get("repeated") and chosen != cleaned["repeated"]:
            self.add_error("repeated", "The two passwords differ. Type the same one twice.")
        return cleaned


class EndMembershipForm(forms.Form):
    AT_ONCE, LATER = "at_once", "later"

    when = ChoiceField(
        label="When does it end?",
        choices=[(AT_ONCE, "At once"), (LATER, "On a day to come")],
        initial=AT_ONCE,
    )
    last_day = DateField(required=False, follows=("when", [LATER]))

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("when") != self.LATER:
            cleaned["last_day"] = None
        elif "last_day" not in self.errors:
            self._check_last_day(cleaned.get("last_day"))
        return cleaned

    def _check_last_day(self, last_day: date | None) -> None:
        if last_day is None:
            self.add_error("last_day", "Give the last day.")
        elif last_day < max(timezone.localdate(), self.membership.starts_on):
            self.add_error("last_day", "Give a day to come, on or after the first day of the role.")


class PartnershipForm(forms.Form):
    """The switch in the header."""

    partnership = ModelChoiceField(queryset=Partnership.objects.none())

    def __init__(self, *args: Any, own: QuerySet[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = own  # type: ignore[attr-defined]
