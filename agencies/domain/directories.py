"""Who somebody is that an agency's directory has sent."""

import time
from typing import Any

from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from agencies.directory_list import Directory
from agencies.domain.invitations import accept_invitation, lets_in
from agencies.domain.refusal import RefusedError
from agencies.models import User
from agencies.second_factor import note_proof, proved_at

SIGNED_IN_BY = "directory"
ASKED_AT = "directory_asked_at"
UNKNOWN = (
    "You have not been invited under the e-mail address that it gives for you. Ask the business "
    "unit of your partnership."
)


@transaction.atomic
def person_told(*, directory: Directory, sub: str, email: str, verified: bool) -> User:
    """The person invited under this address; who was invited and comes for the first time joins.

    The directory's id for them, `sub`, is kept from then on: an address that is given to somebody
    else later opens nothing. Raises RefusedError.
    """
    if not directory.speaks_for(email):
        raise RefusedError("It may not speak for the e-mail address that it gives for you.")
    if not (verified or directory.trust_email):
        raise RefusedError("It does not say that your e-mail address was verified.")
    known = User.objects.select_for_update(no_key=True).filter(email=email.lower()).first()
    if known is None:
        raise RefusedError(UNKNOWN)
    _keep_id(directory, sub, known)
    return known if known.is_active else _join(known)


def _keep_id(directory: Directory, sub: str, user: User) -> None:
    same = SocialAccount.objects.filter(provider=directory.id)
    for kept in [*same.filter(user=user), *same.filter(uid=sub)]:
        if (kept.uid, kept.user_id) != (sub, user.pk):
            raise RefusedError(
                "Somebody else came from there under this e-mail address before. Ask the business "
                "unit of your partnership to let you in."
            )
    SocialAccount.objects.get_or_create(provider=directory.id, uid=sub, user=user)


def _join(user: User) -> User:
    """Their directory says who they are, so that no link from a mail and no password is needed."""
    newest = user.invitations.select_related("user", "invited_by").first()
    if newest is None or not lets_in(newest):
        raise RefusedError(UNKNOWN)
    return accept_invitation(invitation=newest, password=None)


def showed_second_factor(login: Any) -> bool:
    """Whether the directory asked for one, in a way that the operator says counts."""
    claims = getattr(login, "claims", None)
    if not claims:
        return False
    told = {*(claims.get("amr") or []), claims.get("acr")}
    return bool(told & settings.DIRECTORIES[login.account.provider].second_factor)


def asked_at(claims: Any) -> float:
    """When the directory last asked who somebody is, by what it tells; 0 where it does not."""
    told = (claims or {}).get("auth_time")
    return min(float(told), time.time()) if isinstance(told, int | float) else 0


@receiver(user_logged_in, dispatch_uid="signed-in-by-directory")
def note_directory(
    request: HttpRequest, user: User, sociallogin: object = None, **_signal: object
) -> None:
    if sociallogin is None:
        return
    request.session[SIGNED_IN_BY] = getattr(sociallogin, "account").provider  # noqa: B009
    told = asked_at(getattr(sociallogin, "claims", None))
    request.session[ASKED_AT] = max(told, proved_at(request, user))
    if showed_second_factor(sociallogin):
        note_proof(request, user)
