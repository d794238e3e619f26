"""The points a finding can begin from, case by case and kind by kind."""

from dataclasses import dataclass

from agencies.models import User
from audits.models import Audit, Point, PointKind


@dataclass(frozen=True)
class Candidate:
    """`is_used`: at least one finding rests on it already."""

    point: Point
    origin: str
    kinds: str
    is_agreed: bool
    is_used: bool


@dataclass(frozen=True)
class CandidateGroup:
    heading: str
    candidates: list[Candidate]


def candidates_of(audit: Audit, user: User, *, agreed_only: bool) -> list[CandidateGroup]:
    points = (
        Point.objects.visible_to(user)
        .to_build_on()
        .filter(audit=audit)
        .select_related("agency", "case")
        .prefetch_related("placements", "findings")
        .order_by("case__number", "agency__name", "written_at", "pk")
    )
    groups: dict[str, list[Candidate]] = {}
    for point in points:
        candidate = _candidate(point)
        if candidate.kinds and (candidate.is_agreed or not agreed_only):
            groups.setdefault(str(point.case or "The audit as a whole"), []).append(candidate)
    whole = groups.pop("The audit as a whole", None)
    listed = [CandidateGroup(heading, rows) for heading, rows in groups.items()]
    return ([CandidateGroup("The audit as a whole", whole)] if whole else []) + listed


def _candidate(point: Point) -> Candidate:
    placements = list(point.placements.all())
    kinds = dict.fromkeys(str(PointKind(placement.kind).label) for placement in placements)
    return Candidate(
        point=point,
        origin=point.agency.short_name if point.agency else "",
        kinds=", ".join(kinds),
        is_agreed=any(placement.agreed for placement in placements),
        is_used=bool(point.findings.all()),
    )
