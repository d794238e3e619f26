"""What is on record about people's second factors, and taking them away from somebody.

The library adds and removes a person's own; it tells us here.
"""

from collections.abc import Sequence
from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from agencies import mail
from agencies.domain import activity
from agencies.domain.people import require_whole
from agencies.domain.refusal import RefusedError
from agencies.models import Partnership, User
from agencies.roles import Role
from agencies.second_factor import KINDS, note_proof


@transaction.atomic
def require_of(*, partnership: Partnership, by: User, roles: Sequence[Role]) -> None:
    """From the next request of each on, people in these roles need one."""
    partnership.second_factor_roles = [role.value for role in Role if role in roles]
    partnership.save(update_fields=["second_factor_roles"])
    activity.record(
        "changed who needs a second factor", by=by, partnership=partnership, subject=partnership
    )


@transaction.atomic
def reset(*, user: User, partnership: Partnership, by: User) -> None:
    """Forget somebody's second factors, for who lost theirs. Raises RefusedError if none is there.

    What their open sessions have shown counts no longer.
    """
    require_whole(by, user)
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    if not deleted:
        raise RefusedError(f"{user.name} has no second factor that could be reset.")
    _distrust(user)
    activity.record("reset a second factor", by=by, partnership=partnership, subject=user)
    mail.send(
        user.email,
        "second_factor_reset",
        {
            "user": user,
            "by": by,
            "partnership": partnership,
            "link": mail.link("account_login"),
        },
        partnership=partnership,
    )


def use(*, proof: Any, by: User) -> None:
    """The library notes which authenticator this form's answer came from; `note_use` follows."""
    if proof.user == by:
        proof.save()


def _distrust(user: User) -> None:
    user.second_factor_since = timezone.now()
    user.save(update_fields=["second_factor_since"])


@receiver(signals.authenticator_used, dispatch_uid="second-factor-used")
def note_use(request: HttpRequest, user: User, **_signal: Any) -> None:
    note_proof(request, user)


@receiver(signals.authenticator_added, dispatch_uid="second-factor-added")
def note_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:
    """The person has just shown it: a code of the app, a touch of the key."""
    if authenticator.type in KINDS:
        note_proof(request, user)
        _put_on_record("set up a second factor", user)


@receiver(signals.authenticator_removed, dispatch_uid="second-factor-removed")
def note_removed(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    if authenticator.type not in KINDS:
        return
    with transaction.atomic():
        if not Authenticator.objects.filter(user=user, type__in=KINDS).exists():
            _distrust(user)
        _put_on_record("removed a second factor", user)


@receiver(signals.authenticator_reset, dispatch_uid="recovery-codes-made")
def note_codes(user: User, **_signal: Any) -> None:
    _put_on_record("made new recovery codes", user)


@activity.gathered()
def _put_on_record(verb: str, user: User) -> None:
    for partnership in {each.partnership_id for each in user.current_memberships}:
        activity.record(verb, by=user, partnership=partnership, subject=user)
