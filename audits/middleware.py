"""Whoever saves words that may say who somebody is hears of it on the next page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from agencies.access import SignedInRequest
from agencies.forms import typed
from agencies.models import User
from agencies.roles import Permission
from audits.domain.leading import may_fill, may_read_agreed
from audits.domain.screened import (
    AT_ONCE,
    Kit,
    Scope,
    Screener,
    ScreeningDownError,
    plain_hits,
    with_kit,
)
from audits.models import AgencyReturn, Audit
from audits.screening import Hit
from audits.screening.registry import RULES

SAVED = (302, 303)
LISTED = {"case-return-edit", "summative-edit", "point-update", "agency-return-known"}
"""Routes whose words stand among those to look at of a return."""
PRINTED = {
    "agreed-grade-update",
    "agreed-point-create",
    "agreed-point-update",
    "audit-update",
    "finding-create",
    "finding-update",
    "lead-in-create",
    "lead-in-update",
    "overall-grade-update",
    "placement-update",
    "prose-update",
}
"""Routes whose words stand among those to look at of an audit's documents."""
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
        home = _home(request) if found else None
        rules = _rules(found, home)
    except ScreeningDownError:
        messages.warning(
            request, "It is saved. Names could not be looked for in it just now: read it again."
        )
        return
    if rules:
        kinds = ", ".join(KINDS.get(rule, "something") for rule in RULES if rule in rules)
        told = "What you saved may say who somebody is. Found in it: {}. Reword it if so.{}"
        link = ' <a href="{}">Look at the words</a>'
        page = format_html(link, home.page) if home and home.page else ""
        messages.warning(request, format_html(told, kinds, page))


def _rules(found: Mapping[str, list[Hit]], home: "Home | None") -> set[str]:
    """Less the names of organisations and what was decided where the words stand."""
    if home is None:
        return {hit.rule for hits in found.values() for hit in hits}
    return {hit.rule for text, hits in found.items() for hit in home.screener.waiting(text, hits)}


@dataclass(frozen=True)
class Home:
    """Where the words stand that were saved; the page on which somebody decides about them, if this
    person may, and if they are listed there."""

    screener: Screener
    page: str


def _home(request: HttpRequest) -> Home | None:
    match = request.resolver_match
    if match is None or not request.user.is_authenticated:
        return None
    user, route = cast("SignedInRequest", request).user, str(match.url_name)
    if "return_id" in match.kwargs:
        return _in_return(user, match.kwargs["return_id"], route)
    if "audit_id" in match.kwargs:
        return _in_audit(user, match.kwargs["audit_id"], route)
    return None


def _in_return(user: User, return_id: UUID, route: str) -> Home | None:
    seen = AgencyReturn.objects.visible_to(user).select_related("audit").filter(pk=return_id)
    row = with_kit(seen, audit="audit", agency_return="pk").first()
    if row is None or not may_fill(row, user):
        return None
    page = reverse("return-screening", args=[row.pk]) if route in LISTED else ""
    return Home(Screener(Scope.of_return(row), Kit.of(row)), page)


def _in_audit(user: User, audit_id: UUID, route: str) -> Home | None:
    seen = Audit.objects.visible_to(user).filter(pk=audit_id)
    audit = with_kit(seen, audit="", agency_return=None).first()
    if audit is None:
        return None
    kit = Kit.of(audit)
    if not user.may(Permission.DRAFT, audit.partnership_id):
        # What was decided is told to nobody else, not even by a warning that does not come.
        return Home(Screener(Scope.of_audit(audit), replace(kit, decided=frozenset())), "")
    leads = route in PRINTED and may_read_agreed(audit, user)
    page = reverse("audit-screening", args=[audit.pk]) if leads else ""
    return Home(Screener(Scope.of_audit(audit), kit), page)
