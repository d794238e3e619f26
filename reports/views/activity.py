from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import SignedInRequest, require_anywhere
from agencies.models import Activity
from agencies.roles import Permission
from reports.forms.activity import ActivityFilter
from reports.reading.activity import lines

PAGE_LENGTH = 50


def activity_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.SEE_ACTIVITY)
    recorded = Activity.objects.visible_to(request.user).filter(partnership=partnership)
    listed = ActivityFilter(request.GET, recorded, partnership=partnership)
    page = Paginator(listed.qs.select_related("by"), PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": lines(page.object_list, request.user),
        "filter": listed,
        "form": listed.form,
        "is_filtered": bool(request.GET),
    }
    return render(request, "reports/activity_list.html", context)
