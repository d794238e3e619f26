from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone


class WorkerQuerySet(models.QuerySet["Worker"]):
    def seen_since(self, moment: datetime) -> Self:
        return self.filter(seen_at__gte=moment)


class Worker(models.Model):
    """A process, or a thread of one, that does background work, and when it was last seen alive.

    What it holds (a job, a message) is given up as its own once it has not been seen for long.
    """

    name = models.CharField(max_length=64, primary_key=True)
    embedded = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)
    mail_failing_since = models.DateTimeField(null=True, blank=True)
    mail_fault = models.CharField(max_length=60, blank=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["started_at"]

    def __str__(self) -> str:
        return self.name


class TimetableEntry(models.Model):
    """The last due time of a timetabled task that has been seen to."""

    name = models.CharField(max_length=200, primary_key=True)
    last_due = models.DateTimeField()

    class Meta:
        verbose_name_plural = "timetable entries"

    def __str__(self) -> str:
        return self.name
