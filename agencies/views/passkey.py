"""The library's pages that know passkeys: adding them, and showing a second factor at signing in.

Nothing imports this while the application starts: see agencies/views/second_factor.py.
"""

from typing import Any, cast

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.http import HttpResponse
from django.urls import reverse_lazy

from agencies.confirming import tell_codes_left
from agencies.forms.second_factor import options_for_script
from agencies.reading.second_factors import factors_of
from agencies.views.second_factor import PAGE, WITHOUT_ANOTHER

INDEX = reverse_lazy("mfa_index")


class CheckView(AuthenticateView):
    def form_valid(self, form: Any) -> HttpResponse:
        tell_codes_left(self.request, form)
        return cast("HttpResponse", super().form_valid(form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        factors = factors_of(self.stage.login.user)
        options = options_for_script(context["js_data"]["request_options"])
        return {**context, "factors": factors, "options": options}


class AddPasskeyView(AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        options = options_for_script(context["js_data"]["creation_options"])
        lead = (
            "Your fingerprint, your face, the PIN of this computer, or a key you plug in. Nobody "
            "can read it over your shoulder, and it works on this site alone."
        )
        return {**context, "options": options, "heading": "Set up a passkey", "lead": lead}


class RenamePasskeyView(EditWebAuthnView):
    success_url = INDEX
    extra_context = {"heading": "Rename a passkey"}


class RemovePasskeyView(RemoveWebAuthnView):
    success_url = INDEX
    template_name = "components/confirm.html"
    extra_context = PAGE | {
        "title": "Remove this passkey?",
        "consequences": [
            "It no longer opens your account. Delete it from the device too.",
            WITHOUT_ANOTHER,
        ],
        "confirm_label": "Remove the passkey",
        "danger": True,
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "caption": self.object.wrap().name}
