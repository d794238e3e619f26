"""Points and lines that are moved, split, taken out and brought back."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from audits.models import CaseReturn, EngagementEntry, Point, PointPlacement
from tests.audits.collecting import Collecting, collecting, signed_in
from tests.audits.filling import line, post, url
from tests.factories import returned_point

pytestmark = pytest.mark.django_db


def test_points_move_and_go_with_everything_else_saved(world: Collecting) -> None:
    one, two = returned_point(world.first, "One"), returned_point(world.first, "Two")
    client = signed_in(world.auditor)
    typed = {f"point_{one.pk}": "One, changed", f"point_{two.pk}": "Two", "known": "child"}

    moved = post(client, world.first, world.auditor, **typed, do=f"up:{two.pk}:went_well")
    post(client, world.first, world.auditor, **typed, do=f"remove:{one.pk}:went_well")

    assert moved.url == f"{url(world.first)}#points-went_well"
    assert list(Point.objects.values_list("text", flat=True)) == ["Two"]
    assert CaseReturn.objects.get(pk=world.first.pk).known == "child"


@pytest.mark.parametrize(
    "do", ["up:nonsense:went_well", "remove:0d1c6f0e-5f0b-4b1e-9a7e-3f6f5f1f2a10:went_well"]
)
def test_a_point_that_is_not_there_is_404(world: Collecting, do: str) -> None:
    assert post(signed_in(world.auditor), world.first, world.auditor, do=do).status_code == 404


def test_a_point_of_another_agency_cannot_be_removed_through_ones_own_page(
    world: Collecting,
) -> None:
    other = returned_point(collecting().first, "Theirs")

    response = post(
        signed_in(world.auditor), world.first, world.auditor, do=f"remove:{other.pk}:went_well"
    )

    assert response.status_code == 404
    assert Point.objects.count() == 1


def test_a_removed_line_comes_back(world: Collecting) -> None:
    client = signed_in(world.auditor)
    pk = uuid4()
    typed = line(pk, "2025-03-01", "", "Weekly.")
    post(client, world.first, world.auditor, **typed)

    gone = post(client, world.first, world.auditor, **typed, do=f"entry:remove:{pk}")
    assert not EngagementEntry.objects.exists()
    assert gone.url == f"{url(world.first)}?removed=entry%3A{pk}#engagement"
    html = client.get(gone.url).content.decode()
    assert f'value="undo:entry:{pk}">Undo</button>' in html

    post(client, world.first, world.auditor, do=f"undo:entry:{pk}")
    assert EngagementEntry.objects.get().words == "Weekly."


def test_a_removed_point_comes_back_without_a_script(world: Collecting) -> None:
    one = returned_point(world.first, "One")
    client = signed_in(world.auditor)

    gone = post(
        client,
        world.first,
        world.auditor,
        **{f"point_{one.pk}": "One, changed"},
        do=f"remove:{one.pk}:went_well",
    )
    assert gone.url == f"{url(world.first)}?removed=point%3A{one.pk}#points-went_well"

    post(client, world.first, world.auditor, do=f"undo:point:{one.pk}")
    assert Point.objects.get(pk=one.pk).text == "One, changed"


@pytest.mark.parametrize("removed", ["point:nonsense", "answer:1", "point:", "<b>"])
def test_only_what_can_come_back_is_offered(world: Collecting, removed: str) -> None:
    html = signed_in(world.auditor).get(url(world.first), {"removed": removed}).content.decode()

    assert 'id="removed" data-maca-undo hidden' in html


def test_a_point_is_split_and_moved_with_everything_else_saved(world: Collecting) -> None:
    one = returned_point(world.first, "One")
    client = signed_in(world.auditor)
    typed = {f"point_{one.pk}": "One\nTwo", "known": "child"}

    post(client, world.first, world.auditor, **typed, do=f"split:{one.pk}:went_well")
    two = Point.objects.get(text="Two")
    typed = {f"point_{one.pk}": "One", f"point_{two.pk}": "Two", "known": "child"}
    post(client, world.first, world.auditor, **typed, do=f"list:{two.pk}:went_well:challenge")

    assert list(two.placements.values_list("kind", flat=True)) == ["challenge"]
    assert Point.objects.get(pk=one.pk).text == "One"


@pytest.mark.parametrize(
    "do",
    ["list:{pk}:went_well:nowhere", "split:nonsense:went_well", "entry:remove:{pk}", "entry:add:x"],
)
def test_what_is_not_there_to_be_done_is_404(world: Collecting, do: str) -> None:
    one = returned_point(world.first, "One")
    typed = {f"point_{one.pk}": "One"}

    response = post(
        signed_in(world.auditor), world.first, world.auditor, **typed, do=do.format(pk=one.pk)
    )

    assert response.status_code == 404


def tend(client: Client, case_return: CaseReturn, do: str) -> Any:
    return client.post(url(case_return, "case-return-tend"), {"do": do})


def test_a_script_does_one_thing_at_a_time(world: Collecting) -> None:
    one, two = returned_point(world.first, "One"), returned_point(world.first, "Two")
    client = signed_in(world.auditor)

    moved = tend(client, world.first, f"list:{two.pk}:went_well:went_well:0")
    gone = tend(client, world.first, f"remove:{one.pk}:went_well")
    back = tend(client, world.first, f"undo:point:{one.pk}")

    assert moved.json() == {"words": "", "removed": "", "text": "", "refused": False}
    assert gone.json()["removed"] == f"point:{one.pk}"
    assert (back.json()["text"], back.json()["refused"]) == ("One", False)
    listed = PointPlacement.objects.filter(kind="went_well").order_by("position")
    assert [each.point.text for each in listed] == ["Two", "One"]
    assert tend(client, world.first, f"undo:point:{one.pk}").json()["refused"] is True


def test_what_the_meeting_adopted_is_refused_in_words(world: Collecting) -> None:
    one = returned_point(world.first, "One")
    PointPlacement.objects.create(point=one, kind="went_well", agreed=True)

    said = tend(signed_in(world.auditor), world.first, f"remove:{one.pk}:went_well").json()

    assert (said["refused"], Point.objects.count()) == (True, 1)
    assert said["words"] == "The meeting has adopted this point: take it out there first."
