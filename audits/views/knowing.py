"""The first step of an agency's return: which of the cases it knows."""

from collections.abc import Collection
from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.access import SignedInRequest, ends_in, require
from agencies.roles import Permission
from audits.domain import knowing
from audits.domain.drafts import ReturnClosedError
from audits.forms.knowing import SHORT, KnownForm
from audits.models import CaseReturn, Known
from audits.reading.knowing import KnownPage
from audits.views.agency_return import find
from audits.views.closed import say_closed

UNDO = "put-down-as-not-known"
"""In the session: by return, the cases that one button answered, so that it can be undone."""


@require_http_methods(["GET", "POST"])
def agency_return_known(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    page = KnownPage(find(request.user, return_id), request.user)
    if not page.whole.is_of_agency:
        audit = page.agency_return.audit
        require(request.user, Permission.RUN_AUDIT, audit.partnership_id)
    if request.method == "POST":
        return _save(request, page)
    form = KnownForm(case_returns=page.rows, initial={"how_checked": page.how_checked})
    return _show(request, page, form)


def _show(request: SignedInRequest, page: KnownPage, form: KnownForm) -> HttpResponse:
    context = {
        "page": page,
        "audit": page.agency_return.audit,
        "form": form,
        "keys": [SHORT[value] for value in Known],
        "may_undo": len(_undoable(request, page)),
    }
    return render(request, "audits/agency_return_known.html", context)


def _save(request: SignedInRequest, page: KnownPage) -> HttpResponse:
    do = request.POST.get("do", "")
    form = KnownForm(request.POST, case_returns=page.rows)
    if request.POST.get("writer", str(request.user.pk)) != str(request.user.pk):
        return JsonResponse({"signed_in_as": request.user.name}, status=403)
    if do == "rest":
        form.require_how()
    if not form.is_valid():
        if not request.accepts("text/html"):
            return JsonResponse({"errors": form.errors}, status=422)
        return _show(request, page, form)
    if not page.whole.is_open:
        return _closed(request, page, form)
    try:
        if do == "undo":
            return _undo(request, page)
        outcome = knowing.answer(
            page.agency_return,
            by=request.user,
            told=form.told(),
            how_checked=form.cleaned_data["how_checked"],
        )
        if do == "rest":
            _put_rest_down(request, page, form)
    except ReturnClosedError:
        return _closed(request, page, form)
    if request.accepts("text/html"):
        return _told(request, page, outcome)
    return JsonResponse(_as_json(page, outcome) | {"session_ends_in": ends_in(request)})


def _closed(request: SignedInRequest, page: KnownPage, form: KnownForm) -> HttpResponse:
    if not request.accepts("text/html"):
        return JsonResponse({"closed": True}, status=423)
    say_closed(request)
    return _show(request, page, form)


def _put_rest_down(request: SignedInRequest, page: KnownPage, form: KnownForm) -> None:
    done = knowing.rest_not_known(
        page.agency_return, by=request.user, how_checked=form.cleaned_data["how_checked"]
    )
    kept = request.session.get(UNDO, {})
    request.session[UNDO] = kept | {str(page.agency_return.pk): [str(row.pk) for row in done]}


def _undoable(request: SignedInRequest, page: KnownPage) -> set[UUID]:
    """What the button put down in this session and is still so."""
    kept = request.session.get(UNDO, {}).get(str(page.agency_return.pk), [])
    there = {str(row.pk) for row in page.rows if row.known == Known.NO}
    return {UUID(pk) for pk in there & set(kept)}


def _undo(request: SignedInRequest, page: KnownPage) -> HttpResponse:
    number = knowing.take_answers_back(
        page.agency_return, by=request.user, pks=_undoable(request, page)
    )
    kept = request.session.get(UNDO, {})
    kept.pop(str(page.agency_return.pk), None)
    request.session[UNDO] = kept
    if number:
        messages.success(request, f"Undone: {_cases(number)} without an answer again.")
    return redirect(page.url)


def _told(request: SignedInRequest, page: KnownPage, outcome: knowing.Outcome) -> HttpResponse:
    """Without scripts: everything was sent at once."""
    if outcome.answered_meanwhile:
        messages.warning(
            request,
            f"{_names(outcome.answered_meanwhile)}: somebody else answered meanwhile. Their "
            "answer stands; change it below if it is wrong.",
        )
    else:
        messages.success(request, "Saved. You can leave this and come back at any time.")
    return redirect(page.url)


def _names(rows: Collection[CaseReturn]) -> str:
    return ", ".join(str(row.case) for row in rows)


def _cases(number: int) -> str:
    return f"{number} case is" if number == 1 else f"{number} cases are"


def _as_json(page: KnownPage, outcome: knowing.Outcome) -> dict[str, object]:
    """What now stands in the rows that were sent, and how far the return has come."""
    now = KnownPage(page.agency_return, page.whole.user)
    meanwhile = {row.pk for row in outcome.answered_meanwhile}
    return {
        "rows": [
            {
                "number": row.case.number,
                "known": row.known,
                "state": KnownForm.state_of(row),
                "meanwhile": row.pk in meanwhile,
            }
            for row in now.rows
        ],
        "tally": now.tally.as_numbers,
        "done": now.tally.is_done,
        "onward": asdict(now.onward),
    }
