from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from agencies.models import Partnership, User

SESSION_KEY = "partnership"


def chosen_partnership(request: HttpRequest) -> Partnership | None:
    """The partnership chosen in the header, if the user still belongs to it; else their first."""
    user = request.user
    if not isinstance(user, User):
        return None
    own = {m.partnership_id: m.partnership for m in user.current_memberships}
    chosen = request.session.get(SESSION_KEY)
    if chosen and UUID(chosen) in own:
        return own[UUID(chosen)]
    return min(own.values(), key=lambda partnership: partnership.name, default=None)


class PartnershipMiddleware:
    """Puts the chosen partnership on the request; lists show only that one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.partnership = chosen_partnership(request)  # type: ignore[attr-defined]
        return self.get_response(request)


class NoStoreMiddleware:
    """No page is kept: neither by a browser that several people use nor by a proxy on the way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
