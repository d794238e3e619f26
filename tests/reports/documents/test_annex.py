import pytest
from django.utils import timezone

from audits.models import Audit, Point, PointKind, PointPlacement, Stage
from reports.documents.annex import points_by_theme
from reports.documents.source import DocumentSource
from tests import factories

pytestmark = pytest.mark.django_db

WENT_WELL, IMPROVE = PointKind.WENT_WELL, PointKind.CAN_BE_IMPROVED


@pytest.fixture
def audit() -> Audit:
    made: Audit = factories.AuditFactory(stage=Stage.COLLECTING)
    return made


def coded(point: Point, *names: str) -> Point:
    for name in names:
        themes = point.audit.partnership.learning_themes
        theme = themes.filter(name=name).first() or factories.LearningThemeFactory(
            partnership=point.audit.partnership, name=name, position=themes.count()
        )
        point.learning_themes.add(theme)
    return point


def told(audit: Audit, *, agreed: bool) -> dict[str, tuple[int, ...]]:
    points = points_by_theme(DocumentSource(audit), agreed=agreed)
    return {tally.name: tally.printed or () for tally in points.tallies} if points else {}


class TestPointsByTheme:
    def test_counts_a_point_under_each_of_its_themes_and_kinds(self, audit: Audit) -> None:
        row = factories.CaseReturnFactory(
            agency_return=factories.AgencyReturnFactory(audit=audit),
            case=factories.CaseFactory(audit=audit),
        )
        coded(factories.returned_point(row, "Seen alone."), "Voice", "Recording")
        both = coded(factories.returned_point(row, "Told late."), "Recording")
        PointPlacement.objects.create(point=both, kind=IMPROVE)
        factories.returned_point(row, "Coded to nothing.")

        counts = told(audit, agreed=False)

        kinds = list(PointKind)
        assert {name: cells[kinds.index(WENT_WELL)] for name, cells in counts.items()} == {
            "Voice": 1,
            "Recording": 2,
        }
        assert {name: cells[kinds.index(IMPROVE)] for name, cells in counts.items()} == {
            "Voice": 0,
            "Recording": 1,
        }
        assert told(audit, agreed=True) == {}

    def test_keeps_the_whole_audits_points_and_leaves_out_a_withdrawn_case(
        self, audit: Audit
    ) -> None:
        gone = factories.CaseFactory(
            audit=audit, withdrawn_at=timezone.now(), withdrawn_reason="Not in the period."
        )
        coded(factories.meeting_point(audit, "Of a case that left.", gone), "Voice")
        coded(factories.meeting_point(audit, "Of the whole audit."), "Voice")
        coded(factories.meeting_point(factories.AuditFactory(), "Of another audit."), "Voice")

        counts = told(audit, agreed=True)

        assert {name: sum(cells) for name, cells in counts.items()} == {"Voice": 1}
