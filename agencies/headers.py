"""Headers that every answer carries, whatever made it: a page, a refusal, a redirect, an error."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class SafeHeadersMiddleware:
    """The last word on how an answer may be kept and used; stands outside of all others.

    No page is kept, neither by a browser that several people use nor by a proxy on the way. What
    is kept are styles, scripts and fonts, which are the same for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in settings.SAFE_HEADERS.items():
            response.headers.setdefault(name, value)
        kept = response.headers.get("Cache-Control", "")
        is_asset = request.path_info.startswith(settings.STATIC_URL)
        if "no-store" not in kept and not (is_asset and kept):
            response.headers["Cache-Control"] = "no-store"
        return response
