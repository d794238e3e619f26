"""One point on a page of its own."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.access import SignedInRequest
from audits.domain import points
from audits.domain.drafts import ReturnClosedError
from audits.domain.writing import StaleError
from audits.forms.points import PointForm
from audits.models import Point
from audits.views.closed import say_closed


@require_http_methods(["GET", "POST"])
def point_update(request: SignedInRequest, return_id: UUID, point_id: UUID) -> HttpResponse:
    seen = Point.objects.visible_to(request.user).select_related(
        "audit", "agency", "agency_return__audit", "case_return__audit", "case_return__case"
    )
    point = get_object_or_404(seen, pk=point_id, agency_return=return_id)
    if not points.may_write(point, request.user):
        raise PermissionDenied
    form = PointForm(request.POST or None, point=point)
    back = _back(point)
    if request.method == "POST" and form.is_valid():
        try:
            points.describe(point, by=request.user, **form.cleaned_data)
        except ReturnClosedError:
            say_closed(request)
        except StaleError as error:
            form.show_both(error.current, ["text"])
        else:
            messages.success(request, "The point is saved.")
            return redirect(back)
    context = {"form": form, "point": point, "cancel_url": back, "submit_label": "Save the point"}
    return render(request, "audits/point_update.html", context)


def _back(point: Point) -> str:
    kind = next((each.kind for each in point.placements.all() if not each.agreed), "")
    if point.case_return is None:
        url = reverse("summative-edit", args=[point.agency_return_id])
    else:
        url = reverse("case-return-edit", args=[point.agency_return_id, point.case_return_id])
    return f"{url}#points-{kind}"
