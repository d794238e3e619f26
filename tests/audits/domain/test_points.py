from typing import Any

import pytest
from django.utils import timezone

from audits.domain import points
from audits.domain.drafts import ReturnClosedError
from audits.domain.writing import StaleError
from audits.models import CaseReturnStage, Point, PointKind, PointPlacement, ReturnStage
from tests.audits.collecting import Collecting, collecting
from tests.factories import LearningThemeFactory, returned_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting()


def listed(kind: str = PointKind.WENT_WELL) -> list[str]:
    return list(
        PointPlacement.objects.filter(kind=kind, agreed=False)
        .order_by("position")
        .values_list("point__text", flat=True)
    )


def test_pasted_lines_lose_their_bullets() -> None:
    pasted = "• One point\n\n  - Another\r\n– A third – with a dash\n   \n"

    assert points.as_lines(pasted) == ["One point", "Another", "A third – with a dash"]


def test_a_point_moves_among_those_of_its_kind_and_no_further(world: Collecting) -> None:
    one, two, three = (returned_point(world.first, text) for text in ("One", "Two", "Three"))

    points.move(three, kind="went_well", step=-1, by=world.auditor)
    points.move(one, kind="went_well", step=-1, by=world.auditor)
    points.move(two, kind="went_well", step=1, by=world.auditor)

    assert listed() == ["One", "Three", "Two"]


def test_points_of_another_kind_do_not_count(world: Collecting) -> None:
    returned_point(world.first, "Well", PointKind.WENT_WELL)
    other = returned_point(world.first, "Other", PointKind.CHALLENGE)

    points.move(other, kind="went_well", step=-1, by=world.auditor)

    assert (listed(), listed(PointKind.CHALLENGE)) == (["Well"], ["Other"])


def test_a_point_goes(world: Collecting) -> None:
    points.remove(returned_point(world.first, "One"), by=world.auditor)

    assert not Point.objects.exists()


def test_a_point_that_the_meeting_adopted_stays(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    PointPlacement.objects.create(point=point, kind="went_well", agreed=True)

    with pytest.raises(points.PointAdoptedError):
        points.remove(point, by=world.auditor)
    assert Point.objects.count() == 1


def test_a_point_is_written_once_and_listed_under_several_kinds(world: Collecting) -> None:
    point = returned_point(world.first, "Old")
    theme = LearningThemeFactory(partnership=world.partnership)

    points.describe(
        point,
        text="New ",
        kinds=["challenge", "good_practice"],
        learning_themes=[theme],
        revision=0,
        by=world.auditor,
    )

    fresh = Point.objects.get()
    assert (fresh.text, fresh.revision, list(fresh.learning_themes.all())) == ("New", 1, [theme])
    assert set(fresh.placements.values_list("kind", flat=True)) == {"challenge", "good_practice"}


def test_what_the_meeting_agreed_is_left_alone(world: Collecting) -> None:
    point = returned_point(world.first, "Old")
    PointPlacement.objects.create(point=point, kind="went_well", agreed=True)

    points.describe(
        point, text="Old", kinds=["challenge"], learning_themes=[], revision=0, by=world.auditor
    )

    assert set(point.placements.values_list("kind", "agreed")) == {
        ("went_well", True),
        ("challenge", False),
    }


@pytest.mark.parametrize("stage", [ReturnStage.SIGNED_OFF, ReturnStage.EXCUSED])
def test_points_of_a_closed_return_stay_as_they_are(world: Collecting, stage: str) -> None:
    point = returned_point(world.first, "One")
    world.agency_return.stage = stage
    world.agency_return.save()

    with pytest.raises(ReturnClosedError):
        points.remove(point, by=world.auditor)


def test_points_of_a_finished_case_return_stay_as_they_are(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    world.first.stage = CaseReturnStage.COMPLETE
    world.first.save()

    with pytest.raises(ReturnClosedError):
        points.move(point, kind="went_well", step=1, by=world.auditor)


def test_points_of_a_withdrawn_case_stay_as_they_are(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    case = world.first.case
    case.withdrawn_at, case.withdrawn_reason = timezone.now(), "A duplicate."
    case.save()

    with pytest.raises(ReturnClosedError):
        points.describe(
            point, text="Two", kinds=["went_well"], learning_themes=[], revision=0, by=world.auditor
        )


def test_a_point_saved_meanwhile_is_not_overwritten(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    theirs: dict[str, Any] = {"kinds": ["challenge"], "learning_themes": [], "revision": 0}
    points.describe(point, text="Theirs", by=world.lead, **theirs)

    with pytest.raises(StaleError):
        points.describe(point, text="Mine", by=world.auditor, **theirs)
    assert Point.objects.get().text == "Theirs"
