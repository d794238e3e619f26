"""Accounts that nobody uses lock by themselves: what nobody misses is what others look for.

Days are counted from the last time the person signed in or, if that is later, from when somebody
last said that the account is wanted: its invitation accepted, or the account opened again.
"""

from datetime import datetime, timedelta

from django.conf import settings

from agencies.domain import activity
from agencies.domain.sessions import end_sessions
from agencies.models import AccountChange, User


def edge(now: datetime) -> datetime:
    return now - timedelta(days=settings.DORMANT_DAYS)


def lock_dormant(*, now: datetime) -> int:
    """Lock every account that has been silent for so long; the number of them."""
    silent = User.objects.silent_since(edge(now)).values_list("pk", flat=True)
    return sum(lock_if_dormant(User(pk=pk), now=now) for pk in list(silent))


@activity.gathered()
def lock_if_dormant(user: User, *, now: datetime) -> bool:
    """Whether it was locked just now; one that is used, or shut already, is left alone."""
    locked = (
        User.objects.silent_since(edge(now))
        .select_for_update(no_key=True)
        .filter(pk=user.pk)
        .first()
    )
    if locked is None:
        return False
    locked.is_active, locked.locked_at = False, now
    locked.save(update_fields=["is_active", "locked_at"])
    end_sessions(user=locked)
    AccountChange.objects.create(user=locked, kind=AccountChange.Kind.LOCKED, at=now)
    for partnership_id in set(
        locked.memberships.unfinished().values_list("partnership", flat=True)
    ):
        activity.record(
            "locked an account that was not used",
            by=None,
            partnership=partnership_id,
            subject=locked,
        )
    return True
