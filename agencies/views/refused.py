"""What the pages hold for somebody who is refused: the same for whatever there is behind them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from agencies.middleware import words_to_give_back


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"words": _words(request)}, status=404)


@requires_csrf_token
def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    context = {"words": _words(request), "reads": request.method in {"GET", "HEAD"}}
    return render(request, "403.html", context, status=403)


def _words(request: HttpRequest) -> list[str]:
    """What somebody was writing while it closed under them, or their role ended.

    Only once an address of ours has taken it, and so a token with it: nobody elsewhere can put
    words into a page of this site.
    """
    if request.resolver_match is None or not request.user.is_authenticated:
        return []
    return words_to_give_back(request)
