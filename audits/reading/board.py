"""The two sides of the meeting's board: what the agencies returned, and what was agreed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import BooleanField, ExpressionWrapper

from agencies.models import User
from audits.models import HANDED_IN, Audit, Case, Point, PointKind, PointPlacement
from audits.models.agency_return import readable_returns

HEADINGS = {
    PointKind.WENT_WELL: "What went well?",
    PointKind.CAN_BE_IMPROVED: "What can be improved?",
    PointKind.CHALLENGE: "What challenges or themes can be identified?",
    PointKind.GOOD_PRACTICE: "Good practice",
}


@dataclass(frozen=True)
class ReturnedPoint:
    """One returned point under one kind; `elsewhere` are kinds it could be adopted under too.

    One that `is_in` stands in a return that is handed in; no other can be adopted.
    """

    point: Point
    origin: str
    is_in: bool
    is_agreed: bool
    elsewhere: list[tuple[str, str]]
    agreed_as: list[str]


@dataclass(frozen=True)
class AgreedPoint:
    point: Point
    origin: str
    is_first: bool
    is_last: bool

    @property
    def is_written_here(self) -> bool:
        return self.point.origin == Point.Origin.MEETING


@dataclass(frozen=True)
class KindBoard:
    kind: str
    label: str
    heading: str
    returned: list[ReturnedPoint]
    agreed: list[AgreedPoint]

    @property
    def waiting(self) -> int:
        return sum(each.is_in and not each.is_agreed for each in self.returned)


@dataclass(frozen=True)
class Board:
    kinds: list[KindBoard]
    taken_out: list[Point] = field(default_factory=list)


def board_of(audit: Audit, case: Case | None, user: User, *, writes: bool) -> Board:
    """The board of one case, or with None that of the audit as a whole.

    Three queries whatever the number of agencies; a fourth for those who may write, who also
    see what was typed and taken out again.
    """
    points = (
        Point.objects.visible_to(user)
        .filter(audit=audit, case=case)
        .annotate(is_read=ExpressionWrapper(readable_returns(user), BooleanField()))
        .select_related("agency", "agency_return")
        .prefetch_related("placements")
    )
    # What was agreed is everybody's; how its agency lists it now may not be.
    rows = [
        (placement, point)
        for point in points
        for placement in point.placements.all()
        if placement.agreed or getattr(point, "is_read")  # noqa: B009 - annotated
    ]
    taken_out = Point.objects.taken_out().filter(audit=audit, case=case) if writes else []
    return Board([_kind_board(kind, rows) for kind in PointKind], list(taken_out))


def _kind_board(kind: PointKind, rows: Iterable[tuple[PointPlacement, Point]]) -> KindBoard:
    own = [(placement, point) for placement, point in rows if placement.kind == kind]
    agreed = sorted(
        ((placement, point) for placement, point in own if placement.agreed),
        key=lambda row: (row[0].position, row[0].pk),
    )
    returned = sorted(
        ((placement, point) for placement, point in own if not placement.agreed),
        key=lambda row: (_origin(row[1]), row[0].position, row[0].pk),
    )
    return KindBoard(
        kind=str(kind),
        label=str(kind.label),
        heading=HEADINGS[kind],
        returned=[_returned(point, kind) for _, point in returned],
        agreed=[
            AgreedPoint(point, _origin(point), index == 0, index == len(agreed) - 1)
            for index, (_, point) in enumerate(agreed)
        ],
    )


def _returned(point: Point, kind: PointKind) -> ReturnedPoint:
    agreed = {placement.kind for placement in point.placements.all() if placement.agreed}
    others = [each for each in PointKind if each != kind]
    return ReturnedPoint(
        point=point,
        origin=_origin(point),
        is_in=point.agency_return is not None and point.agency_return.stage in HANDED_IN,
        is_agreed=kind in agreed,
        elsewhere=[(str(each), str(each.label)) for each in others if each not in agreed],
        agreed_as=[str(each.label) for each in others if each in agreed],
    )


def _origin(point: Point) -> str:
    return point.agency.short_name if point.agency else ""
