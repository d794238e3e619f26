import pytest

from agencies.models import Activity
from audits.domain import agreed_points as domain
from audits.domain.writing import NotNowError, StaleError
from audits.models import Audit, Case, Point, PointKind, PointPlacement, Stage
from tests.audits.scenes import Scene, meeting_scene, summative_point
from tests.factories import meeting_point, returned_point, unsigned

pytestmark = pytest.mark.django_db

WELL, BETTER = PointKind.WENT_WELL, PointKind.CAN_BE_IMPROVED


@pytest.fixture
def scene() -> Scene:
    return meeting_scene()


def listed(audit: Audit, case: Case | None, kind: PointKind) -> list[tuple[int, str]]:
    return [(row.position, row.point.text) for row in domain.agreed_list(audit, case, kind)]


def test_adopting_lists_a_point_last_and_keeps_where_it_came_from(scene: Scene) -> None:
    case, point = scene.cases[0], scene.points[0]
    meeting_point(scene.audit, "Said first.", case)
    domain.adopt(point=point, kind=WELL, by=scene.officer)
    assert listed(scene.audit, case, WELL) == [(0, "Said first."), (1, point.text)]
    point.refresh_from_db()
    assert (point.origin, point.agency) == (Point.Origin.CASE_RETURN, scene.agencies[0])
    assert Activity.objects.get().verb == "adopted a point"


def test_adopting_twice_lists_once_and_under_another_kind_lists_there_too(scene: Scene) -> None:
    point = scene.points[0]
    for kind in (WELL, WELL, PointKind.GOOD_PRACTICE):
        domain.adopt(point=point, kind=kind, by=scene.officer)
    agreed = PointPlacement.objects.filter(agreed=True).order_by("pk")
    assert [placement.kind for placement in agreed] == [WELL, PointKind.GOOD_PRACTICE]


def test_points_with_the_same_words_stay_two(scene: Scene) -> None:
    twins = [returned_point(row, "The same words.", BETTER) for row in scene.case_returns[:2]]
    case = twins[0].case
    with unsigned(*scene.returns):
        twins[1].case = case
        twins[1].save()
    for twin in twins:
        domain.adopt(point=twin, kind=BETTER, by=scene.officer)
    assert listed(scene.audit, case, BETTER) == [(0, "The same words."), (1, "The same words.")]


def test_taking_out_closes_the_gap_and_leaves_the_return_as_it_was(scene: Scene) -> None:
    case, point = scene.cases[0], scene.points[0]
    domain.adopt(point=point, kind=WELL, by=scene.officer)
    meeting_point(scene.audit, "Said after.", case)
    domain.take_out(point=point, kind=WELL, by=scene.officer)
    assert listed(scene.audit, case, WELL) == [(0, "Said after.")]
    assert list(point.placements.values_list("kind", "agreed")) == [(WELL, False)]


def test_a_typed_point_taken_out_keeps_its_words_and_can_be_put_back(scene: Scene) -> None:
    point = meeting_point(scene.audit, "Said and regretted.", scene.cases[0])
    domain.take_out(point=point, kind=WELL, by=scene.officer)
    assert list(Point.objects.taken_out()) == [point]
    domain.adopt(point=point, kind=BETTER, by=scene.officer)
    assert list(Point.objects.taken_out()) == []
    assert listed(scene.audit, scene.cases[0], BETTER) == [(0, "Said and regretted.")]


def test_adopting_all_takes_the_kind_of_one_case_agency_by_agency(scene: Scene) -> None:
    case = scene.cases[0]
    second = returned_point(scene.case_returns[0], "And it wrote this down.")
    domain.adopt(point=scene.points[2], kind=WELL, by=scene.officer)
    count = domain.adopt_all(audit=scene.audit, case=case, kind=WELL, by=scene.officer)
    assert count == 2
    texts = [scene.points[2].text, scene.points[0].text, second.text]
    assert listed(scene.audit, case, WELL) == list(enumerate(texts))
    assert listed(scene.audit, scene.cases[1], WELL) == []
    assert domain.adopt_all(audit=scene.audit, case=case, kind=WELL, by=scene.officer) == 0


