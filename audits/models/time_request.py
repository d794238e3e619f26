from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import RandomIdModel, User
from audits.models.agency_return import AgencyReturn


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
    answer_reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

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
