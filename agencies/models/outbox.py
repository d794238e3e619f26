from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from agencies.models.base import RandomIdModel
from agencies.models.membership import Membership
from agencies.models.partnership import Partnership
from agencies.models.user import User
from agencies.roles import Permission

KEPT_AFTER_LEAVING = timedelta(days=1)


class MessageState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DOUBTFUL = "doubtful", "In doubt"
    FAILED = "failed", "Not sent"
    LEFT = "left", "Left unsent"


UNDECIDED = (MessageState.DOUBTFUL, MessageState.FAILED)


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def visible_to(self, user: User) -> Self:
        return self.of_partnerships(user.partnerships_with(Permission.SEE_MAIL))

    def of_partnerships(self, partnerships: Collection[UUID]) -> Self:
        """What they have written, and what goes for an account's sake to whoever has a role there
        or will have one: an account outlives a role, and may be somebody else's to look after."""
        held = Membership.objects.unfinished().filter(partnership__in=partnerships).order_by()
        accounts = held.values("user__email")
        return self.filter(Q(partnership__in=partnerships) | Q(partnership=None, to__in=accounts))

    def waiting(self) -> Self:
        return self.filter(state__in=(MessageState.WAITING, MessageState.SENDING))

    def due(self, now: datetime) -> Self:
        return self.filter(state=MessageState.WAITING, due_at__lte=now).order_by("due_at", "pk")

    def undecided(self) -> Self:
        """Whether these went out, or whether they should, a person has to say."""
        return self.filter(state__in=UNDECIDED)

    def without_words(self) -> Self:
        """For lists: what a message says is nobody's to read but its reader's."""
        return self.defer("subject", "body", "calendar")

    def numbers(self) -> dict[str, int]:
        """How many wait, went out in the last day, and were refused."""
        state, yesterday = MessageState, timezone.now() - timedelta(days=1)
        return self.aggregate(
            waiting=Count("pk", filter=Q(state__in=(state.WAITING, state.SENDING))),
            sent_today=Count("pk", filter=Q(state=state.SENT, settled_at__gte=yesterday)),
            failed=Count("pk", filter=Q(state=state.FAILED)),
        )

    def just_left(self) -> Self:
        """Left unsent so lately that the decision can still be undone."""
        since = timezone.now() - KEPT_AFTER_LEAVING
        return self.filter(state=MessageState.LEFT, settled_at__gte=since).exclude(body="")


class OutboxMessage(RandomIdModel):
    """A mail, written with what it tells of and sent by a worker, at most once.

    `key` says which occasion it belongs to, so that no occasion is written twice. Whoever sends
    it takes it first (`claimed_by`); one whose sender is gone before it could say what became of
    it is in doubt, and stays so until a person decides. Words are blanked once it is sent: they
    may hold links that let somebody in.
    """

    key = models.CharField(max_length=200, unique=True)
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    to = models.EmailField()
    template = models.CharField(max_length=80)
    subject = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)
    calendar = models.BinaryField(default=bytes, blank=True)

    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.WAITING
    )
    written_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=60, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "pk"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="outbox_by_state"),
            models.Index(fields=["partnership", "state"], name="outbox_by_partnership"),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def kind(self) -> str:
        """What it is about, from the name of its template: "Return reminder"."""
        return self.template.replace("_", " ").capitalize()
