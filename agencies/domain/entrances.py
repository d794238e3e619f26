"""Who came in, who could not, and who left, as the library that signs people in tells of it.

An entry stands in every partnership the person belongs to today, so that those who look after
each can read it; what concerns nobody known, or somebody without a role, stands in the chain of the
installation. The address that was typed is never kept.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account import signals as entered
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_used
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from agencies.domain import activity
from agencies.models import ActivityKind, User

SIGNED_IN = "signed in"
SIGNED_OUT = "signed out"
SIGNED_OUT_THERE = "signed out in another place of theirs"
SIGNED_OUT_ELSEWHERE = "signed out in all other places of theirs"
USED_RECOVERY_CODE = "used a recovery code"
FAILED = "did not get in: wrong password"
FAILED_UNKNOWN = "somebody unknown did not get in"
FAILED_CODE = "did not get in: wrong code at the second step"
NOT_CONFIRMED = "did not confirm who they are"
PASSWORD_CHANGED = "changed their password"  # noqa: S105 - words for people
PASSWORD_SET = "set a password"  # noqa: S105
PASSWORD_RESET = "chose a new password by mail"  # noqa: S105


@activity.gathered()
def note(verb: str, user: User | None, *, kind: ActivityKind = ActivityKind.SIGN_IN) -> None:
    places: set[UUID | None] = set()
    if user is not None:
        places = {each.partnership_id for each in user.current_memberships}
    for partnership in places or {None}:
        activity.record(verb, by=user, partnership=partnership, subject=user, kind=kind)


@receiver(entered.user_logged_in, dispatch_uid="activity-signed-in")
def note_signed_in(user: User, **_signal: Any) -> None:
    note(SIGNED_IN, user)


@receiver(user_logged_out, dispatch_uid="activity-signed-out")
def note_signed_out(request: HttpRequest | None, user: User | None, **_signal: Any) -> None:
    """A session that ran out signs nobody out: there is no user then."""
    if user is not None and getattr(request, "resolver_match", None):
        note(SIGNED_OUT, user)


@receiver(authenticator_used, dispatch_uid="activity-recovery-code")
def note_recovery_code(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    """To come in, or to confirm who they are."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note(USED_RECOVERY_CODE, user)


@receiver(user_login_failed, dispatch_uid="activity-sign-in-failed")
def note_failed(credentials: Mapping[str, Any], **_signal: Any) -> None:
    typed = str(credentials.get("email") or credentials.get("username") or "")
    user = User.objects.filter(email=typed.strip().lower()).first()
    note(FAILED if user else FAILED_UNKNOWN, user)


@receiver(authentication_failed, dispatch_uid="activity-wrong-code")
def note_wrong_code(user: User, reauthentication: bool = False, **_signal: Any) -> None:
    note(NOT_CONFIRMED if reauthentication else FAILED_CODE, user)


@receiver(entered.password_changed, dispatch_uid="activity-password-changed")
def note_password_changed(user: User, **_signal: Any) -> None:
    note(PASSWORD_CHANGED, user, kind=ActivityKind.CHANGE)


@receiver(entered.password_set, dispatch_uid="activity-password-set")
def note_password_set(user: User, **_signal: Any) -> None:
    """Who had none, since a directory lets them in."""
    note(PASSWORD_SET, user, kind=ActivityKind.CHANGE)


@receiver(entered.password_reset, dispatch_uid="activity-password-reset")
def note_password_reset(user: User, **_signal: Any) -> None:
    note(PASSWORD_RESET, user, kind=ActivityKind.CHANGE)
