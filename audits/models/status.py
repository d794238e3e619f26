from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import User
from audits.models.agency_return import AgencyReturn
from audits.models.audit import Audit
from audits.models.case_return import CaseReturn


class StatusChange(models.Model):
    """One transition taken: of the audit, of an agency return, or of a case return."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="status_changes")
    agency_return = models.ForeignKey(
        AgencyReturn,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="status_changes",
    )
    case_return = models.ForeignKey(
        CaseReturn, on_delete=models.CASCADE, null=True, blank=True, related_name="status_changes"
    )
    transition = models.CharField(max_length=40)
    from_stage = models.CharField(max_length=20)
    to_stage = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agency_return=None) | Q(case_return=None), name="status_of_one_thing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.transition}: {self.from_stage} to {self.to_stage}"
