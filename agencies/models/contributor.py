from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from agencies.models.agency import Agency
from agencies.models.base import RandomIdModel
from agencies.roles import Permission

if TYPE_CHECKING:
    from agencies.models.user import User


class ContributorQuerySet(models.QuerySet["Contributor"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(
            Q(agency__partnership__in=user.partnerships_with(Permission.RUN_AUDIT))
            | Q(agency__partnership__in=user.partnerships_with(Permission.MANAGE_AGENCIES))
            | Q(agency__in=user.agencies_with(Permission.ANSWER_RETURN))
        )


class Contributor(RandomIdModel):
    """A GP practice, a school: answers for an agency that co-ordinates many like it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="contributors")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    active = models.BooleanField(default=True)

    objects = ContributorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="contributor_name_unique")
        ]

    def __str__(self) -> str:
        return self.name
