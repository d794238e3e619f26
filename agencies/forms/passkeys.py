"""The library's forms for passkeys in our words; importing it costs what no other page needs."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

from agencies.forms import fields

# What the library of passkeys raises for an answer that no browser gives: wrong keys, wrong types,
# bytes that end too soon, or lists in lists without end.
NONSENSE = (
    ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, struct.error
)  # fmt: skip


@contextmanager
def _read() -> Iterator[None]:
    """An answer that makes no sense is a wrong one."""
    try:
        yield
    except NONSENSE as error:
        raise get_adapter().validation_error("incorrect_code") from error


class CredentialField(forms.JSONField):
    """What a browser's passkey answered; nested too deep to be read, it is no JSON."""

    widget = forms.HiddenInput
    default_error_messages = {
        "required": "No passkey answered. Press the button, and follow your browser.",
        "invalid": "Your browser’s answer could not be read. Press the button again.",
    }

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)


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
    credential = CredentialField(
        error_messages={
            "required": "No passkey was made. Press the button, and follow your browser.",
        },
    )

    def clean(self) -> dict[str, Any]:
        with _read():
            return dict(super().clean())


class _Shown(AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        with _read():
            return super().clean_credential()


class ShowPasskeyForm(_Shown):
    """The second step of signing in."""


class ConfirmPasskeyForm(_Shown, ReauthenticateWebAuthnForm):
    """Confirming who one is, before something that matters."""

    credential = CredentialField()


class RenamePasskeyForm(EditWebAuthnForm):
    name = _name_field()
