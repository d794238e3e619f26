from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from agencies.roles import Role
from audits.domain import points, removal
from audits.domain.drafts import ReturnClosedError
from audits.domain.removal import NothingToBringBackError
from audits.models import (
    CaseReturnStage,
    EngagementEntry,
    Point,
    PointKind,
    PointPlacement,
    TextRevision,
)
from tests.audits.collecting import Collecting, collecting
from tests.audits.scenes import summative_point
from tests.factories import LearningThemeFactory, person, returned_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting()


def listed(kind: str) -> list[str]:
    rows = PointPlacement.objects.filter(kind=kind, agreed=False).order_by("position")
    return list(rows.values_list("point__text", flat=True))


def back(world: Collecting, point_id: UUID) -> Point:
    return removal.bring_back_point(
        world.agency_return, world.first, point_id=point_id, by=world.auditor
    )


def test_a_removed_point_comes_back_with_words_places_and_themes(world: Collecting) -> None:
    returned_point(world.first, "One")
    point = returned_point(world.first, "Two")
    returned_point(world.first, "Three")
    points.place(point, kind="went_well", to="went_well", position=1, by=world.auditor)
    PointPlacement.objects.create(point=point, kind=PointKind.CHALLENGE)
    theme = LearningThemeFactory(partnership=world.partnership)
    point.learning_themes.add(theme)
    point.written_by = world.lead
    point.save()
    written_at = point.written_at

    removal.remove_point(point, by=world.auditor)
    assert (listed("went_well"), listed("challenge")) == (["One", "Three"], [])

    point_id = UUID(TextRevision.objects.get().key.removeprefix("point:"))
    back(world, point_id)
    assert (listed("went_well"), listed("challenge")) == (["One", "Two", "Three"], ["Two"])
    fresh = Point.objects.get(pk=point_id)
    assert list(fresh.learning_themes.all()) == [theme]
    assert (fresh.written_by, fresh.written_at) == (world.lead, written_at)
    assert fresh.case_return == world.first


def test_what_was_removed_is_kept_with_who_and_what(world: Collecting) -> None:
    point = returned_point(world.first, "One")

    removal.remove_point(point, by=world.auditor)

    row = TextRevision.objects.get()
    assert (row.words, row.by, row.case_return) == ("One", world.auditor, world.first)
    assert row.shape is not None
    assert (row.shape["kinds"], row.shape["positions"]) == (["went_well"], [0])


def test_a_point_that_the_meeting_adopted_stays(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    PointPlacement.objects.create(point=point, kind="went_well", agreed=True)

    with pytest.raises(removal.PointAdoptedError):
        removal.remove_point(point, by=world.auditor)
    assert Point.objects.count() == 1
    assert not TextRevision.objects.exists()


def test_it_comes_back_once(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    pk = point.pk
    removal.remove_point(point, by=world.auditor)
    back(world, pk)

    with pytest.raises(NothingToBringBackError):
        back(world, pk)
    assert listed("went_well") == ["One"]


def test_what_was_never_removed_cannot_come_back(world: Collecting) -> None:
    with pytest.raises(NothingToBringBackError):
        back(world, returned_point(collecting().first, "Theirs").pk)


def test_nothing_comes_back_into_a_finished_case(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    pk = point.pk
    removal.remove_point(point, by=world.auditor)
    world.first.stage = CaseReturnStage.COMPLETE
    world.first.save()

    with pytest.raises(ReturnClosedError):
        back(world, pk)


def test_a_stranger_brings_nothing_back(world: Collecting) -> None:
    point = returned_point(world.first, "One")
    pk = point.pk
    removal.remove_point(point, by=world.auditor)

    with pytest.raises(PermissionDenied):
        removal.bring_back_point(
            world.agency_return,
            world.first,
            point_id=pk,
            by=person(Role.CHAIR, world.partnership),
        )


def test_points_of_the_summative_report_come_back_too(world: Collecting) -> None:
    point = summative_point(world.agency_return, "Officers take time.")
    pk = point.pk

    removal.remove_point(point, by=world.lead)
    removal.bring_back_point(world.agency_return, None, point_id=pk, by=world.lead)

    fresh = Point.objects.get(pk=pk)
    assert (fresh.text, fresh.origin) == ("Officers take time.", Point.Origin.SUMMATIVE)


def test_a_line_of_the_chronology_comes_back_as_it_was(world: Collecting) -> None:
    entry = EngagementEntry.objects.create(
        case_return=world.first,
        began_on=date(2025, 1, 10),
        words="Two visits.",
        written_by=world.lead,
        revision=3,
    )
    pk = entry.pk

    removal.remove_entry(entry, by=world.auditor)
    assert not EngagementEntry.objects.exists()
    assert TextRevision.objects.get().words == "2025-01-10 to now: Two visits."

    removal.bring_back_entry(world.first, entry_id=pk, by=world.auditor)
    fresh = EngagementEntry.objects.get(pk=pk)
    assert (fresh.began_on, fresh.ended_on, fresh.words) == (date(2025, 1, 10), None, "Two visits.")
    assert (fresh.written_by, fresh.revision) == (world.lead, 5)
    with pytest.raises(NothingToBringBackError):
        removal.bring_back_entry(world.first, entry_id=pk, by=world.auditor)
