"""Second factors: the library's in our words, their secrets encrypted, and who has to have one.

That a session was opened with a second factor stands in the session itself, so that asking for it
costs no query.
"""

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from agencies.encryption import keyring
from agencies.middleware import words_sent
from agencies.models import User

PURPOSE = "second factor"
PROVEN = "second_factor"
GO_ON = "second_factor_go_on"
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What can be required; recovery codes stand in for either and never alone."""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This is not the present code. Look again and type the newest one.",
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first: "
        "recovery codes stand in for it.",
    }

    def encrypt(self, text: str) -> str:
        return keyring().encrypt(text.encode(), bound_to=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().decrypt(encrypted_text, bound_to=PURPOSE).decode()

    def build_totp_svg(self, url: str) -> str:
        return qr_code(url)

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,  # noqa: A002
    ) -> str:
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def _get_site_name(self) -> str:
        return "MACA"


def qr_code(text: str) -> str:
    """An SVG that needs no style and no address: one path, a run of dark squares a step."""
    # Brings an imaging library that no other page needs.
    import qrcode

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(_runs(number, row) for number, row in enumerate(rows))
    return render_to_string("components/qr_code.html", {"size": len(rows), "path": path})


def _runs(number: int, row: list[bool]) -> str:
    path, begun = "", None
    for place, dark in enumerate([*row, False]):
        if dark and begun is None:
            begun = place
        elif not dark and begun is not None:
            path += f"M{begun} {number}h{place - begun}v1h-{place - begun}z"
            begun = None
    return path


def note_proof(request: HttpRequest, user: User) -> None:
    """This session has shown a second factor of this person, just now."""
    request.session[PROVEN] = {"who": str(user.pk), "at": time.time()}


def proved_at(request: HttpRequest, user: User) -> float:
    """When this session showed one of this person; 0 if never."""
    proof = request.session.get(PROVEN)
    return float(proof["at"]) if proof and proof["who"] == str(user.pk) else 0


def has_proof(request: HttpRequest) -> bool:
    """Whether it has, since the person's second factors were last taken away."""
    user = request.user
    if not isinstance(user, User) or not (proved := proved_at(request, user)):
        return False
    since = user.second_factor_since
    return since is None or proved > since.timestamp()


def has_just_proved(request: HttpRequest) -> bool:
    """Whether it was a few minutes ago, so that where they came from is where they are going."""
    return has_proof(request) and time.time() - request.session[PROVEN]["at"] < 5 * 60


# What somebody who still has to set one up, or to show it, may use besides.
MEANWHILE = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "account_logout",
    "session-check",
    "session-stay",
}


class SecondFactorMiddleware:
    """Who has to have a second factor does nothing else before it is set up and shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, _view_args: Any, _view_kwargs: Any
    ) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if not isinstance(user, User) or not user.owes_second_factor or has_proof(request):
            return None
        is_open = not getattr(view_func, "login_required", True)
        if is_open or (match and match.url_name in MEANWHILE):
            return None
        return _lead_to_it(request)


def _lead_to_it(request: HttpRequest) -> HttpResponse:
    """As for somebody whose session ran out: nothing that was typed is lost."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"signed_out": True}, status=401)
    if words := words_sent(request):
        return render(request, "agencies/second_factor_first.html", {"words": words}, status=403)
    page = reverse("mfa_index")
    if request.method == "GET":
        request.session[GO_ON] = request.get_full_path()
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": page})
    return redirect(page)
