import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import Activity
from audits.domain import collating, points
from audits.domain.drafts import ReturnClosedError
from audits.domain.removal import PointAdoptedError, remove_point
from audits.models import (
    CaseReturnStage,
    ContributorPoint,
    ContributorRequest,
    Point,
    PointPlacement,
    TextRevision,
)
from tests.audits.collecting import Collecting, collecting
from tests.audits.contributing import asked, coordinating, practice
from tests.factories import AgencyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return coordinating(cases=2)


def said(world: Collecting, name: str, *texts: str, kind: str = "went_well") -> ContributorRequest:
    """A practice's reply about the first case, with these points."""
    request = asked(world, practice(world, name), cases=1)[0]
    request.stage = "replied"
    request.save()
    for position, text in enumerate(texts):
        ContributorPoint.objects.create(request=request, kind=kind, text=text, position=position)
    return request


def in_return(world: Collecting) -> list[tuple[str, str]]:
    listed = PointPlacement.objects.filter(point__case_return=world.first, agreed=False)
    return list(listed.order_by("kind", "position").values_list("kind", "point__text"))


@pytest.mark.parametrize(
    ("text", "noun", "expected"),
    [
        ("Seen alone.", "GP practice", "Seen alone (from a GP practice)."),
        ("Seen alone", "GP practice", "Seen alone (from a GP practice)"),
        ("Seen?", "school", "Seen? (from a school)"),
        ("And so on...", "school", "And so on... (from a school)"),
        ("Seen.", "independent school", "Seen (from an independent school)."),
        ("Seen.", "", "Seen (from a contributor)."),
    ],
)
def test_a_point_says_where_it_is_from_and_not_from_whom(
    text: str, noun: str, expected: str
) -> None:
    assert collating.in_their_words(text, AgencyFactory.build(contributor_noun=noun)) == expected


def test_one_by_one(world: Collecting) -> None:
    said(world, "Mill Lane", "One.", "Two.")
    two = ContributorPoint.objects.get(text="Two.")

    taken = collating.take_over(world.first, by=world.auditor, chosen=[two.pk])

    assert taken == [two]
    assert in_return(world) == [("went_well", "Two (from a GP practice).")]
    two.refresh_from_db()
    assert (two.taken_over, two.point) == (True, Point.objects.get())
    assert collating.take_over(world.first, by=world.auditor, chosen=[two.pk]) == []


def test_all_at_once_by_kind_and_name(world: Collecting) -> None:
    said(world, "The Green", "Third.")
    said(world, "Mill Lane", "First.", "Second.")
    said(world, "Quay", "Other.", kind="can_be_improved")

    collating.take_over(world.first, by=world.lead)

    assert in_return(world) == [
        ("can_be_improved", "Other (from a GP practice)."),
        ("went_well", "First (from a GP practice)."),
        ("went_well", "Second (from a GP practice)."),
        ("went_well", "Third (from a GP practice)."),
    ]
    world.first.refresh_from_db()
    assert (world.first.stage, world.first.auditor) == (CaseReturnStage.IN_PROGRESS, world.lead)
    assert TextRevision.objects.filter(case_return=world.first).count() == 4
    assert Activity.objects.filter(verb="took over points of contributors").count() == 1


@pytest.mark.parametrize("stage", ["asked", "opened", "declined", "holds_nothing"])
def test_what_was_not_sent_in_is_not_taken(world: Collecting, stage: str) -> None:
    said(world, "Mill Lane", "One.")
    ContributorRequest.objects.update(stage=stage)
    assert collating.take_over(world.first, by=world.lead) == []
    world.first.refresh_from_db()
    assert world.first.stage == CaseReturnStage.NOT_STARTED


def test_another_case_s_points_are_left(world: Collecting) -> None:
    said(world, "Mill Lane", "One.")
    one = ContributorPoint.objects.get()
    assert collating.take_over(world.case_returns[1], by=world.lead, chosen=[one.pk]) == []


class TestUndo:
    def test_it_goes_from_the_return_and_can_be_taken_again(self, world: Collecting) -> None:
        said(world, "Mill Lane", "One.")
        one = ContributorPoint.objects.get()
        collating.take_over(world.first, by=world.lead)

        assert collating.put_back(world.first, by=world.lead, point_id=one.pk)

        assert in_return(world) == []
        one.refresh_from_db()
        assert (one.taken_over, one.point) == (False, None)
        assert not collating.put_back(world.first, by=world.lead, point_id=one.pk)
        assert collating.take_over(world.first, by=world.lead) == [one]

    def test_a_point_removed_in_the_return_is_put_back_too(self, world: Collecting) -> None:
        said(world, "Mill Lane", "One.")
        one = ContributorPoint.objects.get()
        collating.take_over(world.first, by=world.lead)
        remove_point(Point.objects.get(), by=world.lead)
        one.refresh_from_db()
        assert (one.taken_over, one.point) == (True, None)

        assert collating.put_back(world.first, by=world.lead, point_id=one.pk)

    def test_one_the_meeting_adopted_stays(self, world: Collecting) -> None:
        said(world, "Mill Lane", "One.")
        collating.take_over(world.first, by=world.lead)
        PointPlacement.objects.create(point=Point.objects.get(), kind="went_well", agreed=True)
        with pytest.raises(PointAdoptedError):
            collating.put_back(
                world.first, by=world.lead, point_id=ContributorPoint.objects.get().pk
            )
        assert ContributorPoint.objects.get().taken_over

    def test_reworded_in_the_return_it_is_still_known(self, world: Collecting) -> None:
        said(world, "Mill Lane", "One.")
        collating.take_over(world.first, by=world.lead)
        point = points.locked(Point.objects.get(), by=world.lead)
        point.text = "Quite another."
        point.save()
        one = ContributorPoint.objects.get()
        assert collating.put_back(world.first, by=world.lead, point_id=one.pk)
        assert in_return(world) == []


class TestClosed:
    def test_a_case_that_is_complete(self, world: Collecting) -> None:
        said(world, "Mill Lane", "One.")
        world.first.stage = CaseReturnStage.COMPLETE
        world.first.save()
        with pytest.raises(ReturnClosedError):
            collating.take_over(world.first, by=world.lead)
        with pytest.raises(ReturnClosedError):
            collating.put_back(
                world.first, by=world.lead, point_id=ContributorPoint.objects.get().pk
            )

    def test_somebody_else(self, world: Collecting) -> None:
        with pytest.raises(PermissionDenied):
            collating.take_over(world.first, by=collecting().lead)
