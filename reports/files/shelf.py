from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from agencies.models import Agency, Body, User
from audits.models import Audit, Case, Figure, Finding, Grade, LearningTheme, Point, PointPlacement
from reports.files.batch import Batch
from reports.files.book import KINDS, UNPLACED, Row
from reports.files.moments import read_moment
from reports.files.shared import Shared


def now_unless(text: str | None) -> datetime:
    return read_moment(text) if text else timezone.now()


@dataclass
class Shelf:
    """The rows made so far, by the names the file has for them."""

    batch: Batch
    shared: Shared
    audit: Audit
    grades: dict[str, Grade] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    points: dict[str, Point] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    started: datetime = field(default_factory=timezone.now)
    points_made: int = 0

    @property
    def agencies(self) -> dict[str, Agency]:
        return self.shared.agencies

    @property
    def people(self) -> dict[str, User]:
        return self.shared.people

    @property
    def learning_themes(self) -> dict[str, LearningTheme]:
        return self.shared.learning_themes

    def agency(self, name: str | None) -> Agency | None:
        return self.agencies[name] if name else None

    def body(self, name: str | None) -> Body | None:
        return self.shared.bodies[name] if name else None

    def person(self, email: str | None) -> User | None:
        return self.people[email.lower()] if email else None

    def grade(self, code: str | None) -> Grade | None:
        return self.grades[code] if code else None

    def write_points(self, points: Row, home: Point) -> None:
        """Make the points written in these lists; `home` is a model of what they belong to."""
        for kind in (*KINDS, UNPLACED):
            for row in points.get(kind, []):
                if isinstance(row, dict):
                    self._write_point(row, home)

    def _write_point(self, row: Row, home: Point) -> None:
        point = Point(
            audit=self.audit,
            case=home.case,
            agency=home.agency or self.agency(row.get("agency")),
            origin=home.origin,
            case_return=home.case_return,
            agency_return=home.agency_return,
            text=row["text"],
            written_by=self.person(row.get("written_by")),
            # Lists without a better order show points as they were written.
            written_at=self.started + timedelta(microseconds=self.points_made),
        )
        self.points_made += 1
        self.batch.add(point)
        row["point"] = point
        if "key" in row:
            self.points[row["key"]] = point
        for code in row.get("learning_themes", []):
            self.batch.link(
                Point.learning_themes.through,
                point_id=point.pk,
                learningtheme_id=self.learning_themes[code].pk,
            )

    def place_points(self, points: Row, *, agreed: bool) -> None:
        """List the points, once all of the file are made."""
        for kind in KINDS:
            for position, row in enumerate(points.get(kind, [])):
                point = row["point"] if isinstance(row, dict) else self.points[row]
                self.batch.add(
                    PointPlacement(point=point, kind=kind, agreed=agreed, position=position)
                )
