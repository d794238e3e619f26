"""The way to an agency's own directory, back from it, and out."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agencies.directories import sign_out_address


@login_not_required
@never_cache
@require_GET
def enter(request: HttpRequest, provider_id: str) -> HttpResponse:
    _known(provider_id)
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        # The directory may not ask anything, so a page elsewhere could sign somebody in unseen.
        return redirect("account_login")
    from allauth.socialaccount.providers.openid_connect.views import login

    response: HttpResponse = login(request, provider_id)
    return response


@login_not_required
@never_cache
@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    _known(provider_id)
    from allauth.socialaccount.providers.openid_connect.views import callback

    response: HttpResponse = callback(request, provider_id)
    return response


@login_not_required
@require_GET
def left(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Signed out here; the directory's own session may go on, and only they can end it."""
    _known(provider_id)
    directory = settings.DIRECTORIES[provider_id]
    address = sign_out_address(directory)
    if address:
        door = f"{settings.BASE_URL}{reverse('account_login')}"
        query = {"client_id": directory.client_id, "post_logout_redirect_uri": door}
        address = f"{address}?{urlencode(query)}"
    context = {"directory": directory, "address": address}
    return render(request, "account/directory_left.html", context)


def _known(provider_id: str) -> None:
    if provider_id not in settings.DIRECTORIES:
        raise Http404
