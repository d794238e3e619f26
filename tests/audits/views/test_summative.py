"""Writing the summative report: two writers, a return closed meanwhile, the points' own tools."""

from typing import Any

import pytest
from django.urls import reverse

from audits.domain.transitions import transition
from audits.models import AgencyReturn, Point
from tests.audits.collecting import Collecting, collecting, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=1)


def address(world: Collecting) -> str:
    return reverse("summative-edit", args=[world.agency_return.pk])


def typed(basis: object, do: str = "stay", **fields: Any) -> dict[str, Any]:
    rows = {"actions-TOTAL_FORMS": "0", "actions-INITIAL_FORMS": "0"}
    return {"basis": str(basis), "do": do, **rows, **fields}


def open_sheet(world: Collecting) -> object:
    return signed_in(world.lead).get(address(world)).context["basis"]


def overview() -> str:
    return AgencyReturn.objects.get().overview


def test_two_writers_see_both_texts_and_choose(world: Collecting) -> None:
    client = signed_in(world.lead)
    old = open_sheet(world)
    client.post(address(world), typed(old, overview="Theirs."))

    refused = client.post(address(world), typed(old, overview="Mine."))

    assert "Theirs." in refused.content.decode()
    assert "Mine." in refused.content.decode()
    assert overview() == "Theirs."
    client.post(address(world), typed(refused.context["basis"], overview="Mine."))
    assert overview() == "Mine."


def test_a_return_closed_meanwhile_keeps_what_was_typed_on_the_page(world: Collecting) -> None:
    basis = open_sheet(world)
    transition(world.agency_return, "decline", by=world.lead, reason="No capacity this year.")

    refused = signed_in(world.lead).post(address(world), typed(basis, overview="Just typed."))

    assert "Just typed." in refused.content.decode()
    assert overview() == ""


class TestPoints:
    @pytest.fixture
    def points(self, world: Collecting) -> list[Point]:
        signed_in(world.lead).post(
            address(world),
            typed(open_sheet(world), "add:went_well", overview="", new_went_well="One.\nTwo."),
        )
        return list(Point.objects.order_by("placements__position"))

    def send(self, world: Collecting, do: str) -> Any:
        texts = {f"point_{point.pk}": point.text for point in Point.objects.all()}
        return signed_in(world.lead).post(
            address(world), typed(open_sheet(world), do, overview="", **texts)
        )

    def test_lines_become_points(self, points: list[Point]) -> None:
        assert [point.text for point in points] == ["One.", "Two."]

    def test_one_moves_up(self, world: Collecting, points: list[Point]) -> None:
        answer = self.send(world, f"up:{points[1].pk}:went_well")
        assert answer.url == f"{address(world)}#points-went_well"
        texts = Point.objects.order_by("placements__position").values_list("text", flat=True)
        assert list(texts) == ["Two.", "One."]

    def test_one_is_removed(self, world: Collecting, points: list[Point]) -> None:
        self.send(world, f"remove:{points[0].pk}:went_well")
        assert list(Point.objects.values_list("text", flat=True)) == ["Two."]

    def test_what_was_removed_comes_back(self, world: Collecting, points: list[Point]) -> None:
        gone = self.send(world, f"remove:{points[0].pk}:went_well")
        html = signed_in(world.lead).get(gone.url).content.decode()
        assert "The point was removed." in html
        assert f'value="undo:point:{points[0].pk}"' in html

        self.send(world, f"undo:point:{points[0].pk}")
        texts = Point.objects.order_by("placements__position").values_list("text", flat=True)
        assert list(texts) == ["One.", "Two."]

    def test_one_opens_on_a_page_of_its_own(self, world: Collecting, points: list[Point]) -> None:
        answer = self.send(world, f"point:{points[0].pk}:went_well")
        assert answer.url == reverse("point-update", args=[world.agency_return.pk, points[0].pk])

    def test_a_point_that_is_not_of_this_report_is_not_found(self, world: Collecting) -> None:
        stranger = "up:00000000-0000-4000-8000-000000000000:went_well"
        assert self.send(world, stranger).status_code == 404
