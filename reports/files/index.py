from typing import Any

from django.db import models

from agencies.models import Agency, Body, Contributor, User
from audits.models import LearningTheme, Point


class Index:
    """Collects what a dump names, and names it."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], dict[Any, Any]] = {}
        self._points: dict[Any, str] = {}

    def all[M: models.Model](self, model: type[M]) -> list[M]:
        return list(self._rows.get(model, {}).values())

    def _keep(self, row: models.Model) -> None:
        self._rows.setdefault(type(row), {})[row.pk] = row

    def agency(self, agency: Agency | None) -> str | None:
        return self._named(agency, "short_name")

    def body(self, body: Body | None) -> str | None:
        return self._named(body, "short_name")

    def person(self, person: User | None) -> str | None:
        return self._named(person, "email")

    def contributor(self, contributor: Contributor) -> str | None:
        return self._named(contributor, "name")

    def learning_themes(self, themes: Any) -> list[str]:
        """Codes of a prefetched set, sorted."""
        return sorted(str(self._named(theme, "code")) for theme in themes.all())

    def learning_theme(self, theme: LearningTheme) -> str | None:
        return self._named(theme, "code")

    def _named(self, row: models.Model | None, name: str) -> str | None:
        if row is None:
            return None
        self._keep(row)
        return str(getattr(row, name))

    def new_point(self, point: Point) -> str:
        key = self._points[point.pk] = f"p{len(self._points) + 1}"
        return key

    def point(self, point: Point) -> str | None:
        return self._points.get(point.pk)

    def point_keys(self, points: Any) -> list[str]:
        keys = [self._points[point.pk] for point in points.all()]
        return sorted(keys, key=lambda key: int(key[1:]))
