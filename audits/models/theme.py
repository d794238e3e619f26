from typing import Self

from django.db import models

from agencies.models import Partnership, RandomIdModel, User
from agencies.roles import Permission


class ThemeQuerySet(models.QuerySet["Theme"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(
            partnership__in={
                m.partnership_id
                for m in user.current_memberships
                if m.allows(Permission.SEE_AUDITS)
            }
        )

    def managed_by(self, user: User) -> Self:
        return self.filter(partnership__in=user.partnerships_with(Permission.MANAGE_SETUP))


class Theme(RandomIdModel):
    """What an audit is about; comes from a priority of the board."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="themes")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    priority = models.TextField("board priority it comes from", blank=True)
    active = models.BooleanField(default=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="theme_name_unique")
        ]

    def __str__(self) -> str:
        return self.name
