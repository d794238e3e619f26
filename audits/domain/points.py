"""The points of a return: written once, listed under one or more kinds."""

from collections.abc import Collection, Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from agencies.models import User
from agencies.roles import Permission
from audits.domain.drafts import ReturnClosedError
from audits.domain.writing import StaleError
from audits.models import (
    AgencyReturn,
    CaseReturn,
    LearningTheme,
    Point,
    PointPlacement,
    ReturnStage,
)


class PointAdoptedError(Exception):
    """The meeting has adopted the point, so it cannot go from its return alone."""


def as_lines(pasted: str) -> list[str]:
    """One point a line, without the bullets a word processor leaves before it."""
    stripped = (line.strip().lstrip("•·–—*-▪◦").strip() for line in pasted.splitlines())
    return [line for line in stripped if line]


def _next_position(agency_return: AgencyReturn, case_return: CaseReturn | None, kind: str) -> int:
    last = PointPlacement.objects.filter(
        point__agency_return=agency_return, point__case_return=case_return, kind=kind, agreed=False
    ).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


@transaction.atomic
def add_lines(
    agency_return: AgencyReturn,
    *,
    kind: str,
    lines: Iterable[str],
    by: User,
    case_return: CaseReturn | None = None,
) -> list[Point]:
    """Add points under a kind: to a case return, or to the summative report without one."""
    origin = Point.Origin.SUMMATIVE if case_return is None else Point.Origin.CASE_RETURN
    added = [
        Point(
            audit_id=agency_return.audit_id,
            agency_id=agency_return.agency_id,
            agency_return=agency_return,
            case_return=case_return,
            case_id=case_return.case_id if case_return else None,
            origin=origin,
            text=line,
            written_by=by,
        )
        for line in lines
    ]
    if added:
        first = _next_position(agency_return, case_return, kind)
        Point.objects.bulk_create(added)
        PointPlacement.objects.bulk_create(
            PointPlacement(point=point, kind=kind, position=first + offset)
            for offset, point in enumerate(added)
        )
    return added


def may_write(point: Point, user: User) -> bool:
    """Whether this person writes points where this one stands: in a case return everybody who
    fills it in, in the summative report whoever answers for the return."""
    own = Permission.LEAD_RETURN if point.case_return_id is None else Permission.ANSWER_RETURN
    return any(
        user.may(permission, point.audit.partnership_id, point.agency_id)
        for permission in (own, Permission.RUN_AUDIT)
    )


def locked(point: Point, *, by: User) -> Point:
    """The row, locked, for somebody who may write it.

    Raises PermissionDenied, or ReturnClosedError where its return is closed to writing.
    """
    row = (
        Point.objects.select_for_update(of=("self",))
        .select_related("audit", "agency_return", "case_return", "case")
        .get(pk=point.pk)
    )
    if not may_write(row, by):
        raise PermissionDenied
    closed = row.agency_return is None or row.agency_return.stage != ReturnStage.OPEN
    gone = row.case is not None and row.case.is_withdrawn
    if closed or gone or (row.case_return is not None and row.case_return.is_finished):
        raise ReturnClosedError
    return row


@transaction.atomic
def remove(point: Point, *, by: User) -> None:
    """Raises PointAdoptedError if what the meeting agreed rests on it, or ReturnClosedError."""
    row = locked(point, by=by)
    if row.placements.filter(agreed=True).exists():
        raise PointAdoptedError
    row.delete()


@transaction.atomic
def move(point: Point, *, kind: str, step: int, by: User) -> None:
    """Up (-1) or down (1) among the points of its return under a kind."""
    row = locked(point, by=by)
    listed = list(
        PointPlacement.objects.filter(
            point__agency_return=row.agency_return,
            point__case_return=row.case_return,
            kind=kind,
            agreed=False,
        )
    )
    here = next((i for i, each in enumerate(listed) if each.point_id == row.pk), None)
    if here is None or not 0 <= here + step < len(listed):
        return
    listed[here], listed[here + step] = listed[here + step], listed[here]
    for position, placement in enumerate(listed):
        placement.position = position
    PointPlacement.objects.bulk_update(listed, ["position"])


@transaction.atomic
def describe(
    point: Point,
    *,
    text: str,
    kinds: Collection[str],
    learning_themes: Collection[LearningTheme],
    revision: int,
    by: User,
) -> Point:
    """Change a point's text, the kinds it is listed under, and what it is coded to.

    Raises ReturnClosedError, or StaleError when its text was saved since revision `revision`.
    """
    row = locked(point, by=by)
    if row.revision != revision:
        raise StaleError(row)
    if row.text != text.strip():
        row.text = text.strip()
        row.revision += 1
        row.save(update_fields=["text", "revision"])
    own = row.placements.filter(agreed=False)
    own.exclude(kind__in=kinds).delete()
    there = set(own.values_list("kind", flat=True))
    agency_return = row.agency_return
    if agency_return is not None:
        for kind in [each for each in kinds if each not in there]:
            position = _next_position(agency_return, row.case_return, kind)
            PointPlacement.objects.create(point=row, kind=kind, position=position)
    row.learning_themes.set(learning_themes)
    return row
