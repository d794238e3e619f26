"""When a return is due, and the time that was asked for it."""

from typing import Any

from django import template

from agencies.models import User
from audits.domain import time_requests
from audits.models import AgencyReturn, TimeRequest

register = template.Library()


@register.inclusion_tag("audits/_due.html")
def due_of(owed: AgencyReturn, user: User) -> dict[str, Any]:
    """One fact of the return's page: its date, how to move it, how to take it along."""
    owes = time_requests.is_owed(owed)
    return {
        "owed": owed,
        "asks": owes and owed.due_on is not None and time_requests.may_ask(owed, user),
        "gives": owes and owed.due_on is not None and time_requests.may_answer(owed, user),
    }


@register.inclusion_tag("audits/_time_asked.html")
def time_asked_for(owed: AgencyReturn, user: User) -> dict[str, Any]:
    """Each request with its answer, for the agency's own people and the officer."""
    found = (
        TimeRequest.objects.visible_to(user)
        .filter(agency_return=owed)
        .select_related("asked_by", "answered_by")
    )
    requests = list(found)
    waiting = [each for each in requests if each.answer == TimeRequest.Answer.WAITING]
    return {
        "owed": owed,
        "requests": requests,
        "waiting": waiting[0] if waiting else None,
        "answers": time_requests.may_answer(owed, user),
    }
