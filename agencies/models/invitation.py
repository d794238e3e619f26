from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from agencies.models.base import RandomIdModel
from agencies.models.user import User

VALID_FOR = timedelta(days=14)


class InvitationState(models.TextChoices):
    OPEN = "open", "Open"
    EXPIRED = "expired", "Expired"
    ACCEPTED = "accepted", "Accepted"
    WITHDRAWN = "withdrawn", "Withdrawn"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user__in=User.objects.managed_by(user))

    def unanswered(self) -> Self:
        """Neither accepted nor withdrawn, whether or not the link has run out."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def expired(self) -> Self:
        return self.unanswered().filter(sent_at__lte=timezone.now() - VALID_FOR)

    def open(self) -> Self:
        return self.unanswered().filter(sent_at__gt=timezone.now() - VALID_FOR)


class Invitation(RandomIdModel):
    """An e-mailed link with which an invited person chooses a password and starts.

    `invited_by` is empty for a partnership's first administrator, whom a command invites.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    sent_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"Invitation of {self.user}"

    @property
    def state(self) -> InvitationState:
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        return InvitationState.OPEN if self.expires_at > timezone.now() else InvitationState.EXPIRED

    @property
    def expires_at(self) -> datetime:
        return self.sent_at + VALID_FOR
