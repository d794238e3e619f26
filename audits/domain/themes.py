"""The partnership's themes, and the learning themes that points and findings are coded to."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from agencies.domain import activity
from agencies.models import Partnership, User
from audits.domain.learning_themes_default import DEFAULT_LEARNING_THEMES
from audits.models import GapHeading, LearningTheme, Theme


@transaction.atomic
def create_theme(*, partnership: Partnership, by: User, name: str, **words: Any) -> Theme:
    theme = Theme.objects.create(partnership=partnership, name=name, **words)
    activity.record("added a theme", by=by, partnership=partnership, subject=theme)
    return theme


@transaction.atomic
def update_theme(*, theme: Theme, by: User, **values: Any) -> Theme:
    for name, value in values.items():
        setattr(theme, name, value)
    theme.save(update_fields=list(values))
    activity.record("changed a theme", by=by, partnership=theme.partnership_id, subject=theme)
    return theme


@transaction.atomic
def apply_default_learning_themes(*, partnership: Partnership, by: User | None) -> int:
    """Add those of the default list that the partnership lacks, and say how many there were."""
    there = set(partnership.learning_themes.values_list("code", flat=True))
    start = _next_position(partnership)
    missing = [theme for theme in DEFAULT_LEARNING_THEMES if theme.code not in there]
    LearningTheme.objects.bulk_create(
        LearningTheme(
            partnership=partnership,
            code=theme.code,
            name=theme.name,
            description=theme.description,
            position=start + place,
        )
        for place, theme in enumerate(missing)
    )
    if missing:
        activity.record("added the default learning themes", by=by, partnership=partnership)
    return len(missing)


@transaction.atomic
def create_learning_theme(
    *, partnership: Partnership, by: User, name: str, description: str
) -> LearningTheme:
    theme = LearningTheme.objects.create(
        partnership=partnership,
        code=_free_code(partnership, name),
        name=name,
        description=description,
        position=_next_position(partnership),
    )
    activity.record("added a learning theme", by=by, partnership=partnership, subject=theme)
    return theme


@transaction.atomic
def update_learning_theme(*, theme: LearningTheme, by: User, **values: Any) -> LearningTheme:
    for name, value in values.items():
        setattr(theme, name, value)
    theme.save(update_fields=list(values))
    activity.record(
        "changed a learning theme", by=by, partnership=theme.partnership_id, subject=theme
    )
    return theme


@transaction.atomic
def move_learning_theme(*, theme: LearningTheme, by: User, up: bool) -> None:
    """Swap places with the neighbour; at the end of the list nothing happens."""
    order = list(theme.partnership.learning_themes.select_for_update(no_key=True))
    place = order.index(theme)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, each in enumerate(order):
        each.position = position
    LearningTheme.objects.bulk_update(order, ["position"])
    activity.record(
        "reordered the learning themes", by=by, partnership=theme.partnership_id, subject=theme
    )


def is_used(theme: LearningTheme) -> bool:
    return (
        theme.points.exists()
        or theme.findings.exists()
        or GapHeading.objects.filter(learning_theme=theme).exists()
    )


@transaction.atomic
def remove_learning_theme(*, theme: LearningTheme, by: User) -> bool:
    """Delete one that nothing is coded to, else retire it; True if it was deleted."""
    if is_used(theme):
        update_learning_theme(theme=theme, by=by, active=False)
        return False
    activity.record(
        "removed a learning theme", by=by, partnership=theme.partnership_id, subject=theme
    )
    theme.delete()
    return True


def _next_position(partnership: Partnership) -> int:
    last = partnership.learning_themes.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _free_code(partnership: Partnership, name: str) -> str:
    """A code made of the name; it stays when the name changes, since files use it."""
    taken = set(partnership.learning_themes.values_list("code", flat=True))
    stem = slugify(name)[:50] or "theme"
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}-{number}", number + 1
    return code
