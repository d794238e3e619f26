from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, RandomIdModel, User
from agencies.models.base import any_of
from agencies.roles import Permission
from audits.models.agency_return import AgencyReturn
from audits.models.audit import Audit
from audits.models.case import Case


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: User) -> Self:
        """The agency's own people and the officer; nobody else, at any stage."""
        ways = []
        if own := user.agencies_with(Permission.ANSWER_RETURN):
            ways.append(Q(agency__in=own))
        if run := user.partnerships_with(Permission.RUN_AUDIT):
            ways.append(Q(audit__partnership__in=run))
        return self.filter(any_of(ways))

    def open(self) -> Self:
        return self.filter(acknowledged_at=None)


class Concern(RandomIdModel):
    """A worry, raised from a return, that a child is at immediate risk.

    It replaces no referral. It stays open until a named person has acknowledged it.
    """

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="concerns")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    agency_return = models.ForeignKey(
        AgencyReturn, on_delete=models.CASCADE, related_name="concerns"
    )
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, null=True, blank=True, related_name="concerns"
    )
    words = models.TextField("what worries you")
    done_already = models.TextField("what you have done already", blank=True)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    acknowledged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledgement = models.TextField("what was done about it", blank=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="concern_acknowledged_by_name",
            )
        ]

    def __str__(self) -> str:
        return f"Concern about {self.case or self.audit}"

    @property
    def is_open(self) -> bool:
        return self.acknowledged_at is None
