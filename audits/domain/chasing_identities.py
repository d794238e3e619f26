"""The officer is told before it is destroyed who an audit's cases are."""

from collections.abc import Iterator
from datetime import date, timedelta

from agencies import mail
from agencies.models import User
from agencies.roles import Permission
from audits.domain.chasing_days import last_working_day
from audits.domain.waiting import Waiting
from audits.models import Seal

DAYS_BEFORE = (14, 7, 1)
NOTICE = timedelta(days=max(DAYS_BEFORE) + 2)
"""Two days more, since what falls on a Sunday is told on the Friday."""


def identities_to_go(user: User, today: date) -> Iterator[Waiting]:
    """A fortnight, a week and a day before; nothing of it while a hold stands."""
    running = user.partnerships_with(Permission.RUN_AUDIT)
    if not running:
        return
    found = Seal.objects.visible_to(user).due_by(today + NOTICE)
    found = found.filter(audit__partnership__in=running, identities__isnull=False).distinct()
    for seal in found.select_related("audit__partnership"):
        days = [seal.keep_until - timedelta(days=number) for number in DAYS_BEFORE]
        yield Waiting(
            partnership=seal.audit.partnership,
            words=f"“{seal.audit.title}”: the identities of its cases are destroyed",
            link=mail.link("seal-detail", seal.audit_id),
            due=seal.keep_until,
            due_word="on",
            asks=today in {last_working_day(day) for day in days},
        )
