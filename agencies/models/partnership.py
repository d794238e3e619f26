from typing import TYPE_CHECKING, Self

from django.db import models

from agencies.models.base import RandomIdModel

if TYPE_CHECKING:
    from agencies.models.user import User


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(pk__in={m.partnership_id for m in user.current_memberships})


class Partnership(RandomIdModel):
    """The board whose audits these are; the boundary nothing crosses."""

    short_name = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    subject_noun = models.CharField(
        "word for the person a case is about", max_length=40, default="child"
    )
    subject_noun_plural = models.CharField(
        "the same word in the plural", max_length=40, default="children"
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
