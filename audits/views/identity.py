"""Who the child of a case is: put in by the officer, looked at by whoever says why.

What these pages are sent and show stands nowhere else: not in an address, a title, a message, a
log, a session or a browser's store.
"""

from collections.abc import Callable
from functools import partial, wraps
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import slugify
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from agencies.access import SignedInRequest
from agencies.confirming import confirmed
from agencies.domain.refusal import RefusedError
from agencies.domain.sessions import forgets_words
from agencies.downloads import workbook_response
from agencies.encryption import EncryptionError
from agencies.roles import Permission
from audits.domain import identities as domain
from audits.domain.guards import why_asked_names_nobody
from audits.domain.mailed_names import NamesSomebodyError
from audits.domain.screened import ScreeningDownError
from audits.domain.seals import HELD, SealGoneError
from audits.forms.final import About
from audits.forms.identity import (
    IdentityForm,
    IdentityUploadForm,
    LookForm,
    ReplaceForm,
    forms_for,
    found_in,
)
from audits.forms.identity_sheet import workbook_for
from audits.identity import Identity
from audits.models import Audit, Case, Seal
from audits.models.seal import may_hear_of_seals
from audits.reading.seals import SealPage, sealed_cases
from audits.views.reach import known_audit
from audits.views.seal import NO_KEY, NoSealError, run_seal

type View = Callable[..., HttpResponse]

DESTROYED = "The identities of this audit were destroyed."
DESTROYED_MEANWHILE = (
    "The identities of this audit were destroyed meanwhile. Nothing was sealed, and what you typed "
    "was not kept."
)
AT_ONCE = 40
"""Cases on one page: a form has at most a thousand fields."""


def tells_of_destruction(sent: str = DESTROYED) -> Callable[[View], View]:
    """Whoever may know of a seal that was destroyed is told so, with `sent` if it went while they
    wrote, and gets no name back. An audit that never had one has no such page."""

    def telling(view: View) -> View:
        @wraps(view)
        def told(request: SignedInRequest, audit_id: UUID, **more: UUID) -> HttpResponse:
            try:
                return view(request, audit_id, **more)
            except NoSealError as none:
                audit = none.audit
                if not (may_hear_of_seals(request.user, audit) and audit.seals.exists()):
                    raise
            messages.error(request, sent if request.method == "POST" else DESTROYED)
            runs = request.user.may(Permission.RUN_AUDIT, audit.partnership_id)
            return redirect(_back(request, audit, runs=runs))

        return told

    return telling


