from typing import Any, NoReturn, Self

from django.db import models
from django.utils import timezone

from agencies.models import AppendOnlyError, RandomIdModel, User
from audits.models.agency_return import AgencyReturn
from audits.models.case_return import CaseReturn


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(agency_return__in=AgencyReturn.objects.visible_to(user))

    def with_names(self) -> Self:
        """With who made each, of what, and of how many texts (`texts`), the last first."""
        return (
            self.select_related("by", "case_return__case")
            .annotate(texts=models.Count("revisions"))
            .order_by("-at", "-pk")
        )

    def update(self, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("A correction is kept as it was made.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("A correction is kept as it was made.")


class Correction(RandomIdModel):
    """A change to a return that was signed off, with its reason; its texts are revisions."""

    agency_return = models.ForeignKey(
        AgencyReturn, on_delete=models.CASCADE, related_name="corrections"
    )
    case_return = models.ForeignKey(
        CaseReturn, on_delete=models.CASCADE, null=True, blank=True, related_name="corrections"
    )
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"Correction of {self.case_return or self.agency_return}"


class TextRevisionQuerySet(models.QuerySet["TextRevision"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(agency_return__in=AgencyReturn.objects.visible_to(user))

    def update(self, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("What a text said is kept as it was.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("What a text said is kept as it was.")


class TextRevision(models.Model):
    """What one text of a return said after one save; every save adds a row.

    `key` names the text as its page does: a field of the return, `answer:<question>`,
    `evidence:<question>`, `point:<point>`, `entry:<engagement entry>`, `action:<action>`.
    `shape` holds what words alone do not: where a point was listed before it was removed.
    """

    agency_return = models.ForeignKey(
        AgencyReturn, on_delete=models.CASCADE, related_name="revisions"
    )
    case_return = models.ForeignKey(
        CaseReturn, on_delete=models.CASCADE, null=True, blank=True, related_name="revisions"
    )
    key = models.CharField(max_length=80)
    words = models.TextField(blank=True)
    shape = models.JSONField(null=True, blank=True)
    revision = models.PositiveIntegerField()
    correction = models.ForeignKey(
        Correction, on_delete=models.CASCADE, null=True, blank=True, related_name="revisions"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = TextRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["case_return", "key", "at"], name="revision_of_case_text"),
            models.Index(fields=["agency_return", "key", "at"], name="revision_of_return_text"),
        ]

    def __str__(self) -> str:
        return f"{self.key}, revision {self.revision}"
