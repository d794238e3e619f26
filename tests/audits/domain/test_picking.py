"""The summative report begun from the points of the case returns."""

import pytest
from django.core.exceptions import PermissionDenied

from audits.domain import picking
from audits.domain.drafts import ReturnClosedError
from audits.models import Point, PointPlacement
from audits.reading.picking import PickingPage, begun_from, origins
from tests.audits.collecting import Collecting, collecting
from tests.factories import LearningThemeFactory, put_at, returned_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2)


def in_report(world: Collecting, kind: str) -> list[str]:
    rows = PointPlacement.objects.filter(
        point__agency_return=world.agency_return, point__case_return=None, kind=kind
    )
    return list(rows.values_list("point__text", flat=True))


def test_points_are_written_once_more_in_the_order_of_their_cases(world: Collecting) -> None:
    first, second = world.case_returns
    later = returned_point(second, "Visits were late.")
    earlier = returned_point(first, "Visits were late.")
    theme = LearningThemeFactory(partnership=world.partnership)
    earlier.learning_themes.add(theme)

    new = picking.pick(
        world.agency_return,
        by=world.lead,
        chosen=[later.pk, earlier.pk],
        kind="can_be_improved",
    )

    assert in_report(world, "can_be_improved") == ["Visits were late.", "Visits were late."]
    assert [point.origin for point in new] == ["summative", "summative"]
    assert list(new[0].learning_themes.all()) == [theme]
    assert begun_from(world.agency_return) == {new[0].pk: earlier.pk, new[1].pk: later.pk}
    assert origins(world.agency_return) == {new[0].pk: first.case, new[1].pk: second.case}
    assert Point.objects.get(pk=earlier.pk).text == "Visits were late."


def test_they_come_behind_what_is_there(world: Collecting) -> None:
    for text in ("One.", "Two."):
        point = returned_point(world.first, text)
        picking.pick(world.agency_return, by=world.lead, chosen=[point.pk], kind="went_well")

    assert in_report(world, "went_well") == ["One.", "Two."]


def test_points_of_other_returns_and_of_the_report_are_passed_over(world: Collecting) -> None:
    other = returned_point(collecting().first, "Elsewhere.")
    mine = returned_point(world.first, "Here.")
    [own] = picking.pick(world.agency_return, by=world.lead, chosen=[mine.pk], kind="went_well")

    new = picking.pick(
        world.agency_return, by=world.lead, chosen=[other.pk, own.pk], kind="went_well"
    )

    assert new == []
    assert in_report(world, "went_well") == ["Here."]


def test_only_the_lead_picks_and_only_while_it_is_open(world: Collecting) -> None:
    point = returned_point(world.first, "Here.")
    with pytest.raises(PermissionDenied):
        picking.pick(world.agency_return, by=world.auditor, chosen=[point.pk], kind="went_well")
    put_at(world.agency_return, "signed_off")
    with pytest.raises(ReturnClosedError):
        picking.pick(world.agency_return, by=world.lead, chosen=[point.pk], kind="went_well")


class TestWhatThereIsToPick:
    def shown(self, world: Collecting, **wanted: str) -> list[tuple[str, list[str]]]:
        page = PickingPage(world.agency_return, wanted)
        return [(block.kind, [row.point.text for row in block.rows]) for block in page.blocks]

    def test_by_kind_theme_and_case(self, world: Collecting) -> None:
        one, two = world.case_returns
        well = returned_point(one, "Seen alone.")
        returned_point(two, "Seen at school.")
        returned_point(two, "Late.", kind="can_be_improved")  # type: ignore[arg-type]
        theme = LearningThemeFactory(partnership=world.partnership, name="Voice")
        well.learning_themes.add(theme)

        everything = [
            ("went_well", ["Seen alone.", "Seen at school."]),
            ("can_be_improved", ["Late."]),
        ]
        assert self.shown(world) == everything
        assert self.shown(world, kind="can_be_improved") == everything[1:]
        assert self.shown(world, theme=str(theme.pk)) == [("went_well", ["Seen alone."])]
        assert self.shown(world, case="2") == [
            ("went_well", ["Seen at school."]),
            ("can_be_improved", ["Late."]),
        ]
        page = PickingPage(world.agency_return, {})
        assert page.themes == [(str(theme.pk), "Voice")]
        assert page.cases == [("1", "Case 1"), ("2", "Case 2")]
        assert page.total == 3

    def test_what_was_taken_over_says_how_it_reads_now(self, world: Collecting) -> None:
        point = returned_point(world.first, "Seen alone.")
        [own] = picking.pick(
            world.agency_return, by=world.lead, chosen=[point.pk], kind="went_well"
        )
        Point.objects.filter(pk=own.pk).update(text="Children are seen alone.")

        [block] = PickingPage(world.agency_return, {}).blocks
        assert block.rows[0].taken == ["Children are seen alone."]
