from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from audits.domain import points, removal
from audits.domain.drafts import ReturnClosedError
from audits.domain.points import NewPoint
from audits.domain.revisions import Kept
from audits.domain.writing import StaleError
from audits.models import (
    CaseReturnStage,
    Point,
    PointKind,
    PointPlacement,
    ReturnStage,
    TextRevision,
)
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
        removal.remove_point(point, by=world.auditor)


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


def test_a_page_begins_points_under_ids_of_its_own(world: Collecting) -> None:
    one = returned_point(world.first, "One")
    returned_point(world.first, "Three")
    second, empty = uuid4(), uuid4()

    said = points.begin(
        world.agency_return,
        new={
            second: NewPoint("went_well", " Two ", after=one.pk),
            empty: NewPoint("went_well", "  "),
        },
        by=world.auditor,
        case_return=world.first,
    )

    assert listed() == ["One", "Two", "Three"]
    assert said == [Kept(f"point:{second}", "Two", 1)]
    assert Point.objects.get(pk=second).written_by == world.auditor


def test_a_point_is_split_only_where_it_is_listed(world: Collecting) -> None:
    """Under a heading that there is not, its lines would be nowhere to be seen."""
    point = returned_point(world.first, "One\nTwo")

    assert points.split(point, kind="nonsense", by=world.auditor) == []
    assert points.split(point, kind="good_practice", by=world.auditor) == []

    assert listed() == ["One\nTwo"]


def test_a_point_is_split_at_its_line_breaks(world: Collecting) -> None:
    point = returned_point(world.first, "One\n• Two\n\n• Three")
    returned_point(world.first, "Four")
    theme = LearningThemeFactory(partnership=world.partnership)
    point.learning_themes.add(theme)

    made = points.split(point, kind="went_well", by=world.auditor)

    assert listed() == ["One", "Two", "Three", "Four"]
    assert [list(each.learning_themes.all()) for each in made] == [[theme], [theme]]
    kept = TextRevision.objects.order_by("pk").values_list("words", flat=True)
    assert list(kept) == ["One\n• Two\n\n• Three", "One", "Two", "Three"]


def test_a_point_of_one_line_is_left_whole(world: Collecting) -> None:
    assert points.split(returned_point(world.first, "One"), kind="went_well", by=world.lead) == []
    assert not TextRevision.objects.exists()


def test_a_point_moves_to_another_kind_and_to_a_place_there(world: Collecting) -> None:
    point = returned_point(world.first, "Moved")
    for text in ("First", "Second"):
        returned_point(world.first, text, PointKind.CHALLENGE)

    points.place(point, kind="went_well", to="challenge", position=1, by=world.auditor)
    assert (listed(), listed("challenge")) == ([], ["First", "Moved", "Second"])

    points.place(point, kind="challenge", to="challenge", position=0, by=world.auditor)
    assert listed("challenge") == ["Moved", "First", "Second"]

    points.place(point, kind="challenge", to="good_practice", by=world.auditor)
    assert (listed("challenge"), listed("good_practice")) == (["First", "Second"], ["Moved"])


def test_moved_to_a_kind_that_lists_it_already_it_stands_there_once(world: Collecting) -> None:
    point = returned_point(world.first, "Once")
    PointPlacement.objects.create(point=point, kind="challenge")

    points.place(point, kind="went_well", to="challenge", by=world.auditor)

    assert (listed(), listed("challenge")) == ([], ["Once"])


def test_added_points_are_kept_as_they_were_written(world: Collecting) -> None:
    made = points.add_lines(
        world.agency_return,
        kind="went_well",
        lines=["One", "Two"],
        by=world.auditor,
        case_return=world.first,
    )

    assert list(TextRevision.objects.order_by("pk").values_list("key", "words", "by")) == [
        (f"point:{made[0].pk}", "One", world.auditor.pk),
        (f"point:{made[1].pk}", "Two", world.auditor.pk),
    ]
