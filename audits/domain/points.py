"""The points of a return: written once, listed under one or more kinds."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from agencies.models import User
from agencies.roles import Permission
from audits.domain import room, sittings
from audits.domain.drafts import ReturnClosedError, Text, raise_revision
from audits.domain.leading import is_open
from audits.domain.revisions import Kept, keep, keep_first
from audits.domain.writing import StaleError, renumber
from audits.models import (
    AgencyReturn,
    Audit,
    CaseReturn,
    LearningTheme,
    Point,
    PointPlacement,
    Stage,
    TextRevision,
)

ADOPTED = (
    "The meeting has adopted this point, so its words stay as they were handed in. Write another, "
    "or ask the officer to take it out of what was agreed first."
)


def adopted(audit: Audit, keys: Iterable[str]) -> dict[str, str]:
    """Of texts of a return, by their keys, those that only a correction may change, and why: what
    was agreed is read by everybody, and what is not handed in by nobody else."""
    ids = [UUID(key.removeprefix("point:")) for key in keys if key.startswith("point:")]
    if not ids or not audit.has_reached(Stage.MEETING):
        return {}
    agreed = PointPlacement.objects.filter(point__in=ids, agreed=True).values_list("point")
    return {f"point:{pk}": ADOPTED for (pk,) in agreed}


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


def point_of(
    agency_return: AgencyReturn, case_return: CaseReturn | None, text: str, by: User
) -> Point:
    """A point of a return, or of one case in it, not saved yet."""
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


def begin(
    agency_return: AgencyReturn,
    *,
    new: Mapping[UUID, NewPoint],
    by: User,
    case_return: CaseReturn | None = None,
) -> list[Kept]:
    """Make points under the ids their page gave them; returns what each says, to be kept.

    For a save that holds the return's lock and has seen that no point has such an id. A point
    without words is not made.
    """
    wanted = {pk: each for pk, each in new.items() if each.text.strip()}
    kept = []
    for pk, each in wanted.items():
        point = point_of(agency_return, case_return, each.text, by)
        point.pk, point.revision = pk, 1
        point.save(force_insert=True)
        list_under(point, each.kind, after=each.after)
        kept.append(Kept(f"point:{pk}", point.text, 1))
    return kept


def list_under(
    point: Point, kind: str, *, after: UUID | None = None, at: int | None = None
) -> None:
    """List the point under a kind: behind another point, at a position, or last."""
    listed = listing(point, kind) if after is not None or at is not None else []
    behind = next((n + 1 for n, each in enumerate(listed) if each.point_id == after), None)
    if behind is None and at is None:
        _list_last(point, kind)
        return
    here = behind if behind is not None else min(at or 0, len(listed))
    placement = PointPlacement.objects.create(point=point, kind=kind, position=here)
    listed.insert(here, placement)
    renumber(listed)


def _list_last(point: Point, kind: str) -> None:
    """In one statement: it is part of a save that is made every few seconds."""
    last = listed_under(point, kind).order_by("-position").values("position")[:1]
    PointPlacement.objects.create(
        point=point, kind=kind, position=Coalesce(Subquery(last) + Value(1), Value(0))
    )


@transaction.atomic
def add_lines(
    agency_return: AgencyReturn,
    *,
    kind: str,
    lines: Iterable[str],
    by: User,
    case_return: CaseReturn | None = None,
) -> list[Point]:
    """Add points under a kind: to a case return, or to the summative report without one.

    Raises NoRoomError where they are too many.
    """
    added = [point_of(agency_return, case_return, line, by) for line in lines]
    room.for_points(agency_return, case_return, keys=[f"new:{kind}" for _ in added])
    if added:
        first = _next_position(agency_return, case_return, kind)
        Point.objects.bulk_create(added)
        PointPlacement.objects.bulk_create(
            PointPlacement(point=point, kind=kind, position=first + offset)
            for offset, point in enumerate(added)
        )
        said = [Kept(f"point:{point.pk}", point.text, 0) for point in added]
        keep(said, agency_return=agency_return, case_return=case_return, by=by)
    return added


def may_write(point: Point, user: User) -> bool:
    """Whether this person writes points where this one stands: in a case return everybody who
    fills it in, in the summative report whoever answers for the return."""
    own = Permission.LEAD_RETURN if point.case_return_id is None else Permission.ANSWER_RETURN
    return user.may_any_of((own, Permission.RUN_AUDIT), point.audit.partnership_id, point.agency_id)


def locked(point: Point, *, by: User) -> Point:
    """The row, locked, for somebody who may write it; and what it belongs to, as every save of
    that does, so that neither writes over the other.

    Raises PermissionDenied, or ReturnClosedError where its return is closed to writing.
    """
    if point.case_return_id is not None:
        CaseReturn.objects.select_for_update(no_key=True).only("pk").get(pk=point.case_return_id)
    elif (return_id := point.agency_return_id) is not None:
        AgencyReturn.objects.select_for_update(no_key=True).only("pk").get(pk=return_id)
    row = (
        Point.objects.select_for_update(of=("self",), no_key=True)
        .select_related("audit", "agency_return", "case_return", "case")
        .get(pk=point.pk)
    )
    if not may_write(row, by):
        raise PermissionDenied
    gone = row.case is not None and row.case.is_withdrawn
    if not is_open(row) or gone or (row.case_return is not None and row.case_return.is_finished):
        raise ReturnClosedError
    return row


def listing(point: Point, kind: str) -> list[PointPlacement]:
    """The points of this one's return under a kind, in order."""
    return list(listed_under(point, kind))


