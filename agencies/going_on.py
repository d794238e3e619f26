"""Where somebody goes on who was asked to sign in: a page of ours that can be opened."""

import inspect
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme


def page_to_go_on(request: HttpRequest) -> str:
    """The address itself; where it takes a button and answers no reading, the page the button was
    on, or home."""
    page = request.resolver_match
    if page is None or answers_reading(page.func):
        return request.get_full_path()
    return _came_from(request) or reverse("home")


def _came_from(request: HttpRequest) -> str:
    """Its path alone: what stood behind it may be words that somebody searched for."""
    said = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}, request.is_secure()):
        return ""
    path = urlsplit(said).path
    try:
        page = resolve(path)
    except Resolver404:
        return ""
    return path if answers_reading(page.func) else ""


def answers_reading(view: Callable[..., Any]) -> bool:
    """Whether a GET of this view is answered, by what its decorators or its class say."""
    each: Any = view
    while each is not None:
        if (methods := _methods(each)) is not None:
            return "GET" in methods
        each = getattr(each, "__wrapped__", None)
    return True


def _methods(view: Any) -> list[str] | None:
    if (kind := getattr(view, "view_class", None)) is not None:
        return [name.upper() for name in kind.http_method_names if hasattr(kind, name)]
    if not inspect.isfunction(view):
        return None
    said: list[str] | None = inspect.getclosurevars(view).nonlocals.get("request_method_list")
    return said
