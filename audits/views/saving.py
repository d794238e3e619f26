"""What the script of a page asks for while somebody writes on it: to save, and who else is here.

Each answers JSON. Nobody is led anywhere, and nothing is said in an address.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, ends_in
from agencies.domain.sessions import passive
from agencies.moments import told_moment
from audits.domain import case_returns, case_texts, presence, summative
from audits.domain.drafts import Basis, Conflict, ReturnClosedError, Text, digest
from audits.domain.leading import is_open, may_fill, may_lead
from audits.domain.screened import Kit, Scope, Screener, with_kit
from audits.forms.conflicts import told
from audits.forms.screening import Reader, found_in, standing_in
from audits.forms.sent import SentCaseReturn, SentForm, fields_of
from audits.forms.sent_summative import SentSummative
from audits.models import AgencyReturn, CaseReturn, TextRevision
from audits.models.seal import may_look
from audits.reading import company
from audits.reading.boxes import prose_of, prose_of_report

CLOSED = 423
INVALID = 422
CONFLICT = 409

View = Callable[..., JsonResponse]


def by_its_writer(view: View) -> View:
    """Words typed as one person are not saved as another, unless the page asked and was told."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        signed_in = cast("SignedInRequest", request)
        if request.POST.get("writer", str(signed_in.user.pk)) != str(signed_in.user.pk):
            return JsonResponse({"signed_in_as": signed_in.user.name}, status=403)
        return view(signed_in, *args, **kwargs)

    return asked


@require_POST
@by_its_writer
def case_return_save(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID
) -> JsonResponse:
    seen = CaseReturn.objects.visible_to(request.user)
    rows = seen.filter(pk=case_return_id, agency_return=return_id)
    sent = SentCaseReturn(request.POST)
    try:
        saved = case_returns.save_sent(rows, by=request.user, sent=sent)
    except CaseReturn.DoesNotExist:
        raise Http404 from None
    except ReturnClosedError:
        return JsonResponse({"closed": True}, status=CLOSED)
    sent.refuse(saved.refused)
    standing = sent.standing(saved.texts)
    found = found_in(sent, standing, *_screening(request, saved.row))
    kept = {"case_return": case_return_id}
    return _answer(request, sent, saved.texts, saved.conflicts, kept, screened=found)


@require_POST
@passive
@by_its_writer
def case_return_screened(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID
) -> JsonResponse:
    """What stands undecided in each box of a page that was just opened."""
    seen = CaseReturn.objects.visible_to(request.user).select_related(
        "agency_return", "audit", "case"
    )
    rows = with_kit(seen, audit="audit", agency_return="agency_return")
    row = get_object_or_404(rows, pk=case_return_id, agency_return=return_id)
    if not may_fill(row, request.user):
        raise PermissionDenied
    try:
        case_texts.require_open(row)
    except ReturnClosedError:
        return JsonResponse({"closed": True}, status=CLOSED)
    texts, codes = prose_of(row)
    boxes = (fields_of(key, words, codes) for key, words in texts.items())
    return JsonResponse({"screened": standing_in(boxes, *_screening(request, row))})


def _screening(request: SignedInRequest, row: CaseReturn) -> tuple[Screener, Reader]:
    reader = Reader(request.user, may_look(request.user, row.audit, row.agency_return))
    return Screener(Scope.of_case_return(row), Kit.of(row)), reader


@require_POST
@by_its_writer
def summative_save(request: SignedInRequest, return_id: UUID) -> JsonResponse:
    rows = AgencyReturn.objects.visible_to(request.user).filter(pk=return_id)
    sent = SentSummative(request.POST)
    try:
        saved = summative.save_sent(rows, by=request.user, sent=sent)
    except AgencyReturn.DoesNotExist:
        raise Http404 from None
    except ReturnClosedError:
        return JsonResponse({"closed": True}, status=CLOSED)
    made = sent.made(saved)
    sent.refuse(saved.refused)
    standing = sent.standing(saved.texts) | {f"row:{number}" for number in made}
    found = found_in(sent, standing, *_screening_report(request, saved.row))
    kept = _of_report(return_id)
    return _answer(request, sent, saved.texts, saved.conflicts, kept, made=made, screened=found)


