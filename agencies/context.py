from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from agencies.models import User
from agencies.roles import Permission

# Each entry of the header's navigation: label, route, and the permissions of which one is enough.
# Entries name routes of other apps by string, so nothing is imported from them.
ENTRIES: list[tuple[str, str, tuple[Permission, ...]]] = [
    ("Home", "home", ()),
    ("Audits", "audit-list", (Permission.SEE_AUDITS,)),
    ("Dashboard", "dashboard", (Permission.SEE_STATES,)),
    ("Actions", "action-list", (Permission.SEE_AGREED,)),
    ("Themes", "theme-list", (Permission.MANAGE_SETUP,)),
    ("Toolkits", "toolkit-list", (Permission.MANAGE_SETUP,)),
    ("Agencies", "agency-list", (Permission.MANAGE_AGENCIES,)),
    ("People", "person-list", (Permission.MANAGE_PEOPLE,)),
    ("Documents", "document-list", (Permission.READ_PUBLISHED,)),
    ("Mail", "mail-list", (Permission.SEE_MAIL,)),
    ("Activity", "activity-list", (Permission.SEE_ACTIVITY,)),
]
# Pages that stand under an entry without their address saying so.
BELONGING = {
    "theme-list": ("learning-theme-list",),
    "agency-list": ("partnership-update",),
}


def navigation(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        directories = settings.DIRECTORIES.values()
        return {
            "navigation": [],
            "partnership": None,
            "partnerships": [],
            "directories": sorted(directories, key=lambda each: str(each.name)),
        }
    partnership = getattr(request, "partnership", None)
    own = {m.partnership_id: m.partnership for m in user.current_memberships}
    return {
        "navigation": _entries(request, user, partnership),
        "partnership": partnership,
        "partnerships": sorted(own.values(), key=lambda each: each.name),
    }


def _entries(request: HttpRequest, user: User, partnership: Any) -> list[dict[str, Any]]:
    entries = []
    for label, route, permissions in ENTRIES:
        if partnership is None or (
            permissions and not any(user.may_anywhere_in(each, partnership) for each in permissions)
        ):
            continue
        url = reverse(route)
        current = any(_is_within(request, each) for each in (route, *BELONGING.get(route, ())))
        entries.append({"label": label, "url": url, "current": current})
    return entries


def _is_within(request: HttpRequest, route: str) -> bool:
    url = reverse(route)
    return request.path == url or (url != "/" and request.path.startswith(url))
