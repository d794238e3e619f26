from django.db import models
from django.utils import timezone

from agencies.models import User
from audits.models import Audit
from reports.models.document import Document


class Preview(models.Model):
    """That a person looked at what would be published, told by the hash of its content."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="previews")
    kind = models.CharField(max_length=20, choices=Document.Kind)
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "kind", "content_hash", "by"], name="previewed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} seen by {self.by}"
