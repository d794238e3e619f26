from typing import Self

from django.db import models
from django.db.models import Count

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

    def of_published(self, partnership: Partnership) -> Self:
        """Themes of which something was published; their names are open to every reader."""
        return self.filter(
            partnership=partnership, audits__stage__in=["published", "closed"]
        ).distinct()

    def managed_by(self, user: User) -> Self:
        return self.filter(partnership__in=user.partnerships_with(Permission.MANAGE_SETUP))

    def for_list(self, partnership: Partnership) -> Self:
        """Adds `audit_count`; retired themes last."""
        return (
            self.filter(partnership=partnership)
            .annotate(audit_count=Count("audits"))
            .order_by("-active", "name")
        )


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
