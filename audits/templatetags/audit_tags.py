"""What the pages of one audit share: its tabs."""

from collections.abc import Callable
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from agencies.models import User
from agencies.roles import Permission
from audits.models import Audit, Stage

register = template.Library()

Shown = Callable[[Audit, User], bool]


def _may(audit: Audit, user: User, *permissions: Permission) -> bool:
    return any(user.may_anywhere_in(each, audit.partnership_id) for each in permissions)


def _sees_cases(audit: Audit, user: User) -> bool:
    if audit.has_reached(Stage.COLLECTING):
        return True
    return user.may(Permission.SEE_AUDITS, audit.partnership_id) or _may(
        audit, user, Permission.NOMINATE
    )


def _sees_returns(audit: Audit, user: User) -> bool:
    return audit.has_reached(Stage.COLLECTING) and _may(
        audit, user, Permission.SEE_STATES, Permission.ANSWER_RETURN
    )


def _sees_meeting(audit: Audit, user: User) -> bool:
    if audit.has_reached(Stage.MEETING):
        return _may(audit, user, Permission.SEE_AGREED)
    return audit.has_reached(Stage.COLLECTING) and _may(audit, user, Permission.RUN_MEETING)


def _sees_findings(audit: Audit, user: User) -> bool:
    return audit.has_reached(Stage.MEETING) and _may(audit, user, Permission.SEE_AGREED)


def _sees_documents(audit: Audit, user: User) -> bool:
    if audit.has_reached(Stage.PUBLISHED):
        return _may(audit, user, Permission.READ_PUBLISHED)
    return _may(audit, user, Permission.DRAFT)


TABS: list[tuple[str, str, str, Shown]] = [
    ("overview", "Overview", "audit-detail", lambda _audit, _user: True),
    ("cases", "Cases", "case-list", _sees_cases),
    ("returns", "Returns", "agency-return-list", _sees_returns),
    ("meeting", "Meeting", "meeting-detail", _sees_meeting),
    ("findings", "Findings", "finding-list", _sees_findings),
    ("actions", "Actions", "audit-action-list", _sees_findings),
    ("documents", "Documents", "audit-documents", _sees_documents),
    (
        "dashboard",
        "Dashboard",
        "audit-dashboard",
        lambda audit, user: _may(audit, user, Permission.SEE_STATES),
    ),
    (
        "activity",
        "Activity",
        "audit-activity",
        lambda audit, user: _may(audit, user, Permission.SEE_ACTIVITY, Permission.LEAD_RETURN),
    ),
]


@register.inclusion_tag("components/subnav.html", takes_context=True)
def audit_tabs(context: Context, audit: Audit, tab: str) -> dict[str, Any]:
    """The sections of an audit that this person may open; `tab` names the present one."""
    user = context["request"].user
    items = [
        {
            "label": label,
            "url": reverse(route, kwargs={"audit_id": audit.pk}),
            "current": name == tab,
        }
        for name, label, route, shown in TABS
        if shown(audit, user)
    ]
    return {"items": items, "label": "Sections of this audit"}
