"""An agency's return: who owes what, the agency's own page, and the steps a return takes."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.access import SignedInRequest, require
from agencies.models import User
from agencies.roles import Permission
from audits.domain import returns
from audits.domain.drafts import ReturnClosedError
from audits.domain.guards import GuardError
from audits.domain.transitions import RETURN_TRANSITIONS, Transition, allowed, transition
from audits.forms.agency_return import AssignForm, NilForm
from audits.forms.final import About
from audits.forms.reason import ReasonForm
from audits.models import AgencyReturn
from audits.reading.agency_returns import AgencyReturnPage
from audits.reading.differences import Differences
from audits.reading.return_list import groups, return_rows
from audits.reading.steps import consequences, missing_for
from audits.views.closed import CLOSED
from audits.views.reach import known_audit


@require_GET
def agency_return_list(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = known_audit(request, audit_id)
    if not any(
        request.user.may_anywhere_in(each, audit.partnership_id)
        for each in (Permission.SEE_STATES, Permission.ANSWER_RETURN)
    ):
        raise PermissionDenied
    rows = return_rows(audit, request.user)
    may_run = request.user.may(Permission.RUN_AUDIT, audit.partnership_id)
    context = {
        "audit": audit,
        "rows": rows,
        "groups": groups(rows),
        "owing": sum(not row.agency_return.is_settled for row in rows),
        "late": sum(row.late for row in rows),
        "sees_all": request.user.may(Permission.SEE_STATES, audit.partnership_id),
        "may_run": may_run,
        "may_chase": may_run and any(row.owes for row in rows),
    }
    return render(request, "audits/agency_return_list.html", context)


def find(user: User, return_id: UUID) -> AgencyReturn:
    returns_seen = (
        AgencyReturn.objects.visible_to(user)
        .select_related("audit__partnership", "audit__theme", "agency", "signed_off_by")
        .with_seal()
    )
    return get_object_or_404(returns_seen, pk=return_id)


def require_lead(agency_return: AgencyReturn, user: User) -> None:
    if not returns.may_lead(agency_return, user):
        audit = agency_return.audit
        require(user, Permission.LEAD_RETURN, audit.partnership_id, agency_return.agency_id)


@require_GET
def agency_return_detail(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    page = AgencyReturnPage(find(request.user, return_id), request.user)
    return _detail(request, page, _assign_form(page))


def _assign_form(page: AgencyReturnPage, data: QueryDict | None = None) -> AssignForm:
    rows = [row.case_return for row in page.cases]
    return AssignForm(data, case_returns=rows, auditors=page.auditors)


def _detail(request: HttpRequest, page: AgencyReturnPage, assign: AssignForm) -> HttpResponse:
    context = {
        "page": page,
        "audit": page.agency_return.audit,
        "rows": [(row, assign[f"auditor_{row.case_return.pk}"]) for row in page.cases],
        "form": assign,
    }
    return render(request, "audits/agency_return_detail.html", context)


@require_GET
def agency_return_compare(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    agency_return = find(request.user, return_id)
    require_lead(agency_return, request.user)
    context = {
        "agency_return": agency_return,
        "page": Differences(agency_return),
        "caption": f"{agency_return.agency} · {agency_return.audit}",
    }
    return render(request, "audits/agency_return_compare.html", context)


@require_POST
def agency_return_assign(request: SignedInRequest, return_id: UUID) -> HttpResponse:
    page = AgencyReturnPage(find(request.user, return_id), request.user)
    require_lead(page.agency_return, request.user)
    form = _assign_form(page, request.POST)
    if not form.is_valid():
        return _detail(request, page, form)
    try:
        changed = returns.assign(page.agency_return, by=request.user, auditors=form.chosen())
    except ReturnClosedError:
        messages.error(request, CLOSED)
    else:
        messages.success(request, f"Saved. {changed} case{'' if changed == 1 else 's'} assigned.")
    return redirect("agency-return-detail", return_id)


@require_http_methods(["GET", "POST"])
def agency_return_transition(request: SignedInRequest, return_id: UUID, name: str) -> HttpResponse:
    """One page a step: what is missing, or what follows and a reason where one is needed."""
    page = AgencyReturnPage(find(request.user, return_id), request.user)
    step = _step(name)
    if not allowed(page.agency_return, name, request.user):
        raise PermissionDenied
    about = About(request.user, page.agency_return.audit, page.agency_return)
    form = _step_form(name, step, request.POST if request.method == "POST" else None, about)
    missing = missing_for(page, name)
    is_ready = request.method == "POST" and not missing and (form is None or form.is_valid())
    if is_ready and _taken(request, page, name, step, form):
        return redirect(_back(request, page))
    context = {
        "page": page,
        "title": step.label,
        "caption": f"{page.agency_return.agency} · {page.agency_return.audit}",
        "missing": missing,
        "form": form,
        "consequences": [] if missing else consequences(page, name),
        "confirm_label": step.label,
        "danger": name == "decline",
        "cancel_url": _back(request, page),
    }
    return render(request, "audits/agency_return_step.html", context)


def _step(name: str) -> Transition:
    if name not in RETURN_TRANSITIONS:
        raise Http404
    return RETURN_TRANSITIONS[name]


def _step_form(name: str, step: Transition, data: QueryDict | None, about: About) -> Form | None:
    if name == "nil":
        return NilForm(data)
    return ReasonForm(data, about=about) if step.needs_reason else None


def _taken(
    request: SignedInRequest,
    page: AgencyReturnPage,
    name: str,
    step: Transition,
    form: Form | None,
) -> bool:
    """Whether to go on: a refused step whose form holds words stays on its page with them."""
    said = form.cleaned_data if form else {}
    try:
        if name == "nil":
            returns.hand_in_nothing(
                page.agency_return, by=request.user, how_checked=said["how_checked"]
            )
        else:
            transition(page.agency_return, name, by=request.user, reason=said.get("reason", ""))
    except (GuardError, ReturnClosedError) as error:
        refused = " ".join(getattr(error, "missing", [CLOSED]))
        if form is not None:
            form.add_error(None, refused)
            return False
        messages.error(request, refused)
    else:
        messages.success(request, f"Done: {page.agency_return.agency} {step.verb}.")
    return True


def _back(request: SignedInRequest, page: AgencyReturnPage) -> str:
    """The officer works through the list of agencies; the agency has a page of its own."""
    if page.is_of_agency:
        return reverse("agency-return-detail", args=[page.agency_return.pk])
    return reverse("agency-return-list", args=[page.agency_return.audit_id])
