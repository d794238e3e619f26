"""Every address of the application, and the least that a page for somebody signed in can be."""

from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils.html import escape

from agencies.access import SignedInRequest
from audits.models import Audit


@cache
def least_page() -> Any:
    return engines["django"].from_string(
        '{% extends "base.html" %}{% block content %}<h1>{{ audit.title }}</h1>{% endblock %}'
    )


def one_row(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """t1: signed in, through every middleware, one row read, drawn on the base template."""
    audit = Audit.objects.get(pk=audit_id)
    return HttpResponse(least_page().render({"audit": audit}, request))


def no_template(_request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """The same without a template: what the middleware and one row cost by themselves."""
    return HttpResponse(escape(Audit.objects.get(pk=audit_id).title))


urlpatterns = [
    path("bench/<uuid:audit_id>/", one_row, name="bench-one-row"),
    path("bench/<uuid:audit_id>/bare/", no_template, name="bench-no-template"),
    path("", include("maca.urls")),
]
