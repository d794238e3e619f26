"""Files as they are handed out: recorded by whoever makes them, and so many an hour to one person.

An account that somebody else has got hold of, or a program, cannot take everything in one go.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import SignedInRequest
from agencies.domain import refusals
from agencies.models import Activity

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOUR = timedelta(hours=1)
REFUSED = "was refused more files in one hour"

type View = Callable[..., HttpResponse]


def workbook_response(content: bytes, name: str) -> HttpResponse:
    """A spreadsheet to be kept; its name comes without ending."""
    disposition = f'attachment; filename="{name}.xlsx"'
    return HttpResponse(
        content, content_type=WORKBOOK, headers={"Content-Disposition": disposition}
    )


def hands_out_files(view: View) -> View:
    """Refuses with 429 whoever has had as many files in the last hour as the settings allow."""

    @wraps(view)
    def limited(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        most = settings.FILES_AN_HOUR
        if Activity.objects.files_of(request.user, within=HOUR)[:most].count() < most:
            return view(request, *args, **kwargs)
        page = request.resolver_match
        refusals.note(
            REFUSED,
            by=request.user,
            partnership=request.partnership,
            subject=page.view_name if page else None,
        )
        return render(request, "agencies/too_many_files.html", {"most": most}, status=429)

    return limited
