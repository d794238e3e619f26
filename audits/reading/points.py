"""Points of a return in the order in which its page lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from audits.models import Point, PointKind, PointPlacement


@dataclass(frozen=True)
class ListedPoint:
    """A point under one kind; `editable` where its words stand in a box (once on a page)."""

    point: Point
    kind: str
    themes: int
    first: bool
    last: bool
    editable: bool


def listed(placements: Sequence[PointPlacement]) -> dict[str, list[ListedPoint]]:
    """Points by kind, in order. A point listed twice has its box under the first kind."""
    by_kind: dict[str, list[PointPlacement]] = {}
    for kind in PointKind.values:
        if rows := [each for each in placements if each.kind == kind]:
            by_kind[kind] = rows
    boxed: set[UUID] = set()
    result: dict[str, list[ListedPoint]] = {}
    for kind, rows in by_kind.items():
        result[kind] = []
        for row in rows:
            editable = row.point_id not in boxed
            boxed.add(row.point_id)
            themes = getattr(row, "themes", 0)
            first, last = row is rows[0], row is rows[-1]
            result[kind].append(ListedPoint(row.point, kind, themes, first, last, editable))
    return result
