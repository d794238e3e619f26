from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.db import models
from django.utils import timezone

from agencies.models.partnership import Partnership
from agencies.models.user import User
from agencies.roles import Permission

if TYPE_CHECKING:
    from uuid import UUID


class AppendOnlyError(TypeError):
    """Raised on any attempt to change or remove what happened."""


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(partnership__in=user.partnerships_with(Permission.SEE_ACTIVITY))

    def of_audit(self, audit_id: "UUID") -> Self:
        return self.filter(audit_id=audit_id)

    def update(self, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Activity can be appended to, never altered.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Activity can be appended to, never deleted.")


class Activity(models.Model):
    """Who did what, and when. Holds no content: reasons live on status rows.

    Names its audit and its object by id only, without foreign keys: the record outlives both.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    audit_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "activity"
        indexes = [
            models.Index(fields=["audit_id", "-at"], name="activity_by_audit"),
            models.Index(fields=["partnership", "-at"], name="activity_by_partnership"),
        ]

    def __str__(self) -> str:
        return self.verb

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnlyError("Activity can be appended to, never altered.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Activity can be appended to, never deleted.")
