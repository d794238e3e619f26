from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from agencies.models.base import RandomIdModel
from agencies.models.membership import Membership
from agencies.models.partnership import Partnership
from agencies.models.user import User
from agencies.roles import Permission


class AccessReviewQuerySet(models.QuerySet["AccessReview"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(partnership__in=user.partnerships_with(Permission.MANAGE_PEOPLE))

    def completed(self) -> Self:
        return self.exclude(completed_at=None)

    def with_counts(self) -> Self:
        """`confirmed_count` and `ended_count`: roles kept, and roles ended."""
        decided = AccessReviewLine.Decision
        return self.annotate(
            confirmed_count=Count("lines", filter=Q(lines__decision=decided.CONFIRMED)),
            ended_count=Count("lines", filter=Q(lines__decision=decided.ENDED)),
        )


class AccessReview(RandomIdModel):
    """Everybody with access, looked at one by one: confirmed or ended, by whom and when."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="access_reviews"
    )
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = AccessReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"],
                condition=Q(completed_at=None),
                name="one_open_access_review",
            )
        ]

    def __str__(self) -> str:
        return f"Access review of {timezone.localdate(self.completed_at or self.begun_at)}"


class AccessReviewLine(models.Model):
    """One role of one person, and what was decided about it.

    While the review is open a line holds the decision alone. With its completion everything else
    is copied in, so that the record reads the same when names, roles and agencies have changed.
    """

    class Decision(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        ENDED = "ended", "Ended"

    class Change(models.TextChoices):
        NEW = "new", "New since the last review"
        SAME = "same", "As at the last review"
        FIRST = "first", "First review"
        GONE = "gone", "Ended since the last review"

    review = models.ForeignKey(AccessReview, on_delete=models.CASCADE, related_name="lines")
    membership = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, related_name="review_lines", null=True, blank=True
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=20, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    change = models.CharField(max_length=20, choices=Change, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    role = models.CharField(max_length=60, blank=True)
    agency = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=60, blank=True)
    second_factor = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    last_signed_in = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "membership"], name="reviewed_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.outcome}"

    @property
    def outcome(self) -> str:
        """In the words of the page on which it was decided."""
        return OUTCOMES.get(self.decision, "")

    @property
    def is_own(self) -> bool:
        """Whether somebody decided about a role of their own."""
        return self.decided_by_id is not None and self.decided_by_id == self.user_id


OUTCOMES = {
    AccessReviewLine.Decision.CONFIRMED.value: "Kept",
    AccessReviewLine.Decision.ENDED.value: "Ended",
}
