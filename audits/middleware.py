"""Whoever saves words that may say who somebody is hears of it on the next page."""

from collections.abc import Callable, Mapping
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from agencies.access import SignedInRequest
from agencies.forms import typed
from audits.domain.leading import may_fill
from audits.domain.screened import (
    AT_ONCE,
    Kit,
    Scope,
    Screener,
    ScreeningDownError,
    plain_hits,
    with_kit,
)
from audits.models import AgencyReturn
from audits.screening import Hit
from audits.screening.registry import RULES

SAVED = (302, 303)
LISTED = {"case-return-edit", "summative-edit", "point-update", "agency-return-known"}
"""Routes whose words stand among those to look at of a return."""
KINDS = {
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

    It knows no sealed names: a form that changed nothing is answered like one that did.

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
            _warn(request, set(texts))
        return response


def _warn(request: HttpRequest, texts: set[str]) -> None:
    if sum(map(len, texts)) > AT_ONCE:
        messages.warning(request, "It is saved. It was too long to look for names in: read it.")
        return
    try:
        found = {text: hits for text in texts if (hits := plain_hits(text))}
        row = _return_of(request) if found else None
        rules = _rules(found, row)
    except ScreeningDownError:
        messages.warning(
            request, "It is saved. Names could not be looked for in it just now: read it again."
        )
        return
    if rules:
        kinds = ", ".join(KINDS.get(rule, "something") for rule in RULES if rule in rules)
        told = "What you saved may say who somebody is. Found in it: {}. Reword it if so.{}"
        messages.warning(request, format_html(told, kinds, _link(request, row)))


def _rules(found: Mapping[str, list[Hit]], row: AgencyReturn | None) -> set[str]:
    """Of a return without what was decided there; elsewhere nobody decides about single texts."""
    if row is None:
        return {hit.rule for hits in found.values() for hit in hits}
    screener = Screener(Scope.of_return(row), Kit.of(row))
    return {hit.rule for text, hits in found.items() for hit in screener.waiting(text, hits)}


def _return_of(request: HttpRequest) -> AgencyReturn | None:
    return_id = request.resolver_match.kwargs.get("return_id") if request.resolver_match else None
    if return_id is None or not request.user.is_authenticated:
        return None
    user = cast("SignedInRequest", request).user
    seen = AgencyReturn.objects.visible_to(user).select_related("audit").filter(pk=return_id)
    row = with_kit(seen, audit="audit", agency_return="pk").first()
    return row if row is not None and may_fill(row, user) else None


def _link(request: HttpRequest, row: AgencyReturn | None) -> str:
    route = request.resolver_match.url_name if request.resolver_match else ""
    if row is None or route not in LISTED:
        return ""
    return format_html(
        ' <a href="{}">Look at the words</a>', reverse("return-screening", args=[row.pk])
    )
