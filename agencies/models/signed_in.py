import uuid
from typing import Self

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from agencies.models.user import User


class SignedInQuerySet(models.QuerySet["SignedIn"]):
    def visible_to(self, user: User) -> Self:
        """Where this person is signed in now; the one used last first."""
        return self.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at")


class SignedIn(AbstractBaseSession):
    """A session that says whose it is, since when, and on what; kept for as long as it lasts.

    `user` is empty until somebody has signed in. The key opens the session, so a page names it by
    `ref`, which opens nothing.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="signed_in", null=True, blank=True
    )
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    device = models.CharField(max_length=80, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = SignedInQuerySet.as_manager()  # type: ignore[assignment,misc]

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "session"
        verbose_name_plural = "sessions"

    def __str__(self) -> str:
        return self.device or "A session"
