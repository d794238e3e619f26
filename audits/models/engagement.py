from typing import Self

from django.db import models
from django.db.models import F, Q

from agencies.models import RandomIdModel, User
from audits.models.case_return import CaseReturn


class EngagementEntryQuerySet(models.QuerySet["EngagementEntry"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(case_return__in=CaseReturn.objects.visible_to(user))


class EngagementEntry(RandomIdModel):
    """One line of an agency's chronology with a family: from when until when, and what.

    Without an end it goes on today; without a beginning it is still being written.
    """

    case_return = models.ForeignKey(
        CaseReturn, on_delete=models.CASCADE, related_name="engagement_entries"
    )
    began_on = models.DateField("from", null=True, blank=True)
    ended_on = models.DateField("until", null=True, blank=True)
    words = models.TextField("what you did", blank=True)
    written_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0)

    objects = EngagementEntryQuerySet.as_manager()

    class Meta:
        ordering = ["began_on", "ended_on", "pk"]
        verbose_name_plural = "engagement entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")),
                name="engagement_in_order",
                violation_error_message="The end must not come before the beginning.",
            )
        ]

    def __str__(self) -> str:
        return self.words
