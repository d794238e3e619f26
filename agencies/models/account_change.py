from typing import Self

from django.db import models
from django.utils import timezone

from agencies.models.partnership import Partnership
from agencies.models.user import User
from agencies.roles import Permission


class AccountChangeQuerySet(models.QuerySet["AccountChange"]):
    def visible_to(self, user: User) -> Self:
        """Those made in a partnership whose people they manage: reasons are nobody else's."""
        return self.filter(partnership__in=user.partnerships_with(Permission.MANAGE_PEOPLE))

    def by_itself(self) -> Self:
        """What the timetable did: it gives no reason, and concerns every partnership alike."""
        return self.filter(partnership=None, by=None)


class AccountChange(models.Model):
    """That an account was shut or opened again: when, by whom, and why.

    `by` is empty where the timetable did it. Only the reason is somebody's words, and it stands
    here because the activity holds none.
    """

    class Kind(models.TextChoices):
        DEACTIVATED = "deactivated", "Deactivated"
        ACTIVATED = "activated", "Activated again"
        LOCKED = "locked", "Locked"
        UNLOCKED = "unlocked", "Unlocked"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="account_changes")
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    kind = models.CharField(max_length=20, choices=Kind)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = AccountChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.get_kind_display()
