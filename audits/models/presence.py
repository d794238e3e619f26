import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from agencies.models import User
from audits.models.agency_return import AgencyReturn

HERE_FOR = timedelta(seconds=60)


class PresenceQuerySet(models.QuerySet["Presence"]):
    def now_at(self, place: uuid.UUID) -> Self:
        """Who has been seen on one page within the last minute, the latest first."""
        since = timezone.now() - HERE_FOR
        return self.filter(place=place, seen_at__gte=since).order_by("-seen_at")


class Presence(models.Model):
    """That somebody has a page of a return open; `place` is the case return's id, or the
    agency return's for its summative report."""

    agency_return = models.ForeignKey(AgencyReturn, on_delete=models.CASCADE, related_name="+")
    place = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]
        constraints = [
            models.UniqueConstraint(fields=["place", "user"], name="present_once_a_page")
        ]

    def __str__(self) -> str:
        return f"{self.user} since {self.seen_at:%H:%M}"
