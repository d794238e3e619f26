"""Points that a page's script sends: made once, and nobody else's."""

import json
from uuid import uuid4

import pytest

from agencies.models import User
from audits.domain import removal
from audits.models import CaseReturn, Point, TextRevision
from tests.audits.collecting import Collecting, answered, signed_in
from tests.audits.saving import basis, save
from tests.factories import returned_point

pytestmark = pytest.mark.django_db


def test_a_new_point_is_made_once_however_often_it_is_sent(world: Collecting) -> None:
    client = signed_in(world.auditor)
    pk = uuid4()
    sent = {f"point_{pk}": "Seen early.", f"kind_{pk}": "went_well"}

    for _ in range(2):
        assert save(client, world.first, **sent).status_code == 200
    longer = json.dumps(
        {f"point:{pk}": save(client, world.first, **sent).json()["basis"][f"point:{pk}"]}
    )
    save(client, world.first, basis=longer, **{f"point_{pk}": "Seen very early."})

    point = Point.objects.get()
    assert (point.pk, point.text, point.written_by) == (pk, "Seen very early.", world.auditor)
    assert list(point.placements.values_list("kind", flat=True)) == ["went_well"]
    assert [each.words for each in TextRevision.objects.order_by("pk")] == [
        "Seen early.",
        "Seen very early.",
    ]


def test_an_empty_box_for_a_new_point_makes_none_and_is_no_mistake(world: Collecting) -> None:
    pk = uuid4()
    answer = save(
        signed_in(world.auditor), world.first, **{f"point_{pk}": " ", f"kind_{pk}": "went_well"}
    )
    assert answer.status_code == 200
    assert not Point.objects.exists()
    assert CaseReturn.objects.get(pk=world.first.pk).stage == "not_started"


def test_a_point_that_somebody_took_out_is_a_conflict_and_can_be_kept(world: Collecting) -> None:
    answered(world, world.first)
    point = returned_point(world.first, "Seen early.")
    seen = basis(world.first, world.auditor)
    remove(world.lead, point)

    answer = save(
        signed_in(world.auditor), world.first, basis=seen, **{f"point_{point.pk}": "Seen late."}
    )

    (conflict,) = answer.json()["conflicts"]
    assert (conflict["gone"], conflict["theirs"], conflict["mine"]) == (True, "", "Seen late.")
    assert not Point.objects.exists()
    marks = json.dumps(answer.json()["basis"])
    kept = save(
        signed_in(world.auditor), world.first, basis=marks, **{f"point_{point.pk}": "Seen late."}
    )
    assert kept.status_code == 200
    back = Point.objects.get()
    assert (back.pk, back.text, back.placements.get().kind) == (point.pk, "Seen late.", "went_well")


def test_a_point_written_afresh_is_not_taken_for_the_one_somebody_saw(world: Collecting) -> None:
    """It counts its revisions from one again; what it says is what tells."""
    answered(world, world.first)
    client, colleague = signed_in(world.auditor), signed_in(world.lead)
    pk = uuid4()
    field_name = f"point_{pk}"
    first = save(client, world.first, **{field_name: "Seen early.", f"kind_{pk}": "went_well"})
    seen = json.dumps(first.json()["basis"])
    remove(world.lead, Point.objects.get())
    afresh = {field_name: "Written afresh.", f"kind_{pk}": "went_well"}
    assert save(colleague, world.first, **afresh).status_code == 200

    answer = save(client, world.first, basis=seen, **{field_name: "Seen late."})

    assert (answer.status_code, Point.objects.get().text) == (409, "Written afresh.")


def remove(user: User, point: Point) -> None:
    removal.remove_point(point, by=user)


def test_a_point_of_another_case_is_refused(world: Collecting) -> None:
    point = returned_point(world.case_returns[1], "Elsewhere.")
    answer = save(signed_in(world.auditor), world.first, **{f"point_{point.pk}": "Mine."})
    assert answer.status_code == 403
    assert Point.objects.get().text == "Elsewhere."