@forgets_words
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
@tells_of_destruction(DESTROYED_MEANWHILE)
def identity_seal(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """Forms for the cases that nothing is sealed of yet, or for the one that is named."""
    audit, seal = run_seal(request, audit_id)
    sent = request.POST if request.method == "POST" else None
    is_held = SealPage(audit, request.user).hold is not None
    wanted, open_cases = _to_enter(request, audit)
    if sent is None and is_held and domain.standing_among(seal, wanted):
        return _held(request, audit)
    forms = forms_for(open_cases, audit.agencies_asked.all(), sent)
    by_case = dict(zip(open_cases, forms, strict=True))
    found = _found(request, seal, by_case) if sent is not None else None
    is_right = sent is not None and not any(form.errors for form in forms)
    standing = domain.standing_among(seal, {*wanted, *(found or ())})
    ask = ReplaceForm(sent, standing=standing, is_held=is_held)
    if is_right and found and ask.is_valid() and _sealed(request, seal, found, ask):
        return redirect("seal-detail", audit.pk)
    context = {
        "audit": audit,
        "forms": [*forms, ask],
        "ask": ask,
        "rows": list(by_case.items()),
        "is_empty": is_right and found == {},
        "back_url": reverse("seal-detail", args=[audit.pk]),
    }
    return render(request, "audits/identity_seal.html", context)


def _held(request: SignedInRequest, audit: Audit) -> HttpResponse:
    messages.error(request, HELD)
    return redirect("seal-detail", audit.pk)


def _to_enter(request: SignedInRequest, audit: Audit) -> tuple[list[Case], list[Case]]:
    """The case that is named, if any; and those to give a form: it, or all of which nothing is
    sealed, and those that words were sent for, sealed meanwhile or not."""
    rows = SealPage(audit, request.user).rows
    wanted = [row.case for row in rows if str(row.case.number) == request.GET.get("case", "")]
    sent = {name.split("-")[1] for name, words in request.POST.items() if words and "-" in name}
    open_cases = [row.case for row in rows if row.sealed is None or str(row.case.number) in sent]
    return wanted, wanted or open_cases[:AT_ONCE]


@sensitive_variables()
def _found(
    request: SignedInRequest, seal: Seal, forms: dict[Case, IdentityForm]
) -> dict[Case, Identity] | None:
    """None where the key is not there, which is told."""
    try:
        return found_in(forms, partial(domain.numbers_taken, seal))
    except EncryptionError:
        messages.error(request, NO_KEY)
        return None


@sensitive_variables()
def _sealed(
    request: SignedInRequest, seal: Seal, found: dict[Case, Identity], ask: ReplaceForm
) -> bool:
    try:
        number = domain.seal_identities(
            seal=seal, by=request.user, identities=found, replacing=ask.standing
        )
    except SealGoneError:
        raise NoSealError(seal.audit) from None
    except NamesSomebodyError as refused:
        _tell_of_mails(request, seal.audit, refused)
        return False
    except (RefusedError, EncryptionError, ScreeningDownError) as error:
        messages.error(request, NO_KEY if isinstance(error, EncryptionError) else str(error))
        return False
    messages.success(request, f"{number} case{'' if number == 1 else 's'} sealed.")
    _warn_of_why_asked(request, seal.audit)
    return True


def _warn_of_why_asked(request: SignedInRequest, audit: Audit) -> None:
    for sentence in why_asked_names_nobody(audit):
        url = reverse("audit-screening", args=[audit.pk])
        messages.warning(
            request, format_html('{} <a href="{}">Words to look at</a>', sentence, url)
        )


def _tell_of_mails(request: SignedInRequest, audit: Audit, refused: NamesSomebodyError) -> None:
    """In a tab of its own: whoever follows the link must not lose the names just typed."""
    line = format_html(
        "{} Nothing was sealed; once it is out, seal again. "
        '<a href="{}" target="_blank" rel="opener">Edit the set-up (opens in a new tab)</a>',
        str(refused),
        reverse("audit-update", args=[audit.pk]),
    )
    messages.error(request, line)


@forgets_words
@sensitive_variables()
@require_http_methods(["GET", "POST"])
@tells_of_destruction(DESTROYED_MEANWHILE)
def identity_upload(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    audit, seal = run_seal(request, audit_id)
    is_post = request.method == "POST"
    form = IdentityUploadForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        cases=audit.cases.in_sample(),
        agencies=audit.agencies_asked.all(),
        taken=partial(domain.numbers_taken, seal),
    )
    is_right = _is_right(request, form)
    standing = domain.standing_among(seal, form.identities) if is_right else set()
    is_held = SealPage(audit, request.user).hold is not None
    ask = ReplaceForm(request.POST if is_right else None, standing=standing, is_held=is_held)
    if is_right and ask.is_valid() and _sealed(request, seal, form.identities, ask):
        return redirect("seal-detail", audit.pk)
    context = {"audit": audit, "form": form, "ask": ask, "forms": [ask]}
    return render(request, "audits/identity_upload.html", context)


@sensitive_variables()
def _is_right(request: SignedInRequest, form: IdentityUploadForm) -> bool:
    try:
        return form.is_valid()
    except EncryptionError:
        messages.error(request, NO_KEY)
        return False


@require_safe
@tells_of_destruction()
def identity_workbook(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """A workbook to fill in. It holds the cases' numbers and nothing of what is sealed."""
    audit, _seal = run_seal(request, audit_id)
    numbers = audit.cases.in_sample().values_list("number", flat=True)
    name = slugify(f"{audit.code} cases to fill in")
    return workbook_response(workbook_for(numbers, audit.agencies_asked.all()), name)


@require_http_methods(["GET", "POST"])
@confirmed
@tells_of_destruction()
def identity_remove(request: SignedInRequest, audit_id: UUID, case_id: UUID) -> HttpResponse:
    audit, _seal = run_seal(request, audit_id)
    case = get_object_or_404(audit.cases.select_related("audit"), pk=case_id)
    if SealPage(audit, request.user).hold is not None:
        return _held(request, audit)
    if request.method == "POST":
        try:
            domain.remove_identity(case=case, by=request.user)
        except RefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Who {case} is was taken out.")
        return redirect("seal-detail", audit.pk)
    context = {
        "title": f"Take out who {case} is?",
        "caption": audit.title,
        "confirm_label": "Take it out",
        "danger": True,
        "consequences": [
            "It leaves the seal at once. You can enter it again.",
            "Backups of the database keep it, encrypted, until the whole seal is destroyed.",
        ],
        "back_label": "Who the cases are",
        "cancel_url": reverse("seal-detail", args=[audit.pk]),
    }
    return render(request, "components/confirm.html", context)


@forgets_words
@sensitive_variables()
@require_http_methods(["GET", "POST"])
@confirmed
@tells_of_destruction()
def identity_reveal(request: SignedInRequest, audit_id: UUID) -> HttpResponse:
    """Asks why, and then shows, on the answer to that one press of a button and nowhere else."""
    audit, seal = _looked_for(request, audit_id)
    sealed = sealed_cases(seal, request.user)
    sent = request.POST if request.method == "POST" else None
    form = LookForm(
        sent,
        sealed=sealed,
        about=About.looking(request.user, audit) if sent else None,
        initial={"cases": request.GET.getlist("case")},
    )
    shown: list[domain.Revealed] = []
    if form.is_valid():
        try:
            shown = domain.reveal(
                seal=seal,
                by=request.user,
                cases=form.chosen,
                reason=form.cleaned_data["reason"],
            )
        except (RefusedError, EncryptionError) as error:
            form.add_error(None, NO_KEY if isinstance(error, EncryptionError) else str(error))
    runs = request.user.may(Permission.RUN_AUDIT, audit.partnership_id)
    context = {
        "audit": audit,
        "seal": seal,
        "form": form,
        "sealed": sealed,
        "shown": shown,
        "runs": runs,
        "agencies": {str(each.pk): each.short_name for each in audit.agencies_asked.all()},
        "back_url": _back(request, audit, runs=runs),
        "back_label": "Who the cases are" if runs else "Returns",
    }
    return render(request, "audits/identity_reveal.html", context)


def _looked_for(request: SignedInRequest, audit_id: UUID) -> tuple[Audit, Seal]:
    """The standing seal, for those who may ask what is in it; refused where they may not."""
    audit = known_audit(request, audit_id)
    seal = audit.seals.standing().first()
    if seal is None:
        raise NoSealError(audit)
    if not Seal.objects.visible_to(request.user).filter(pk=seal.pk).exists():
        raise PermissionDenied
    seal.audit = audit
    return audit, seal


def _back(request: SignedInRequest, audit: Audit, *, runs: bool) -> str:
    if runs:
        return reverse("seal-detail", args=[audit.pk])
    return reverse("agency-return-list", args=[audit.pk])
