"""What the meeting agreed: adopting returned points, taking them out, adding new ones."""

from django.db import transaction

from agencies.domain import activity
from agencies.models import User
from audits.domain.writing import MEETING, NotNowError, fresh, hold, renumber, swapped
from audits.models import Audit, Case, Point, PointKind, PointPlacement

NOT_IN = (
    "The agency has not handed in its return, so nobody else reads this yet. Type what is said "
    "about it, or adopt it once the return is signed off."
)


def agreed_list(audit: Audit, case: Case | None, kind: str) -> list[PointPlacement]:
    """The agreed placements of one kind, of a case or of the audit as a whole, as printed."""
    return list(
        PointPlacement.objects.filter(
            point__audit=audit, point__case=case, kind=kind, agreed=True
        ).select_related("point")
    )


@transaction.atomic
def adopt(*, point: Point, kind: PointKind, by: User) -> PointPlacement:
    """List a point last under this kind of what was agreed; twice makes no difference.

    Raises NotNowError too where its agency has not handed in its return.
    """
    audit = hold(point.audit, MEETING)
    if not Point.objects.to_build_on().filter(pk=point.pk).exists():
        raise NotNowError(NOT_IN)
    placement = _list_last(audit, point, kind)
    activity.record(
        "adopted a point", by=by, partnership=audit.partnership_id, subject=point, audit_id=audit.pk
    )
    return placement


@activity.gathered()
def adopt_all(*, audit: Audit, case: Case | None, kind: PointKind, by: User) -> int:
    """Adopt every point of this kind that was handed in and is not agreed under it; how many."""
    held = hold(audit, MEETING)
    waiting = (
        Point.objects.returned()
        .to_build_on()
        .filter(audit=held, case=case, placements__agreed=False, placements__kind=kind)
        .exclude(pk__in=PointPlacement.objects.filter(agreed=True, kind=kind).values("point"))
        .order_by("agency__name", "placements__position", "written_at", "pk")
    )
    points = list(waiting)
    for point in points:
        _list_last(held, point, kind)
    if points:
        activity.record(
            "adopted every point of a kind",
            by=by,
            partnership=held.partnership_id,
            subject=case,
            audit_id=held.pk,
        )
    return len(points)


@transaction.atomic
def take_out(*, point: Point, kind: PointKind, by: User) -> None:
    """Take a point out of one agreed list. A point typed at the meeting keeps its words."""
    audit = hold(point.audit, MEETING)
    point.placements.filter(kind=kind, agreed=True).delete()
    renumber(agreed_list(audit, point.case, kind))
    activity.record(
        "took out a point",
        by=by,
        partnership=audit.partnership_id,
        subject=point,
        audit_id=audit.pk,
    )


@transaction.atomic
def move(*, point: Point, kind: PointKind, up: bool, by: User) -> None:
    audit = hold(point.audit, MEETING)
    rows = agreed_list(audit, point.case, kind)
    placement = next((row for row in rows if row.point_id == point.pk), None)
    if placement is None:
        return
    renumber(swapped(rows, placement, up=up))
    activity.record(
        "moved a point", by=by, partnership=audit.partnership_id, subject=point, audit_id=audit.pk
    )


@transaction.atomic
def add(
    *, audit: Audit, case: Case | None, kind: PointKind, lines: list[str], by: User
) -> list[Point]:
    """Write one point for each line, as said at the meeting, in the order typed."""
    held = hold(audit, MEETING)
    points = [
        Point.objects.create(
            audit=held, case=case, origin=Point.Origin.MEETING, text=line, written_by=by
        )
        for line in lines
    ]
    for point in points:
        _list_last(held, point, kind)
        activity.record(
            "wrote a point at the meeting",
            by=by,
            partnership=held.partnership_id,
            subject=point,
            audit_id=held.pk,
        )
    return points


@transaction.atomic
def reword(*, point: Point, text: str, revision: int, by: User) -> Point:
    """Change a point written at the meeting. What an agency wrote stays as it wrote it."""
    audit = hold(point.audit, MEETING)
    stored = fresh(point, revision)
    if stored.origin != Point.Origin.MEETING:
        raise ValueError("Only points written at the meeting are reworded there.")
    stored.text = text
    stored.revision += 1
    stored.save(update_fields=["text", "revision"])
    activity.record(
        "reworded a point",
        by=by,
        partnership=audit.partnership_id,
        subject=point,
        audit_id=audit.pk,
    )
    return stored


def _list_last(audit: Audit, point: Point, kind: str) -> PointPlacement:
    position = len(agreed_list(audit, point.case, kind))
    placement, _ = PointPlacement.objects.get_or_create(
        point=point, kind=kind, agreed=True, defaults={"position": position}
    )
    return placement
