from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format

from agencies.access import SignedInRequest
from reports.reading.home import home_page


def home(request: SignedInRequest) -> HttpResponse:
    partnership = request.partnership
    assert partnership is not None  # noqa: S101 - whoever holds no role is signed out
    context = {
        "page": home_page(request.user, partnership),
        "caption": date_format(timezone.localdate(), "l j F Y"),
    }
    return render(request, "reports/home.html", context)