@require_POST
@passive
@by_its_writer
def summative_screened(request: SignedInRequest, return_id: UUID) -> JsonResponse:
    """The same of the summative report; the page sends which action each of its lines is."""
    seen = AgencyReturn.objects.visible_to(request.user).select_related("audit")
    row = get_object_or_404(with_kit(seen, audit="audit", agency_return="pk"), pk=return_id)
    if not may_lead(row, request.user):
        raise PermissionDenied
    if not is_open(row):
        return JsonResponse({"closed": True}, status=CLOSED)
    sent = SentSummative(request.POST)
    boxes = (sent.boxes_of(key, words) for key, words in prose_of_report(row).items())
    return JsonResponse({"screened": standing_in(boxes, *_screening_report(request, row))})


def _screening_report(request: SignedInRequest, row: AgencyReturn) -> tuple[Screener, Reader]:
    reader = Reader(request.user, may_look(request.user, row.audit, row))
    return Screener(Scope.of_return(row), Kit.of(row)), reader


def _of_report(return_id: UUID) -> dict[str, object]:
    """Which revisions are those of a summative report."""
    return {"agency_return": return_id, "case_return": None}


def _answer(
    request: SignedInRequest,
    sent: SentForm,
    texts: Mapping[str, Text],
    conflicts: list[Conflict],
    kept: Mapping[str, object],
    **more: object,
) -> JsonResponse:
    keys = [each.key for each in conflicts]
    basis = Basis.of(texts).updated(texts, keys)
    body: dict[str, Any] = {
        **more,
        "saved_at": timezone.now(),
        "basis": basis.marks,
        "session_ends_in": ends_in(request),
    }
    status = 200
    if sent.errors:
        status, body["errors"] = INVALID, sent.errors
    if conflicts:
        status = CONFLICT
        seen = TextRevision.objects.visible_to(request.user).filter(**kept)
        writers = company.last_writers(seen, keys, request.user)
        body["conflicts"] = [told(each, sent, writers) for each in conflicts]
    return JsonResponse(body, status=status)


@require_POST
@passive
@by_its_writer
def case_return_presence(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID
) -> JsonResponse:
    seen = CaseReturn.objects.visible_to(request.user).select_related("audit")
    row = get_object_or_404(seen, pk=case_return_id, agency_return=return_id)
    if not may_fill(row, request.user):
        raise PermissionDenied
    presence.note(row.agency_return_id, place=row.pk, by=request.user)
    kept = TextRevision.objects.visible_to(request.user).filter(case_return=row)
    changes = company.changed_by_others(
        kept, user=request.user, since=told_moment(request.POST.get("since", ""))
    )
    codes = company.codes_of(row, changes)
    return _present(request, row.pk, changes, codes)


@require_POST
@passive
@by_its_writer
def summative_presence(request: SignedInRequest, return_id: UUID) -> JsonResponse:
    seen = AgencyReturn.objects.visible_to(request.user).select_related("audit")
    row = get_object_or_404(seen, pk=return_id)
    if not may_lead(row, request.user):
        raise PermissionDenied
    presence.note(row.pk, place=row.pk, by=request.user)
    kept = TextRevision.objects.visible_to(request.user).filter(**_of_report(return_id))
    changes = company.changed_by_others(
        kept, user=request.user, since=told_moment(request.POST.get("since", ""))
    )
    return _present(request, row.pk, changes, {})


def _present(
    request: SignedInRequest,
    place: UUID,
    changes: list[company.Change],
    codes: Mapping[str, str],
) -> JsonResponse:
    return JsonResponse(
        {
            "now": timezone.now(),
            "others": company.others_at(place, request.user),
            "changed": [_told(each, codes) for each in changes],
            "session_ends_in": ends_in(request),
        }
    )


def _told(change: company.Change, codes: Mapping[str, str]) -> dict[str, Any]:
    fields = fields_of(change.key, change.words, codes)
    return {
        "key": change.key,
        "names": list(fields),
        "fields": fields,
        "mark": (change.revision, digest(change.words)),
        "by": change.by,
        "at": f"{change.at:%H:%M}",
        "gone": change.gone,
    }
