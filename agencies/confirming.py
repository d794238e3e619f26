"""Before a sensitive act: is it still the person who signed in?

Asked by a page that stands in the place of the one meant. What was posted waits in that page's own
form, never in the session or anywhere else, and goes on once the answer is right.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from agencies.domain import entrances, second_factor
from agencies.domain.directories import ASKED_AT, SIGNED_IN_BY
from agencies.domain.sessions import BEGAN
from agencies.forms.second_factor import RECOVERY, ConfirmForm, options_for_script
from agencies.models import User
from agencies.reading.second_factors import factors_of, kinds_of
from agencies.second_factor import has_proof

View = Callable[..., Any]

CONFIRMED = "confirmed"
STEP = "confirm-step"
OPEN, SEND = "open", "send"


def note_confirmed(request: HttpRequest) -> None:
    request.session[CONFIRMED] = time.time()


def tell_codes_left(request: HttpRequest, proof: Any) -> None:
    """After one was used: they run out unseen otherwise. The form of a passkey has no code."""
    shown = getattr(proof, "authenticator", None)
    if shown is None or shown.type != RECOVERY:
        return
    left = factors_of(shown.user).codes_left
    which = f"{left} recovery code{'' if left == 1 else 's'}"
    said = f"You have {which} left." if left else "That was your last recovery code."
    page = reverse("mfa_index")
    line = '{} Make new ones under <a href="{}">Second step at signing in</a>.'
    messages.warning(request, format_html(line, said, page))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in, or confirmed that it is them, a few minutes ago.

    A directory lets in whoever it asked hours ago, without a word: what counts is when it asked.
    """
    session = request.session
    came = session.get(ASKED_AT if SIGNED_IN_BY in session else BEGAN, 0)
    latest = max(came, session.get(CONFIRMED, 0))
    return bool(time.time() - latest < settings.CONFIRM_AFTER)


def confirmed(view: View) -> View:
    """Before something is sent: asks for the password or the second factor again where that was
    too long ago. Reading the page beforehand stays free.
    """

    return confirmed_if(lambda _request, **_named: True)(view)


def confirmed_if(is_grave: Callable[..., bool]) -> Callable[[View], View]:
    """The same for a view that does several things, of which some matter so much."""

    def is_ready(request: HttpRequest, **named: Any) -> bool:
        free = request.method == "GET" or not is_grave(request, **named)
        return free or is_fresh(request)

    return lambda view: _asking(view, is_ready, by_factor=False)


def confirmed_to_open(view: View) -> View:
    """The same where opening the page is the sensitive act, as with a sealed identity."""

    def is_ready(request: HttpRequest, **_named: Any) -> bool:
        return is_fresh(request)

    return _asking(view, is_ready, by_factor=False)


def confirmed_by_factor(view: View) -> View:
    """For what changes second factors: who has one shows it first, whatever else they know."""

    def is_ready(request: HttpRequest, **_named: Any) -> bool:
        return is_fresh(request) and not _owes_proof(request)

    return _asking(view, is_ready, by_factor=True)


def _owes_proof(request: HttpRequest) -> bool:
    return not has_proof(request) and bool(kinds_of(cast("User", request.user)))


def _asking(view: View, is_ready: Callable[..., bool], *, by_factor: bool) -> View:
    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User):
            return cast("HttpResponse", view(request, *args, **kwargs))
        answered = request.method == "POST" and STEP in request.POST
        if not is_ready(request, **kwargs):
            form = _form(request, answered=answered, by_factor=by_factor)
            if not form.is_valid():
                if form.wrong_password:
                    entrances.note(entrances.NOT_CONFIRMED, form.user)
                return _ask(request, form)
            if form.proof is not None:
                second_factor.use(proof=form.proof, by=form.user)
                tell_codes_left(request, form.proof)
            note_confirmed(request)
        if answered and request.POST[STEP] == OPEN:
            return redirect(request.get_full_path())
        if answered:
            request.POST = _as_meant(request)
        return cast("HttpResponse", view(request, *args, **kwargs))

    vars(asking)["asks_again"] = True
    return asking


def _form(request: HttpRequest, *, answered: bool, by_factor: bool) -> ConfirmForm:
    user = cast("User", request.user)
    kinds = kinds_of(user)
    if by_factor and _owes_proof(request):
        ways = kinds
    else:
        ways = kinds | ({"password"} if user.has_usable_password() else set())
    return ConfirmForm(request.POST if answered else None, user=user, ways=ways, request=request)


def _as_meant(request: HttpRequest) -> Any:
    """What the page before had sent, without the answers to ours."""
    sent = request.POST.copy()
    for name in [name for name in sent if name.startswith("confirm-")]:
        del sent[name]
    return sent


def _waiting(request: HttpRequest) -> list[tuple[str, str]]:
    """What is sent on afterwards. A new password is typed once more: it stands in no page."""
    return [
        (name, value)
        for name, values in _as_meant(request).lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]


def _ask(request: HttpRequest, form: ConfirmForm) -> HttpResponse:
    step = request.POST.get(STEP) or (SEND if request.method == "POST" else OPEN)
    waiting = _waiting(request)
    options = ""
    if Authenticator.Type.WEBAUTHN in form.ways:
        # With the library of passkeys, which is for those who have one.
        from allauth.mfa.webauthn.internal import auth as webauthn

        options = options_for_script(webauthn.begin_authentication(form.user))
    context = {
        "form": form,
        "step": step if step in {OPEN, SEND} else OPEN,
        "waiting": waiting,
        "files": bool(request.FILES),
        "options": options,
        "minutes": settings.CONFIRM_AFTER // 60,
        "directory": settings.DIRECTORIES.get(request.session.get("directory", "")),
    }
    return render(request, "agencies/confirm_identity.html", context)
