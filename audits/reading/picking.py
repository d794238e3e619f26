"""The points of a return's case returns, to pick from for its summative report."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from audits.models import (
    AgencyReturn,
    Case,
    CaseReturn,
    LearningTheme,
    Point,
    PointKind,
    PointPlacement,
    TextRevision,
)


@dataclass(frozen=True)
class Choice:
    """One point under one kind; `taken` are the report's points that were begun from it."""

    point: Point
    case: Case
    case_return: CaseReturn
    themes: list[LearningTheme]
    taken: list[str]


@dataclass(frozen=True)
class Choices:
    kind: str
    label: str
    rows: list[Choice]


def begun_from(agency_return: AgencyReturn) -> dict[UUID, UUID]:
    """By point of the summative report: the point of a case return it was begun from."""
    rows = TextRevision.objects.filter(
        agency_return=agency_return, case_return=None, shape__begun_from__isnull=False
    ).values_list("key", "shape__begun_from")
    return {UUID(key.partition(":")[2]): UUID(source) for key, source in rows}


def origins(agency_return: AgencyReturn) -> dict[UUID, Case]:
    """By point of the summative report: the case it was begun from."""
    sources = begun_from(agency_return)
    if not sources:
        return {}
    there = Point.objects.select_related("case").in_bulk(set(sources.values()))
    found = ((pk, there.get(source)) for pk, source in sources.items())
    return {pk: point.case for pk, point in found if point is not None and point.case is not None}


class PickingPage:
    """Reads lazily, each part once; `kind`, `theme` and `case` narrow what is shown."""

    def __init__(self, agency_return: AgencyReturn, wanted: Mapping[str, str]) -> None:
        self.agency_return = agency_return
        self.wanted = wanted

    @cached_property
    def _placements(self) -> list[PointPlacement]:
        return list(
            PointPlacement.objects.filter(
                point__agency_return=self.agency_return,
                point__case_return__isnull=False,
                point__case__withdrawn_at=None,
                agreed=False,
            )
            .select_related("point__case", "point__case_return")
            .prefetch_related("point__learning_themes")
            .order_by("point__case__number", "position", "pk")
        )

    @cached_property
    def _taken(self) -> dict[UUID, list[str]]:
        """Words of the report's points, by the point they were begun from."""
        sources = begun_from(self.agency_return)
        taken: dict[UUID, list[str]] = defaultdict(list)
        for point in self.agency_return.points.filter(case_return=None, pk__in=sources):
            taken[sources[point.pk]].append(point.text)
        return taken

    @property
    def total(self) -> int:
        return len({each.point_id for each in self._placements})

    @property
    def kinds(self) -> list[tuple[str, str]]:
        there = {each.kind for each in self._placements}
        return [(kind.value, str(kind.label)) for kind in PointKind if kind in there]

    @property
    def themes(self) -> list[tuple[str, str]]:
        there = {
            str(theme.pk): theme
            for each in self._placements
            for theme in each.point.learning_themes.all()
        }
        ordered = sorted(there.items(), key=lambda pair: pair[1].position)
        return [(pk, theme.name) for pk, theme in ordered]

    @property
    def cases(self) -> list[tuple[str, str]]:
        there = {case.number: case for case in self._cases()}
        return [(str(number), str(there[number])) for number in sorted(there)]

    def _cases(self) -> Iterator[Case]:
        for each in self._placements:
            if each.point.case is not None:
                yield each.point.case

    @cached_property
    def blocks(self) -> list[Choices]:
        blocks = [Choices(kind, label, list(self._rows(kind))) for kind, label in self.kinds]
        return [block for block in blocks if block.rows]

    def _rows(self, kind: str) -> Iterator[Choice]:
        for each in self._placements:
            point = each.point
            if each.kind != kind or point.case is None or point.case_return is None:
                continue
            themes = list(point.learning_themes.all())
            if self._is_wanted(kind, point.case, themes):
                taken = self._taken.get(point.pk, [])
                yield Choice(point, point.case, point.case_return, themes, taken)

    def _is_wanted(self, kind: str, case: Case, themes: list[LearningTheme]) -> bool:
        asked = self.wanted
        return (
            asked.get("kind") in (None, "", kind)
            and asked.get("case") in (None, "", str(case.number))
            and (not asked.get("theme") or asked["theme"] in {str(each.pk) for each in themes})
        )
