"""Staying signed in, and signing in again beside a page that is being written on."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from agencies.access import SignedInRequest, ends_in
from agencies.domain.sessions import passive
from agencies.middleware import words_sent
from agencies.models import User


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was open since before somebody signed in again: its words are given back.

    Only where the browser says that a page of ours sent them, so that nobody elsewhere can put
    words into a page of this site.
    """
    own = request.headers.get("Sec-Fetch-Site") == "same-origin"
    words = words_sent(request) if own else []
    return render(request, "403_csrf.html", {"words": words}, status=403)


@login_not_required
@passive
@require_GET
def session_check(request: HttpRequest) -> JsonResponse:
    """Whether somebody is signed in, who, for how long; and the token their next form needs."""
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({"who": None, "csrf": get_token(request)})
    return JsonResponse(
        {
            "who": str(user.pk),
            "name": user.name,
            "ends_in": ends_in(request),
            "csrf": get_token(request),
        }
    )


@require_POST
def session_stay(request: SignedInRequest) -> JsonResponse:
    """That it was asked is what prolongs the session."""
    return JsonResponse({"ends_in": ends_in(request)})


@require_GET
def session_resume(request: SignedInRequest) -> HttpResponse:
    """Where the small window ends up after signing in; it says so to the page and closes."""
    return render(request, "agencies/session_resume.html")
