"""The library's sign-in forms in our words; a placeholder would repeat the label, and vanish."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.db import transaction
from django.http import HttpRequest

from agencies.directories import directory_of
from agencies.directory_list import Directory
from agencies.models import User

EMAIL = "E-mail address"


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = EMAIL
        _without_placeholders(self)

    def clean_login(self) -> str:
        address: str = super().clean_login()
        directory = _only_way_in(address)
        if directory is not None:
            raise forms.ValidationError(
                f"People of {directory.name} sign in with the button “Sign in with "
                f"{directory.name}”, and need no password here."
            )
        return address


class ForgottenPasswordForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = EMAIL
        _without_placeholders(self)

    def clean_email(self) -> str:
        """Nobody who could not come in with it gets a link; the page says the same to all."""
        address: str = super().clean_email()
        # For an address that nobody has, as much is asked about nobody.
        self.nobody = User(email=address)
        found: list[User] = list(self.users) or [self.nobody]  # type: ignore[has-type]
        barred = _only_way_in(address) is not None
        self.users = [] if barred else [user for user in found if user.current_memberships]
        return address

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Takes as long whether anybody has the address: for nobody the same mail is written, and
        taken back before anybody could send it."""
        if self.users:
            return str(super().save(request, **kwargs))
        self.users = [self.nobody]
        with transaction.atomic():
            saved = str(super().save(request, **kwargs))
            transaction.set_rollback(True)
        return saved


def _only_way_in(email: str) -> Directory | None:
    """The directory that this person has to come by."""
    directory = directory_of(email)
    return None if directory is None or directory.password_too else directory


def _without_placeholders(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
