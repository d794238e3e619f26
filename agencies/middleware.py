from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url

from agencies.domain import refusals
from agencies.domain.again import was_thrown_out
from agencies.domain.sessions import SessionStore, key_in
from agencies.going_on import page_to_go_on
from agencies.models import Partnership, User

SESSION_KEY = "partnership"
ROLE_ENDED = "role_ended"
"""Why somebody who was signed in finds themselves at the door, for the page there."""
SESSION_OVER = (
    "You were signed out: your session ended, here or from another place. Sign in to go on."
)
REFUSED = "was refused"
NOT_FOUND = "asked for what is not there for them"


def chosen_partnership(request: HttpRequest) -> Partnership | None:
    """The partnership chosen in the header, if the user still belongs to it; else their first."""
    user = request.user
    if not isinstance(user, User):
        return None
    own = {m.partnership_id: m.partnership for m in user.current_memberships}
    chosen = request.session.get(SESSION_KEY)
    if chosen and UUID(chosen) in own:
        return own[UUID(chosen)]
    return min(own.values(), key=lambda partnership: partnership.name, default=None)


class CharsetMiddleware:
    """Whatever is sent is UTF-8, as pages are; a request that says otherwise makes no sense.

    It stands before all that reads what was sent, which would fail again on the page that says so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = (request.content_params or {}).get("charset", "utf-8")
        request.encoding = "utf-8"
        if said.lower() not in {"utf-8", "utf8"}:
            raise BadRequest("Not sent as UTF-8")
        return self.get_response(request)


class PartnershipMiddleware:
    """Puts the chosen partnership on the request; lists show only that one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.partnership = chosen_partnership(request)  # type: ignore[attr-defined]
        return self.get_response(request)


class LeaverMiddleware:
    """Whoever holds no role today is nobody here: their session ends with their next request.

    It asks the database nothing of its own, since every page needs the roles that it looks at.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and not request.user.current_memberships:
            logout(request)
            request.session[ROLE_ENDED] = True
        return self.get_response(request)


class SessionClockMiddleware:
    """Whatever a person does keeps them signed in; what a page asks for by itself does not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, _view_args: Any, _view_kwargs: Any
    ) -> None:
        session = request.session
        acted = request.user.is_authenticated and not getattr(view_func, "is_passive", False)
        if acted and isinstance(session, SessionStore):
            session.prolong()


class KeepWordsMiddleware(LoginRequiredMiddleware):
    """Asks to sign in; who wrote while their session ran out gets their words back first.

    A page's script is told so in its own way, and keeps the words where they are.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        refusal = super().process_view(request, view_func, view_args, view_kwargs)
        if refusal and request.headers.get("Accept") == "application/json":
            return JsonResponse({"signed_out": True}, status=401)
        if refusal and (words := words_to_give_back(request)):
            context = {"words": words, "next": page_to_go_on(request)}
            return render(request, "signed_out.html", context, status=403)
        if refusal and is_over(request):
            messages.info(request, SESSION_OVER)
        return refusal

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        door = resolve_url(self.get_login_url(view_func))
        return redirect_to_login(page_to_go_on(request), door)


def is_over(request: HttpRequest) -> bool:
    """Whether the browser brings a session that is no longer there: it ran out, or was ended.

    Whoever makes a cookie up is told the same, and so learns nothing. What `LeaverMiddleware` ends
    has a sentence of its own.
    """
    brought = key_in(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    is_gone = request.session.session_key is None and ROLE_ENDED not in request.session
    return brought is not None and is_gone


def written_words(sent: QueryDict) -> list[str]:
    """The prose among what was sent: anything of several words, but never a pass phrase."""
    names = [name for name in sent if "password" not in name]
    values = [value.strip() for name in names for value in sent.getlist(name)]
    return [value for value in values if len(value.split()) > 1]


def words_sent(request: HttpRequest) -> list[str]:
    """The prose of a request that is refused anyway; none where nobody can read what was sent."""
    try:
        return written_words(request.POST)
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        return []


def words_to_give_back(request: HttpRequest) -> list[str]:
    """What was written to a page that does not take it; nothing where its view forgets words."""
    view = request.resolver_match.func if request.resolver_match else None
    return [] if getattr(view, "forgets_words", False) else words_sent(request)


class ThrownOutMiddleware:
    """Whose write was thrown out in favour of somebody else's gets their words back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not was_thrown_out(exception):
            return None
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"busy": True}, status=503)
        words = words_to_give_back(request)
        return render(request, "thrown_out.html", {"words": words}, status=503)


class NoSuchMethodMiddleware:
    """An address that takes a button, opened as a page, says so; a browser would show nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_bare = isinstance(response, HttpResponseNotAllowed) and not response.content
        if not is_bare or request.headers.get("Accept") == "application/json":
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


class RefusalMiddleware:
    """Records every refusal: who was refused which page, and when; never whose it was.

    What is not theirs to see looks like what is not there, so both are recorded alike.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with refusals.collected():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        partnership = getattr(request, "partnership", None)
        user, page = request.user, request.resolver_match
        if partnership is None or page is None or not isinstance(user, User):
            return
        if isinstance(exception, PermissionDenied):
            refusals.note(REFUSED, by=user, partnership=partnership, subject=page.view_name)
        elif isinstance(exception, Http404) and page.kwargs:
            refusals.note(NOT_FOUND, by=user, partnership=partnership, subject=page.view_name)
