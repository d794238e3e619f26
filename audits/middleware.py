"""Whoever saves words that may say who somebody is hears of it on the next page."""

from collections.abc import Callable, Iterable
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from agencies.access import SignedInRequest
from agencies.forms import typed
from audits.domain.leading import may_fill
from audits.domain.screened import Scope, Screener, ScreeningDownError, looks_clean
from audits.models import AgencyReturn
from audits.screening import screen
from audits.screening.registry import RULES

SAVED = (302, 303)
KINDS = {
    "known-name": "a name of this audit’s children or families",
    "nhs-number": "an NHS number",
    "postcode": "a postcode",
    "email": "an e-mail address",
    "phone-number": "a telephone number",
    "birth-date": "a date of birth",
    "address": "an address",
    "initials": "initials",
    "name": "a name",
}


class ScreenedWordsMiddleware:
    """Says after a form was saved what kinds of thing were in it, and never the words: a message
    lies in a cookie until it is read. Nothing is kept from being saved.

    Forms that save while one writes tell it beside the box, word by word.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self.get_response(request)
        with typed.collecting() as texts:
            response = self.get_response(request)
        if response.status_code in SAVED and texts:
            _warn(request, texts)
        return response


def _warn(request: HttpRequest, texts: Iterable[str]) -> None:
    try:
        doubtful = [text for text in texts if not looks_clean(text)]
        rules = _rules(request, doubtful) if doubtful else []
    except ScreeningDownError:
        messages.warning(
            request, "It is saved. Names could not be looked for in it just now: read it again."
        )
        return
    if rules:
        kinds = ", ".join(KINDS.get(rule, "something") for rule in RULES if rule in rules)
        told = "What you saved may say who somebody is. Found in it: {}. Reword it if so.{}"
        messages.warning(request, format_html(told, kinds, _link(request)))


def _rules(request: HttpRequest, texts: list[str]) -> set[str]:
    """Of a return without what was decided there; elsewhere nobody decides about single texts."""
    row = _return_of(request)
    if row is None:
        return {hit.rule for text in texts for hit in screen(text)}
    screener = Screener(Scope.of_return(row))
    return {hit.rule for text in texts for hit in screener.flags(text)}


def _return_of(request: HttpRequest) -> AgencyReturn | None:
    return_id = request.resolver_match.kwargs.get("return_id") if request.resolver_match else None
    if return_id is None or not request.user.is_authenticated:
        return None
    user = cast("SignedInRequest", request).user
    row = AgencyReturn.objects.visible_to(user).select_related("audit").filter(pk=return_id).first()
    return row if row is not None and may_fill(row, user) else None


def _link(request: HttpRequest) -> str:
    row = _return_of(request)
    if row is None:
        return ""
    return format_html(
        ' <a href="{}">Look at the words</a>', reverse("return-screening", args=[row.pk])
    )