def listed_under(point: Point, kind: str) -> QuerySet[PointPlacement]:
    return PointPlacement.objects.filter(
        point__agency_return=point.agency_return,
        point__case_return=point.case_return,
        kind=kind,
        agreed=False,
    )


def last_places(revisions: QuerySet[TextRevision], gone: Collection[UUID]) -> dict[UUID, NewPoint]:
    """Where points that were taken out had been listed, as their history says."""
    if not gone:
        return {}
    keys = {f"point:{pk}": pk for pk in gone}
    shapes = revisions.filter(key__in=keys, shape__isnull=False).order_by("at", "pk")
    return {
        keys[each.key]: NewPoint(kind=str(kind), text="")
        for each in shapes
        for kind in (each.shape or {}).get("kinds", [])[:1]
    }


@transaction.atomic
def move(point: Point, *, kind: str, step: int, by: User) -> None:
    """Up (-1) or down (1) among the points of its return under a kind."""
    row = locked(point, by=by)
    listed = listing(row, kind)
    here = next((i for i, each in enumerate(listed) if each.point_id == row.pk), None)
    if here is None or not 0 <= here + step < len(listed):
        return
    listed.insert(here + step, listed.pop(here))
    renumber(listed)
    sittings.note(_home(row), by=by)


@transaction.atomic
def place(point: Point, *, kind: str, to: str, position: int | None = None, by: User) -> None:
    """List it under `to` instead of `kind`, at a position or last; the two may be the same.

    Under one kind it is never listed twice.
    """
    row = locked(point, by=by)
    placement = row.placements.filter(kind=kind, agreed=False).first()
    if placement is None:
        return
    placement.delete()
    if not row.placements.filter(kind=to, agreed=False).exists():
        list_under(row, to, at=position)
    sittings.note(_home(row), by=by)


@transaction.atomic
def split(point: Point, *, kind: str, by: User) -> list[Point]:
    """Each line of it becomes a point of its own, behind it; returns the new ones, none where
    the point is not listed under that kind. Raises NoRoomError where they are too many."""
    row = locked(point, by=by)
    if full := adopted(row.audit, [f"point:{row.pk}"]):
        raise room.NoRoomError(ADOPTED, full)
    first, *rest = as_lines(row.text) or [row.text]
    if not rest or not row.placements.filter(kind=kind, agreed=False).exists():
        return []
    room.for_points(_home(row), row.case_return, keys=rest)
    keep_first({f"point:{row.pk}": Text(row.text, row.revision)}, _home(row), row.case_return)
    raise_revision(row, text=first)
    said = [Kept(f"point:{row.pk}", first, row.revision)]
    made: list[Point] = []
    behind = row.pk
    for line in rest:
        new = point_of(_home(row), row.case_return, line, by)
        new.revision = 1
        new.save(force_insert=True)
        list_under(new, kind, after=behind)
        behind = new.pk
        new.learning_themes.set(row.learning_themes.all())
        made.append(new)
        said.append(Kept(f"point:{new.pk}", line, 1))
    keep(said, agency_return=_home(row), case_return=row.case_return, by=by)
    return made


def _home(point: Point) -> AgencyReturn:
    if point.agency_return is None:  # only what the meeting wrote has none
        raise ReturnClosedError
    return point.agency_return


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
        keep_first({f"point:{row.pk}": Text(row.text, row.revision)}, _home(row), row.case_return)
        raise_revision(row, text=text.strip())
        said = [Kept(f"point:{row.pk}", row.text, row.revision)]
        keep(said, agency_return=_home(row), case_return=row.case_return, by=by)
    own = row.placements.filter(agreed=False)
    own.exclude(kind__in=kinds).delete()
    there = set(own.values_list("kind", flat=True))
    agency_return = row.agency_return
    if agency_return is not None:
        for kind in [each for each in kinds if each not in there]:
            position = _next_position(agency_return, row.case_return, kind)
            PointPlacement.objects.create(point=row, kind=kind, position=position)
    row.learning_themes.set(learning_themes)
    sittings.note(_home(row), by=by)
    return row
