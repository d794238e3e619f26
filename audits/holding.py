"""Who holds a contributor's link: the session of somebody without an account.

It is not Django's session and knows no user: a cookie of its own names a row that holds one link
and whether its code was given. Every page behind it takes what it shows from that link and from
nothing else; a view without `held` is behind the login like any other.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from agencies.domain.sessions import key_in
from agencies.middleware import words_sent
from audits.models import ContributorLink

COOKIE = settings.CONTRIBUTOR_COOKIE_NAME
PATH = "/contribute/"
TO_CONFIRM = 30 * 60
IDLE = 2 * 60 * 60
"""Seconds: how long after the last save a confirmed session lasts."""
LINK, CONFIRMED = "contributor-link", "confirmed"


class HolderRequest(HttpRequest):
    """What a view behind a contributor's link gets."""

    link: ContributorLink
    held: SessionStore


View = Callable[..., HttpResponse]


def held(view: View | None = None, *, confirmed: bool = True) -> Any:
    """Opens a view to whoever holds a usable link; for everybody else the page is not there.

    `confirmed=False` lets in before the code was given, to give it.
    """
    if view is None:
        return lambda each: held(each, confirmed=confirmed)

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = _session(request)
        link = link_of(session)
        if link is None:
            return closed(request)
        if confirmed and not session.get(CONFIRMED):
            return closed(request) if request.method == "POST" else redirect("contribution-confirm")
        holder = cast("HolderRequest", request)
        holder.link, holder.held = link, session
        response = view(holder, *args, **kwargs)
        if request.method == "POST" and confirmed and holder.held.session_key:
            keep(response, holder.held, IDLE)
        return response

    guarded: Any = login_not_required(never_cache(sensitive_post_parameters()(opened)))
    guarded.holds_link = True
    return guarded


def _session(request: HttpRequest) -> SessionStore:
    return SessionStore(key_in(request.COOKIES.get(COOKIE)))


def link_of(session: SessionStore) -> ContributorLink | None:
    """The link a session names, if it still lets somebody in."""
    pk = session.get(LINK)
    if pk is None:
        return None
    return ContributorLink.objects.usable().with_names().filter(pk=UUID(pk)).first()


def begin(request: HttpRequest, link: ContributorLink) -> HttpResponse:
    """Leads on from the address that holds the token to one that does not.

    Whoever gave the code in this browser already goes on; anybody else gets a session that was
    not there before, so that none can be planted.
    """
    session = _session(request)
    if session.get(LINK) == str(link.pk) and session.get(CONFIRMED):
        return _led_on("contribution-detail")
    session.flush()
    session[LINK] = str(link.pk)
    response = _led_on("contribution-confirm")
    keep(response, session, TO_CONFIRM)
    return response


def _led_on(route: str) -> HttpResponse:
    response = redirect(route)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def confirmed(response: HttpResponse, session: SessionStore) -> None:
    """The code was right: from here on under another key."""
    session[CONFIRMED] = True
    session.cycle_key()
    keep(response, session, IDLE)


def keep(response: HttpResponse, session: SessionStore, seconds: int) -> None:
    session.set_expiry(seconds)
    try:
        session.save()
    except UpdateError:  # Ended in another tab while this request was under way.
        return
    response.set_cookie(
        COOKIE,
        str(session.session_key),
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def leave(response: HttpResponse, session: SessionStore) -> None:
    """Ends the session here and in the browser."""
    session.flush()
    response.delete_cookie(COOKIE, samesite="Lax")


def closed(request: HttpRequest) -> HttpResponse:
    """The same for a link never given out, run out, withdrawn or of a return handed in; whoever
    was writing gets their words back."""
    context = {"words": words_sent(request)}
    return render(request, "audits/contribution_closed.html", context, status=404)
