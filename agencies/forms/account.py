"""The library's sign-in forms in our words; a placeholder would repeat the label, and vanish."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms

from agencies.models import User

EMAIL = "E-mail address"


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = EMAIL
        _without_placeholders(self)


class ForgottenPasswordForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = EMAIL
        _without_placeholders(self)

    def clean_email(self) -> str:
        """Nobody who could not come in with it gets a link; the page says the same to all."""
        address: str = super().clean_email()
        found: list[User] = self.users  # type: ignore[has-type]
        self.users = [user for user in found if user.current_memberships]
        return address


def _without_placeholders(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
