from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, RandomIdModel, User
from agencies.roles import Permission
from audits.models.audit import Audit
from audits.models.stages import FROM_COLLECTING


class NominationQuerySet(models.QuerySet["Nomination"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(
            Q(audit__partnership__in=user.partnerships_with(Permission.RUN_AUDIT))
            | Q(
                by=user,
                audit__partnership__in={m.partnership_id for m in user.current_memberships},
            )
        )

    def proposed(self) -> Self:
        return self.filter(stage="proposed")


class Nomination(RandomIdModel):
    """A case proposed for an audit, with a reason and without saying who the child is."""

    class Stage(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        SELECTED = "selected", "Selected"
        DECLINED = "declined", "Declined"

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="nominations")
    reason = models.TextField()
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="nominations")
    at = models.DateTimeField(default=timezone.now)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.PROPOSED)
    decline_reason = models.TextField(blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"Nomination of {self.at:%-d %B %Y}"

    @property
    def is_proposed(self) -> bool:
        return self.stage == self.Stage.PROPOSED


class Draw(RandomIdModel):
    """A random draw from a list that stays outside: its size in, row numbers out."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="draws")
    list_description = models.CharField(max_length=200)
    list_size = models.PositiveIntegerField()
    sample_size = models.PositiveIntegerField()
    seed = models.CharField(max_length=40)
    rows = models.JSONField(help_text="The row numbers drawn, from 1, in the order drawn.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.sample_size} of {self.list_size}"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        asked = Audit.agencies_asked.through.objects.filter(
            agency__in=user.agencies_with(Permission.SEE_AUDITS)
        )
        return self.filter(
            Q(audit__partnership__in=user.partnerships_with(Permission.SEE_AUDITS))
            | Q(audit__in=asked.values("audit"), audit__stage__in=FROM_COLLECTING)
        )

    def in_sample(self) -> Self:
        """Withdrawn cases keep their number but leave the sample."""
        return self.filter(withdrawn_at=None)


class Case(RandomIdModel):
    """A nominated child or family, known by its number everywhere."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="cases")
    number = models.PositiveIntegerField()
    nomination = models.OneToOneField(
        Nomination, on_delete=models.PROTECT, null=True, blank=True, related_name="case"
    )
    draw = models.ForeignKey(
        Draw, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    draw_row = models.PositiveIntegerField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="case_number_unique"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="case_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Case {self.number}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class IdentityNotice(models.Model):
    """That an agency was told, outside the application, who the cases are: to whom and when."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="identity_notices")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["sent_on", "pk"]

    def __str__(self) -> str:
        return f"{self.agency}, {self.sent_on}"