def test_a_point_listed_twice_in_its_return_is_adopted_once(scene: Scene) -> None:
    point, case = scene.points[0], scene.cases[0]
    PointPlacement.objects.create(point=point, kind=PointKind.CHALLENGE, position=5)
    PointPlacement.objects.create(point=point, kind=BETTER, agreed=True)
    assert domain.adopt_all(audit=scene.audit, case=case, kind=WELL, by=scene.officer) == 2
    assert [text for _, text in listed(scene.audit, case, WELL)] == [
        point.text,
        scene.points[2].text,
    ]


def test_adopting_all_without_a_case_takes_the_summative_reports(scene: Scene) -> None:
    point = summative_point(scene.returns[1], "Joint visits are usual.")
    assert domain.adopt_all(audit=scene.audit, case=None, kind=WELL, by=scene.officer) == 1
    assert listed(scene.audit, None, WELL) == [(0, point.text)]


def test_moving_changes_places_with_the_neighbour_and_stops_at_the_ends(scene: Scene) -> None:
    case = scene.cases[0]
    first, _, last = (meeting_point(scene.audit, text, case) for text in ("a", "b", "c"))
    domain.move(point=last, kind=WELL, up=True, by=scene.officer)
    assert listed(scene.audit, case, WELL) == [(0, "a"), (1, "c"), (2, "b")]
    domain.move(point=first, kind=WELL, up=True, by=scene.officer)
    domain.move(point=first, kind=WELL, up=False, by=scene.officer)
    assert listed(scene.audit, case, WELL) == [(0, "c"), (1, "a"), (2, "b")]
    domain.move(point=first, kind=BETTER, up=False, by=scene.officer)
    assert listed(scene.audit, case, WELL) == [(0, "c"), (1, "a"), (2, "b")]


def test_several_lines_become_several_points_in_order(scene: Scene) -> None:
    case = scene.cases[1]
    meeting_point(scene.audit, "Before.", case)
    points = domain.add(
        audit=scene.audit, case=case, kind=WELL, lines=["One.", "Two."], by=scene.chair
    )
    assert listed(scene.audit, case, WELL) == [(0, "Before."), (1, "One."), (2, "Two.")]
    assert {point.written_by for point in points} == {scene.chair}
    assert {point.agency for point in points} == {None}


def test_rewording_raises_the_revision_and_never_overwrites_silently(scene: Scene) -> None:
    point = meeting_point(scene.audit, "As typed.", scene.cases[0])
    domain.reword(point=point, text="Better said.", revision=0, by=scene.officer)
    with pytest.raises(StaleError) as stale:
        domain.reword(point=point, text="Lost?", revision=0, by=scene.chair)
    assert str(stale.value.current) == "Better said."
    point.refresh_from_db()
    assert (point.text, point.revision) == ("Better said.", 1)


def test_what_an_agency_wrote_is_not_reworded_at_the_meeting(scene: Scene) -> None:
    with pytest.raises(ValueError, match="written at the meeting"):
        domain.reword(point=scene.points[0], text="x", revision=0, by=scene.officer)


@pytest.mark.parametrize("stage", [Stage.COLLECTING, Stage.DRAFTING, Stage.PUBLISHED])
def test_nothing_is_agreed_at_another_stage(stage: Stage) -> None:
    scene = meeting_scene(stage=stage)
    point, by = scene.points[0], scene.officer
    with pytest.raises(NotNowError, match=f"now at “{stage.label}”.*at meeting"):
        domain.adopt(point=point, kind=WELL, by=by)
    with pytest.raises(NotNowError):
        domain.add(audit=scene.audit, case=None, kind=WELL, lines=["x"], by=by)
    assert not PointPlacement.objects.filter(agreed=True).exists()
