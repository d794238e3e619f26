"""Every earlier revision of a text of a return, and bringing one back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from agencies.access import SignedInRequest
from audits.domain import earlier_words
from audits.domain.drafts import ConflictError, ReturnClosedError
from audits.domain.leading import may_fill
from audits.domain.room import NoRoomError
from audits.forms.sent import parsed_basis
from audits.models import AgencyReturn, CaseReturn, TextRevision
from audits.reading.history import HistoryPage
from audits.views.closed import say_closed

CHANGED = "Nothing was brought back: somebody changed this text meanwhile. Look at it again."


@require_GET
def case_return_history(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID
) -> HttpResponse:
    seen = CaseReturn.objects.visible_to(request.user).select_related(
        "audit", "agency", "agency_return__agency", "agency_return__audit", "case", "own_grade"
    )
    row = get_object_or_404(seen, pk=case_return_id, agency_return=return_id)
    back = reverse("case-return-edit", args=[return_id, case_return_id])
    return _page(request, row, title=str(row.case), back=back)


@require_GET
def summative_history(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    seen = AgencyReturn.objects.visible_to(request.user).select_related("audit", "agency")
    row = get_object_or_404(seen, pk=return_id)
    back = reverse("summative-edit", args=[return_id])
    return _page(request, row, title="Summative report", back=back)


def _page(
    request: SignedInRequest, home: CaseReturn | AgencyReturn, *, title: str, back: str
) -> HttpResponse:
    page = HistoryPage(
        home,
        request.user,
        key=request.GET.get("text", ""),
        every=bool(request.GET.get("every")),
        number=request.GET.get("page"),
    )
    if not may_fill(page.agency_return, request.user):
        raise PermissionDenied
    context = {"page": page, "title": title, "back": back}
    return render(request, "audits/history.html", context)


@require_POST
def case_return_bring_back(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID, revision_id: int
) -> HttpResponse:
    seen = TextRevision.objects.visible_to(request.user).filter(case_return=case_return_id)
    url = reverse("case-return-history", args=[return_id, case_return_id])
    return _bring_back(request, seen, return_id, revision_id, url)


@require_POST
def summative_bring_back(
    request: SignedInRequest, return_id: UUID, report_revision_id: int
) -> HttpResponse:
    seen = TextRevision.objects.visible_to(request.user).filter(case_return=None)
    url = reverse("summative-history", args=[return_id])
    return _bring_back(request, seen, return_id, report_revision_id, url)


def _bring_back(
    request: SignedInRequest,
    seen: QuerySet[TextRevision],
    return_id: UUID,
    revision_id: int,
    url: str,
) -> HttpResponse:
    rows = seen.select_related("agency_return__audit", "case_return")
    earlier = get_object_or_404(rows, pk=revision_id, agency_return=return_id)
    if not may_fill(earlier.agency_return, request.user):
        raise PermissionDenied
    try:
        earlier_words.bring_back(earlier, by=request.user, basis=parsed_basis(request.POST))
    except ReturnClosedError:
        say_closed(request)
    except NoRoomError as full:
        messages.error(request, str(full))
    except ConflictError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, "It says that again. What it said before stays below.")
    return redirect(f"{url}?text={earlier.key}")
