"""Every address of the application, and t1: the least that a page for somebody signed in can be."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import include, path
from django.utils.html import escape

from agencies.access import SignedInRequest
from audits.models import Audit


def one_row(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """Signed in, through every middleware, one row read and no template drawn."""
    return HttpResponse(escape(Audit.objects.get(pk=audit_id).title))


urlpatterns = [
    path("bench/<uuid:audit_id>/", one_row, name="bench-one-row"),
    path("", include("maca.urls")),
]
