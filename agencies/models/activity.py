from datetime import timedelta
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


class ActivityKind(models.TextChoices):
    """What sort of thing somebody did; the verb says what exactly."""

    CHANGE = "change", "Changes"
    SIGN_IN = "sign_in", "Signing in and out"
    REFUSED = "refused", "Refusals"
    EXPORT = "export", "Exports and downloads"
    VIEW = "view", "Views of an identity"


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: User) -> Self:
        """All of a partnership for who looks after it; of an audit, an agency's lead sees what
        is about the agency's own part."""
        return self.filter(
            models.Q(partnership__in=user.partnerships_with(Permission.SEE_ACTIVITY))
            | models.Q(
                agency_id__in=user.agencies_with(Permission.LEAD_RETURN), audit_id__isnull=False
            )
        )

    def of_audit(self, audit_id: "UUID") -> Self:
        return self.filter(audit_id=audit_id)

    def files_of(self, user: User, *, within: timedelta) -> Self:
        """The files this person was given in the time that is just over."""
        since = timezone.now() - within
        return self.filter(by=user, kind=ActivityKind.EXPORT, at__gt=since)

    def update(self, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Activity can be appended to, never altered.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Activity can be appended to, never deleted.")


class Activity(models.Model):
    """Who did what, and when. Holds no content: reasons live on status rows.

    Names its audit, agency and object by id only, without foreign keys: the record outlives
    them. Each row is a link of a chain: its number there, the hash of the one before, and its
    own, which `agencies.chain_format` defines. The database refuses every statement that
    changes or removes a row, and every new one that does not continue its chain (migration
    0007).
    """

    chain = models.CharField(max_length=60)
    number = models.PositiveBigIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    audit_id = models.UUIDField(null=True, blank=True)
    agency_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    kind = models.CharField(max_length=10, choices=ActivityKind, default=ActivityKind.CHANGE)
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
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="activity_number_in_chain")
        ]

    def __str__(self) -> str:
        return self.verb

    def save(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Activity is appended to by agencies.domain.activity alone.")

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Activity can be appended to, never deleted.")


class ActivityChain(models.Model):
    """Where a chain ends: how many entries it has and the hash of the last.

    The database moves it with each entry. `opened` and `opening` are its place in the register
    of chains, which is itself a row here and counts them.
    """

    key = models.CharField(max_length=60, primary_key=True)
    count = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    opened = models.PositiveBigIntegerField(unique=True, null=True)
    opening = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class ActivityCheck(models.Model):
    """What came of going through every chain once: counts, and what was found wrong."""

    at = models.DateTimeField(default=timezone.now)
    chains = models.PositiveIntegerField()
    entries = models.PositiveBigIntegerField()
    faults = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        get_latest_by = "at"

    def __str__(self) -> str:
        return f"{self.entries} entries, {len(self.faults)} faults"
