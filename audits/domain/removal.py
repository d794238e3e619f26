"""Taking a point or a line of the chronology out of a return, and bringing it back as it was."""

from typing import Any
from uuid import UUID

from django.db import transaction

from agencies.models import User
from audits.domain import case_texts, engagement, points, returns, room
from audits.domain.drafts import ReturnClosedError
from audits.domain.revisions import Kept, keep
from audits.models import (
    AgencyReturn,
    CaseReturn,
    EngagementEntry,
    LearningTheme,
    Point,
    TextRevision,
)


class PointAdoptedError(Exception):
    """The meeting has adopted the point, so it cannot go from its return alone."""


class NothingToBringBackError(Exception):
    """It was never removed from this return, or somebody brought it back already."""


@transaction.atomic
def remove_point(point: Point, *, by: User) -> None:
    """Its words, themes and places are kept, so that it can be brought back.

    Raises PointAdoptedError if what the meeting agreed rests on it, or ReturnClosedError.
    """
    row = points.locked(point, by=by)
    if row.placements.filter(agreed=True).exists():
        raise PointAdoptedError
    if row.agency_return is None:
        raise ReturnClosedError
    said = Kept(f"point:{row.pk}", row.text, row.revision + 1, shape=_shape(row))
    keep([said], agency_return=row.agency_return, case_return=row.case_return, by=by)
    row.delete()


def _shape(point: Point) -> dict[str, Any]:
    placed = list(point.placements.all())
    return {
        "kinds": [each.kind for each in placed],
        "positions": [each.position for each in placed],
        "themes": [str(pk) for pk in point.learning_themes.values_list("pk", flat=True)],
        "written_by": str(point.written_by_id) if point.written_by_id else None,
        "written_at": point.written_at.isoformat(),
    }


@transaction.atomic
def bring_back_point(
    agency_return: AgencyReturn, case_return: CaseReturn | None, *, point_id: UUID, by: User
) -> Point:
    """As it was removed last: words, kinds, places and themes. Raises as `remove_point` does,
    NothingToBringBackError or NoRoomError."""
    home = _open(agency_return, case_return, by=by)
    last = _removed(home, case_return, f"point:{point_id}")
    if Point.objects.filter(pk=point_id).exists():
        raise NothingToBringBackError
    room.for_points(home, case_return, keys=[last.key])
    shape: dict[str, Any] = last.shape or {}
    point = points.point_of(home, case_return, last.words, by)
    point.pk, point.revision = point_id, last.revision + 1
    point.written_by = User.objects.filter(pk=shape.get("written_by")).first()
    point.save(force_insert=True)
    Point.objects.filter(pk=point_id).update(written_at=shape["written_at"])
    for kind, position in zip(shape["kinds"], shape["positions"], strict=True):
        points.list_under(point, kind, at=position)
    themes = LearningTheme.objects.filter(partnership=home.audit.partnership_id)
    point.learning_themes.set(themes.filter(pk__in=shape["themes"]))
    said = Kept(f"point:{point_id}", point.text, point.revision)
    keep([said], agency_return=home, case_return=case_return, by=by)
    return point


def _open(agency_return: AgencyReturn, case_return: CaseReturn | None, *, by: User) -> AgencyReturn:
    """The return, for somebody who writes in this part of it, which is locked."""
    if case_return is None:
        return returns.locked(agency_return, by=by)
    return case_texts.locked(case_return, by=by).agency_return


def _removed(agency_return: AgencyReturn, case_return: CaseReturn | None, key: str) -> TextRevision:
    """The last thing that was kept of a text, if that is its removal."""
    last = (
        TextRevision.objects.filter(agency_return=agency_return, case_return=case_return, key=key)
        .order_by("-revision", "-pk")
        .first()
    )
    if last is None or last.shape is None:
        raise NothingToBringBackError
    return last


@transaction.atomic
def remove_entry(entry: EngagementEntry, *, by: User) -> None:
    """Take a line out of the chronology; it is kept. Raises ReturnClosedError."""
    home = _open(entry.case_return.agency_return, entry.case_return, by=by)
    row = EngagementEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    words = str(engagement.Line.of(row))
    shape = {"written_by": str(row.written_by_id) if row.written_by_id else None}
    said = Kept(engagement.key_of(row.pk), words, row.revision + 1, shape=shape)
    keep([said], agency_return=home, case_return=entry.case_return, by=by)
    row.delete()


@transaction.atomic
def bring_back_entry(case_return: CaseReturn, *, entry_id: UUID, by: User) -> EngagementEntry:
    """As it was removed last. Raises ReturnClosedError, NothingToBringBackError or NoRoomError."""
    home = _open(case_return.agency_return, case_return, by=by)
    last = _removed(home, case_return, engagement.key_of(entry_id))
    if EngagementEntry.objects.filter(pk=entry_id).exists():
        raise NothingToBringBackError
    room.for_lines(case_return, keys=[last.key])
    line = engagement.Line.parse(last.words)
    entry = EngagementEntry.objects.create(
        pk=entry_id,
        case_return=case_return,
        began_on=line.began,
        ended_on=line.ended,
        words=line.words,
        written_by=User.objects.filter(pk=(last.shape or {}).get("written_by")).first(),
        revision=last.revision + 1,
    )
    said = Kept(engagement.key_of(entry_id), last.words, entry.revision)
    keep([said], agency_return=home, case_return=case_return, by=by)
    return entry
