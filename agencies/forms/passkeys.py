"""The library's forms for passkeys in our words; importing it costs what no other page needs."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms

from agencies.forms import fields


def _name_field() -> fields.CharField:
    return fields.CharField(
        label="Name of this passkey",
        help_text="So that you know it later, for example: work laptop, blue key.",
        max_length=60,
        width="20",
        error_messages={"required": "Give the passkey a name."},
    )


class AddPasskeyForm(AddWebAuthnForm):
    name = _name_field()
    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "No passkey was made. Press the button, and follow your browser.",
            "invalid": "Your browser’s answer could not be read. Press the button again.",
        },
    )


class RenamePasskeyForm(EditWebAuthnForm):
    name = _name_field()
