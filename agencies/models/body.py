from typing import TYPE_CHECKING, Self

from django.db import models

from agencies.models.base import RandomIdModel
from agencies.models.partnership import Partnership

if TYPE_CHECKING:
    from agencies.models.user import User


class BodyQuerySet(models.QuerySet["Body"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(partnership__in={m.partnership_id for m in user.current_memberships})


class Body(RandomIdModel):
    """A group that is no agency but can own an action: the sub-group, the board, a forum."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="bodies")
    short_name = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    active = models.BooleanField(default=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "bodies"
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "short_name"], name="body_short_name_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name
