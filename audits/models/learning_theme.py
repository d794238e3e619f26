from typing import Self

from django.db import models

from agencies.models import Partnership, RandomIdModel, User
from agencies.roles import Permission


class LearningThemeQuerySet(models.QuerySet["LearningTheme"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(partnership__in={m.partnership_id for m in user.current_memberships})

    def managed_by(self, user: User) -> Self:
        return self.filter(partnership__in=user.partnerships_with(Permission.MANAGE_SETUP))

    def for_list(self, partnership: Partnership) -> Self:
        return self.filter(partnership=partnership)


class LearningTheme(RandomIdModel):
    """What points and findings are coded to; each partnership keeps its own list."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="learning_themes"
    )
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)

    objects = LearningThemeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "code"], name="learning_theme_code_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name
