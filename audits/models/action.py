from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, Body, RandomIdModel, User
from agencies.roles import Permission
from audits.models.audit import Audit
from audits.models.finding import Finding, agreed_visible
from audits.models.stages import FROM_MEETING


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> Self:
        owned = Q(
            owner_agency__in=user.agencies_with(Permission.SEE_AGREED),
            audit__stage__in=FROM_MEETING,
        )
        return self.filter(agreed_visible(user) | owned)

    def for_list(self) -> Self:
        """With what a list shows of each, soonest first and those without a date last."""
        return (
            self.select_related("audit", "owner_agency", "owner_body")
            .annotate(answered=models.Count("findings"))
            .order_by(models.F("due_on").asc(nulls_last=True), "position", "pk")
        )

    def unfinished(self) -> Self:
        return self.exclude(progress__in=[Action.Progress.DONE, Action.Progress.CARRIED_OVER])


class Action(RandomIdModel):
    """What someone will do about one or more findings."""

    class Progress(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        UNDER_WAY = "under_way", "Under way"
        DONE = "done", "Done"
        CARRIED_OVER = "carried_over", "Carried over"

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="actions")
    code = models.SlugField(max_length=60)
    text = models.TextField("what will be done")
    findings = models.ManyToManyField(Finding, blank=True, related_name="actions")
    owner_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    owner_body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    due_on = models.DateField("by when", null=True, blank=True)
    measure_of_success = models.TextField(blank=True)
    progress = models.CharField(max_length=20, choices=Progress, default=Progress.NOT_STARTED)
    evidence = models.TextField(blank=True)
    impact = models.TextField(blank=True)
    carried_over_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    carried_over_reason = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "code"], name="action_code_unique"),
            models.CheckConstraint(
                condition=Q(owner_agency=None) | Q(owner_body=None),
                name="action_one_owner",
                violation_error_message="Choose an agency or a body, not both.",
            ),
        ]
        indexes = [models.Index(fields=["owner_agency", "progress"], name="action_by_owner")]

    def __str__(self) -> str:
        return self.text

    @property
    def owner(self) -> Agency | Body | None:
        return self.owner_agency or self.owner_body

    @property
    def is_overdue(self) -> bool:
        finished = self.progress in (self.Progress.DONE, self.Progress.CARRIED_OVER)
        return not finished and self.due_on is not None and self.due_on < timezone.localdate()
