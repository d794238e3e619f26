from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import RandomIdModel, User
from agencies.roles import Permission
from audits.models.agency_return import AgencyReturn


class TimeRequestQuerySet(models.QuerySet["TimeRequest"]):
    def visible_to(self, user: User) -> Self:
        """The agency's own people and the officer: the reason is theirs alone."""
        return self.filter(
            Q(agency_return__agency__in=user.agencies_with(Permission.ANSWER_RETURN))
            | Q(agency_return__audit__partnership__in=user.partnerships_with(Permission.RUN_AUDIT))
        )

    def waiting(self) -> Self:
        return self.filter(answer=TimeRequest.Answer.WAITING)


class TimeRequest(RandomIdModel):
    """An agency asks for more days for its return; the officer grants them or not."""

    class Answer(models.TextChoices):
        WAITING = "waiting", "Waiting for an answer"
        GRANTED = "granted", "Granted"
        REFUSED = "refused", "Not granted"

    agency_return = models.ForeignKey(
        AgencyReturn, on_delete=models.CASCADE, related_name="time_requests"
    )
    days = models.PositiveSmallIntegerField("how many days more")
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.WAITING)
    granted_until = models.DateField(null=True, blank=True)
    answer_reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TimeRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency_return"],
                condition=Q(answer="waiting"),
                name="one_time_request_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.days} days: {self.get_answer_display()}"
