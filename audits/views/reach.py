"""How the pages from the meeting on find their audit, and how they tell of a refusal."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.access import SignedInRequest, require
from agencies.roles import Permission
from audits.domain.writing import NotNowError, StaleError
from audits.forms.revisioned import RevisionedForm
from audits.models import Audit


def known_audit(request: SignedInRequest, audit_id: UUID, *, named: bool = True) -> Audit:
    """An audit the person may know of, though not yet read; else 404.

    `named`: with its partnership, theme, toolkit and the like, for pages that say them.
    """
    audits = Audit.objects.visible_to(request.user)
    return get_object_or_404(audits.with_names() if named else audits, pk=audit_id)


def open_audit(request: SignedInRequest, audit_id: UUID) -> Audit:
    """An audit of which the person may read what the meeting came to; else 404."""
    audits = Audit.objects.visible_to(request.user).agreed_visible_to(request.user)
    return get_object_or_404(audits.with_names(), pk=audit_id)


def audit_to_write(request: SignedInRequest, audit_id: UUID, permission: Permission) -> Audit:
    """The same, with leave to write: else 403."""
    audit = open_audit(request, audit_id)
    require(request.user, permission, audit.partnership_id)
    return audit


def is_open_to(request: SignedInRequest, audit: Audit) -> bool:
    return Audit.objects.agreed_visible_to(request.user).filter(pk=audit.pk).exists()


def not_open_yet(request: SignedInRequest, audit: Audit, *, tab: str, title: str) -> HttpResponse:
    """The page in place of one whose content is not this person's to read yet."""
    context = {"audit": audit, "tab": tab, "title": title}
    return render(request, "audits/not_open_yet.html", context)


def attempt(request: SignedInRequest, write: Callable[[], object]) -> bool:
    """For a button: a refusal is told on the page the person comes back to."""
    try:
        write()
    except (NotNowError, StaleError) as error:
        messages.error(request, str(error))
        return False
    return True


def attempt_form(form: RevisionedForm, write: Callable[[], object], *shown: str) -> bool:
    """For a form: a refusal is told in it, and `shown` fields come back with both texts."""
    try:
        write()
    except NotNowError as error:
        form.add_error(None, str(error))
        return False
    except StaleError as error:
        form.show_both(error.current, shown)
        return False
    return True
