from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from agencies.domain.sessions import SessionStore
from agencies.models import Partnership, User
from agencies.roles import Permission


class SignedInRequest(HttpRequest):
    """What every view behind the login gets."""

    user: User
    partnership: Partnership | None


def require(
    user: User, permission: Permission, partnership: Partnership | UUID, agency: Any = None
) -> None:
    """Refuse with 403 what is visible but not allowed."""
    if not user.may(permission, partnership, agency):
        raise PermissionDenied(permission)


def require_anywhere(request: HttpRequest, permission: Permission) -> Partnership:
    """The chosen partnership, if any role in it allows this; for lists. Refuses with 403."""
    signed_in = cast("SignedInRequest", request)
    if signed_in.partnership is None:
        raise Http404
    if not signed_in.user.may_anywhere_in(permission, signed_in.partnership):
        raise PermissionDenied(permission)
    return signed_in.partnership


def ends_in(request: HttpRequest) -> int:
    """Seconds until the session ends if nothing is done; none for a session of another kind."""
    session = request.session
    return session.ends_in if isinstance(session, SessionStore) else 0
