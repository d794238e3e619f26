"""The points of a return: written once, listed under one or more kinds."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from agencies.models import User
from agencies.roles import Permission
from audits.domain.drafts import ReturnClosedError
from audits.domain.revisions import Kept
from audits.domain.writing import StaleError, renumber
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


@dataclass(frozen=True)
class NewPoint:
    """A point begun on a page, which gave it its id; `after` is the point it was split from."""

    kind: str
    text: str
    after: UUID | None = None


def _point_of(
    agency_return: AgencyReturn, case_return: CaseReturn | None, text: str, by: User
) -> Point:
    origin = Point.Origin.SUMMATIVE if case_return is None else Point.Origin.CASE_RETURN
    return Point(
        audit_id=agency_return.audit_id,
        agency_id=agency_return.agency_id,
        agency_return=agency_return,
        case_return=case_return,
        case_id=case_return.case_id if case_return else None,
        origin=origin,
        text=text.strip(),
        written_by=by,
    )


@transaction.atomic
def begin(
    agency_return: AgencyReturn,
    *,
    new: Mapping[UUID, NewPoint],
    by: User,
    case_return: CaseReturn | None = None,
) -> list[Kept]:
    """Make points under the ids their page gave them; returns what each says, to be kept.

    For a save that holds the return's lock. A point without words is not made, and neither is
    one whose id some other return has.
    """
    wanted = {pk: each for pk, each in new.items() if each.text.strip()}
    taken = set(Point.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else ()
    kept = []
    for pk, each in wanted.items():
        if pk in taken:
            continue
        point = _point_of(agency_return, case_return, each.text, by)
        point.pk, point.revision = pk, 1
        point.save(force_insert=True)
        _list(point, each.kind, after=each.after)
        kept.append(Kept(f"point:{pk}", point.text, 1))
    return kept


def _list(point: Point, kind: str, *, after: UUID | None = None, at: int | None = None) -> None:
    """List the point under a kind: behind another point, at a position, or last."""
    listed = list(
        PointPlacement.objects.filter(
            point__agency_return=point.agency_return,
            point__case_return=point.case_return,
            kind=kind,
            agreed=False,
        )
    )
    behind = next((n + 1 for n, each in enumerate(listed) if each.point_id == after), None)
    if behind is None and at is None:
        last = listed[-1].position + 1 if listed else 0
        PointPlacement.objects.create(point=point, kind=kind, position=last)
        return
    here = behind if behind is not None else min(at or 0, len(listed))
    placement = PointPlacement.objects.create(point=point, kind=kind, position=here)
    listed.insert(here, placement)
    renumber(listed)


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
    added = [_point_of(agency_return, case_return, line, by) for line in lines]
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
