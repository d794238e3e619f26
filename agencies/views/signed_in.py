"""Where one is signed in, and the way to end it there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.access import SignedInRequest
from agencies.domain import sessions
from agencies.models import SignedIn


@require_GET
def session_list(request: SignedInRequest) -> HttpResponse:
    rows = list(SignedIn.objects.visible_to(request.user))
    own = request.session.session_key
    context = {
        "here": next((row for row in rows if row.session_key == own), None),
        "others": [row for row in rows if row.session_key != own],
        "limits": sessions.limits(),
    }
    return render(request, "agencies/session_list.html", context)


@require_POST
def session_end(request: SignedInRequest, ref: UUID) -> HttpResponse:
    if not sessions.end_session(user=request.user, ref=ref):
        raise Http404
    messages.success(request, "Signed out there. What was saved stays saved.")
    return redirect("session-list")


@require_POST
def session_end_others(request: SignedInRequest) -> HttpResponse:
    ended = sessions.end_others(user=request.user, here=request.session.session_key)
    places = "one other place" if ended == 1 else f"{ended} other places"
    messages.success(
        request, f"Signed out in {places}." if ended else "You are signed in here only."
    )
    return redirect("session-list")
