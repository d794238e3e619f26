"""When a return is due, and the time that was asked for it."""

from dataclasses import dataclass

from django import template

from agencies.models import User
from audits.domain import time_requests
from audits.models import AgencyReturn, TimeRequest

register = template.Library()


@dataclass(frozen=True)
class TimeAsked:
    """Each request with its answer, where the person may read it; and what they may do now."""

    requests: list[TimeRequest]
    may_ask: bool
    may_give: bool

    @property
    def waiting(self) -> TimeRequest | None:
        found = [each for each in self.requests if each.answer == TimeRequest.Answer.WAITING]
        return found[0] if found else None


@register.simple_tag
def time_asked_for(owed: AgencyReturn, user: User) -> TimeAsked:
    requests = (
        TimeRequest.objects.visible_to(user)
        .filter(agency_return=owed)
        .select_related("asked_by", "answered_by")
    )
    movable = time_requests.is_owed(owed) and owed.due_on is not None
    return TimeAsked(
        requests=list(requests),
        may_ask=movable and time_requests.may_ask(owed, user),
        may_give=movable and time_requests.may_answer(owed, user),
    )
