"""Beginning a summative report from the points of the case returns it sums up."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from agencies.models import User
from audits.domain import points, room
from audits.domain.returns import locked
from audits.domain.revisions import Kept, keep
from audits.models import AgencyReturn, Point, PointPlacement


@transaction.atomic
def pick(
    agency_return: AgencyReturn, *, by: User, chosen: Collection[UUID], kind: str
) -> list[Point]:
    """Write each of these points of the case returns once more, last under this kind of the
    summative report, in the order of their cases, there to be reworded.

    Each stays a point of its own, however alike, and remembers the point it was begun from.
    Points of other returns are passed over. Raises ReturnClosedError, or NoRoomError.
    """
    row = locked(agency_return, by=by)
    sources = (
        row.points.filter(pk__in=chosen, case_return__isnull=False)
        .order_by("case__number", "written_at", "pk")
        .prefetch_related("learning_themes")
    )
    begun = [(source, points.point_of(row, None, source.text, by)) for source in sources]
    new = [point for _, point in begun]
    room.for_points(row, None, keys=[str(source.pk) for source, _ in begun])
    there = PointPlacement.objects.filter(
        point__agency_return=row, point__case_return=None, kind=kind, agreed=False
    ).count()
    Point.objects.bulk_create(new)
    PointPlacement.objects.bulk_create(
        PointPlacement(point=point, kind=kind, position=there + offset)
        for offset, point in enumerate(new)
    )
    through = Point.learning_themes.through
    through._default_manager.bulk_create(
        through(point=point, learningtheme=theme)
        for source, point in begun
        for theme in source.learning_themes.all()
    )
    keep(
        [
            Kept(f"point:{point.pk}", point.text, 0, {"begun_from": str(source.pk)})
            for source, point in begun
        ],
        agency_return=row,
        by=by,
    )
    return new
