"""The library's forms for second factors in our words, and ours for confirming who one is."""

import json
import re
from collections.abc import Set as AbstractSet
from typing import Any

from allauth.core import ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest

from agencies.forms import fields
from agencies.models import User
from agencies.roles import ROLES, Role

RECOVERY_DIGITS = mfa_settings.RECOVERY_CODE_DIGITS
RECOVERY = Authenticator.Type.RECOVERY_CODES
STALE = "This code was used already. Wait for the next one."
USED_UP = "This recovery code was used already. Use another one of them."
NO_SUCH = "This is none of your recovery codes. Check it, or use another one."


def options_for_script(options: Any) -> str:
    """What the browser needs to ask a passkey, for an attribute that a script reads."""
    return json.dumps(options, cls=DjangoJSONEncoder)


def _code_field(label: str, hint: str) -> fields.CharField:
    return fields.CharField(
        label=label,
        help_text=hint,
        width="10",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": "Type the code."},
    )


class OnceOnly(BaseAuthenticateForm):
    """A code opens one door: the library forgets after one step, and we accept the step before."""

    def clean_code(self) -> str:
        code = self.cleaned_data["code"] = _bare(self.cleaned_data["code"])
        if cache.get(_key_of(self.user, code)):
            self._emit_authentication_failed(None)
            raise ValidationError(STALE)
        try:
            super().clean_code()
        except ValidationError as error:
            raise self._in_words(code, error) from None
        if self.authenticator.type != RECOVERY and not use_up(self.user, code):
            raise ValidationError(STALE)
        return code

    def _in_words(self, code: str, error: ValidationError) -> ValidationError:
        """Of a recovery code, which has more digits, there is no next one to wait for."""
        kept = Authenticator.objects.filter(user=self.user, type=RECOVERY).first()
        if error.code != "incorrect_code" or kept is None or len(code) != RECOVERY_DIGITS:
            return error
        return ValidationError(USED_UP if code in kept.wrap().generate_codes() else NO_SUCH)


def _bare(code: str) -> str:
    """What the library compares: two ways to write a code are one code."""
    return str(normalize_user_code(re.sub(r"\s", "", code)))


def use_up(user: User, code: str) -> bool:
    """Whether it was not used before, and is from now on, for as long as an app's code counts."""
    steps = 2 * settings.MFA_TOTP_TOLERANCE + 1
    added: bool = cache.add(_key_of(user, code), 1, timeout=steps * totp.app_settings.TOTP_PERIOD)
    return added


def _key_of(user: User, code: str) -> str:
    return f"second-factor-code:{user.pk}:{code}"


class SignInCodeForm(OnceOnly, AuthenticateForm):
    code = _code_field("Code", "From your authenticator app, or one of your recovery codes.")


class ConfirmCodeForm(OnceOnly, ReauthenticateForm):
    pass


class SetUpAppForm(ActivateTOTPForm):
    """Until the app has answered, its secret waits in the session: encrypted, as later."""

    code = _code_field("Six digits from the app", "New ones come every half minute.")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        super(ActivateTOTPForm, self).__init__(*args, **kwargs)
        kept = request.session.get(totp.SECRET_SESSION_KEY)
        if kept:
            self.secret = decrypt(kept)
        else:
            self.secret = totp.generate_totp_secret()
            request.session[totp.SECRET_SESSION_KEY] = encrypt(self.secret)

    def clean_code(self) -> str:
        """It has shown that the app is theirs, and opens nothing besides."""
        code = _bare(super().clean_code())
        use_up(self.user, code)
        return code

    @property
    def secret_in_groups(self) -> str:
        return " ".join(re.findall(".{1,4}", self.secret))


class ConfirmForm(forms.Form):
    """One of these is enough; `ways` are what this person has."""

    password = fields.CharField(
        label="Password",
        required=False,
        strip=False,
        width="20",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = _code_field("Code", "From your authenticator app, or one of your recovery codes.")
    credential = forms.CharField(required=False, widget=forms.HiddenInput)
    hide_optional = True

    def __init__(
        self, *args: Any, user: User, ways: AbstractSet[str], request: HttpRequest, **kwargs: Any
    ) -> None:
        kwargs["prefix"] = "confirm"
        super().__init__(*args, **kwargs)
        self.user, self.ways, self.request = user, ways, request
        self.fields["code"].required = False
        self.proof: Any = None
        self.wrong_password = False
        if "password" not in ways:
            del self.fields["password"]
        if not ways & {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}:
            del self.fields["code"]
        if Authenticator.Type.WEBAUTHN not in ways:
            del self.fields["credential"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("credential"):
            # With the library of passkeys, which is for those who have one.
            from agencies.forms.passkeys import ConfirmPasskeyForm

            self._prove(ConfirmPasskeyForm, "credential", values["credential"], None)
        elif values.get("code"):
            self._prove(ConfirmCodeForm, "code", values["code"], "code")
        elif values.get("password"):
            self._check_password(values["password"])
        else:
            first = next((name for name in ("password", "code") if name in self.fields), None)
            words = {"password": "Type your password.", "code": "Type the code."}
            self.add_error(first, words.get(first or "", "Press the button for your passkey."))
        return values

    def _prove(self, form: Any, name: str, value: str, place: str | None) -> None:
        self.proof = form(user=self.user, data={name: value})
        if not self.proof.is_valid():
            for errors in self.proof.errors.values():
                self.add_error(place, errors)

    def _check_password(self, password: str) -> None:
        if not ratelimit.consume(self.request, action="reauthenticate", user=self.user):
            self.add_error("password", "Too many tries. Wait a minute, then try again.")
        elif not self.user.check_password(password):
            self.wrong_password = True
            self.add_error("password", "This is not your password. Try again.")


class RequiredRolesForm(forms.Form):
    roles = fields.MultipleChoiceField(
        label="Who needs a second step at signing in",
        choices=Role.choices,
        required=False,
        choice_hints={role.value: rule.description for role, rule in ROLES.items()},
    )
    hide_optional = True
    submit_label = "Save"
