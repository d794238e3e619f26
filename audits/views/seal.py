"""The officer's pages about an audit's seal: begin it, keep it, hold it, destroy it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from agencies.access import SignedInRequest, require
from agencies.confirming import confirmed
from agencies.encryption import EncryptionError
from agencies.roles import Permission
from audits.domain import seals as domain
from audits.domain.identity_destruction import destroy
from audits.forms.final import About
from audits.forms.identity import KeepUntilForm
from audits.forms.reason import SealReasonForm
from audits.models import Audit, Seal
from audits.reading.seals import SealPage, spans
from audits.views.closed import refused_in
from audits.views.reach import known_audit

NO_KEY = (
    "The key of this audit’s seal is not on this server, or does not fit. Nothing can be opened or "
    "sealed. Tell whoever runs the server."
)
WHEN_SEALED = [
    "You enter who the cases are, or upload it. It is encrypted at once.",
    "Agencies asked see it while they look for the children, each time with a reason.",
    "You see who looked, when and why.",
    "It never stands in a document, a mail, an export, or an address.",
]


class NoSealError(Http404):
    """The audit has no seal that stands; whoever may be told so is told why."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit


def run_audit(request: SignedInRequest, audit_id: UUID) -> Audit:
    audit = known_audit(request, audit_id)
    require(request.user, Permission.RUN_AUDIT, audit.partnership_id)
    return audit


def run_seal(request: SignedInRequest, audit_id: UUID) -> tuple[Audit, Seal]:
    """An audit whose seal stands, for whoever runs it; NoSealError where none does."""
    audit = run_audit(request, audit_id)
    seal = SealPage(audit, request.user).seal
    if seal is None:
        raise NoSealError(audit)
    seal.audit = audit
    return audit, seal


@require_safe
def seal_detail(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    context = {"audit": audit, "page": SealPage(audit, request.user)}
    return render(request, "audits/seal_detail.html", context)


@require_http_methods(["GET", "POST"])
def seal_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    page = SealPage(audit, request.user)
    if not page.may_begin:
        messages.info(request, domain.TOO_LATE if page.seal is None else "It is sealed already.")
        return redirect("seal-detail", audit.pk)
    form = KeepUntilForm(request.POST or None, initial={"keep_until": page.usual_end})
    return _ask(
        request,
        audit,
        form,
        write=lambda said: domain.begin_seal(audit=audit, by=request.user, **said),
        done="The seal is there. Now say who the cases are.",
        then="identity-seal",
        title="Seal who the cases are",
        confirm_label="Begin the seal",
        consequences=WHEN_SEALED,
    )


@require_http_methods(["GET", "POST"])
@confirmed
def seal_update(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit, seal = run_seal(request, audit_id)
    form = KeepUntilForm(
        request.POST or None,
        initial={"keep_until": seal.keep_until},
        is_held=SealPage(audit, request.user).hold is not None,
    )
    return _ask(
        request,
        audit,
        form,
        write=lambda said: domain.move_end(seal=seal, by=request.user, day=said["keep_until"]),
        done="The day is moved.",
        title="When they are destroyed",
        confirm_label="Save the day",
    )


@require_http_methods(["GET", "POST"])
@confirmed
def seal_destroy(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit, seal = run_seal(request, audit_id)
    page = SealPage(audit, request.user)
    if request.method != "POST" and page.hold is not None:
        messages.error(request, domain.HELD)
        return redirect("seal-detail", audit.pk)
    numbers = [row.case.number for row in page.rows if row.sealed]
    return _ask(
        request,
        audit,
        _why(request, audit, "Why they are destroyed now"),
        write=lambda said: destroy(seal=seal, by=request.user, **said),
        done="The identities are destroyed.",
        title="Destroy the identities?",
        confirm_label="Destroy them for good",
        danger=True,
        consequences=[
            f"The identities of {_cases(numbers)} are gone for good, in every backup too.",
            "Copies of the key that the operator keeps elsewhere have to be removed as well.",
            "Nobody can bring them back.",
            "Agencies that have not looked yet cannot find the children any more.",
            "Who looked, and why, stays. So do findings, points and counts.",
        ],
    )


def _cases(numbers: list[int]) -> str:
    if not numbers:
        return "no case yet"
    return f"case{'' if len(numbers) == 1 else 's'} {spans(numbers)}"


@require_http_methods(["GET", "POST"])
def legal_hold_create(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    return _ask(
        request,
        audit,
        _why(request, audit, "Who asks for the hold, and why"),
        write=lambda said: domain.put_on_hold(audit=audit, by=request.user, **said),
        done="Nothing is destroyed while the hold stands.",
        title="Put them on legal hold?",
        confirm_label="Put them on hold",
        consequences=[
            "Who the children are is not destroyed, by day or by hand, until you lift it."
        ],
    )


@require_http_methods(["GET", "POST"])
@confirmed
def legal_hold_lift(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit = run_audit(request, audit_id)
    page = SealPage(audit, request.user)
    if request.method != "POST" and page.hold is None:
        messages.info(request, "This audit is not on hold.")
        return redirect("seal-detail", audit.pk)
    lines = ["From now on they can be destroyed again."]
    if page.seal is not None and page.ends_soon:
        lines.append(
            f"Their day is {page.seal.keep_until:%-d %B %Y}: if it is over, they go tonight."
        )
    return _ask(
        request,
        audit,
        _why(request, audit, "Why it is lifted"),
        write=lambda said: domain.lift_hold(audit=audit, by=request.user, **said),
        done="The hold is lifted.",
        title="Lift the legal hold?",
        confirm_label="Lift it",
        consequences=lines,
    )


def _why(request: SignedInRequest, audit: Audit, label: str) -> SealReasonForm:
    about = About(request.user, audit)
    return SealReasonForm(request.POST or None, label=label, about=about)


def _tries(form: forms.Form, write: Callable[[], object]) -> bool:
    """A refusal is told in the form."""
    try:
        with refused_in(form):
            write()
            return True
    except EncryptionError:
        form.add_error(None, NO_KEY)
    return False


def _ask(
    request: SignedInRequest,
    audit: Audit,
    form: forms.Form,
    *,
    write: Callable[[dict[str, Any]], object],
    done: str,
    then: str = "seal-detail",
    **shown: object,
) -> HttpResponse:
    """Asks, and once the answer is right writes it, says so and goes on."""
    if form.is_valid() and _tries(form, lambda: write(form.cleaned_data)):
        messages.success(request, done)
        return redirect(then, audit.pk)
    context = {
        **shown,
        "form": form,
        "caption": audit.title,
        "back_label": "Who the cases are",
        "cancel_url": reverse("seal-detail", args=[audit.pk]),
    }
    return render(request, "components/confirm.html", context)
