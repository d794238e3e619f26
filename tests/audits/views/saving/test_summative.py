"""The summative report, saved as it is written."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from audits.models import AgencyReturn, Point, RestorativeAction, TextRevision
from tests.audits.collecting import Collecting, signed_in

pytestmark = pytest.mark.django_db


def save_report(client: Any, world: Collecting, **sent: Any) -> Any:
    return client.post(
        reverse("summative-save", args=[world.agency_return.pk]),
        sent,
        headers={"Accept": "application/json"},
    )


def line(number: int, pk: int | str = "", **words: str) -> dict[str, str]:
    said = {"pk": str(pk), "text": "", "owner": "", "due_on": "", "measure": "", **words}
    return {f"actions-{number}-{name}": value for name, value in said.items()}


def test_the_report_is_saved_as_it_is_written(world: Collecting) -> None:
    client = signed_in(world.lead)
    pk = uuid4()
    sent = {
        "overview": "Better than last year.",
        f"point_{pk}": "Seen early.",
        f"kind_{pk}": "went_well",
        **line(0, text="Train the desk.", owner="Head of training", due_on="2026-05-01"),
    }

    first, again = save_report(client, world, **sent), save_report(client, world, **sent)

    action = RestorativeAction.objects.get()
    assert (first.status_code, again.status_code) == (200, 200)
    assert (action.text, action.owner, str(action.due_on)) == (
        "Train the desk.",
        "Head of training",
        "2026-05-01",
    )
    assert first.json()["made"] == again.json()["made"] == {"0": action.pk}
    assert first.json()["basis"] == again.json()["basis"]
    assert sorted(first.json()["basis"]) == [f"action:{action.pk}", "overview", f"point:{pk}"]
    assert TextRevision.objects.count() == 3
    assert Point.objects.get().origin == "summative"


def test_two_who_change_the_same_action_are_told(world: Collecting) -> None:
    client = signed_in(world.lead)
    told = save_report(client, world, **line(0, text="Train the desk.")).json()
    pk, seen = told["made"]["0"], json.dumps(told["basis"])
    save_report(signed_in(world.officer), world, basis=seen, **line(0, pk, text="Train all desks."))

    answer = save_report(
        client, world, basis=seen, **line(3, pk, text="Train the desk.", owner="Head")
    )

    assert answer.status_code == 409
    (conflict,) = answer.json()["conflicts"]
    assert (conflict["mine"], conflict["theirs"], conflict["by"]) == (
        "Train the desk.\nBy whom: Head",
        "Train all desks.",
        world.officer.name,
    )
    assert conflict["fields"] == {
        "actions-3-text": "Train all desks.",
        "actions-3-owner": "",
        "actions-3-due_on": "",
        "actions-3-measure": "",
    }
    assert RestorativeAction.objects.get().text == "Train all desks."


def test_an_emptied_line_goes_and_can_be_written_again(world: Collecting) -> None:
    client = signed_in(world.lead)
    told = save_report(client, world, **line(0, text="Train.")).json()
    pk = told["made"]["0"]
    gone = save_report(client, world, basis=json.dumps(told["basis"]), **line(0, pk))
    assert (gone.status_code, RestorativeAction.objects.count()) == (200, 0)

    back = save_report(
        client, world, basis=json.dumps(gone.json()["basis"]), **line(0, pk, text="Train all.")
    )

    assert back.status_code == 200
    assert RestorativeAction.objects.get().text == "Train all."


def test_a_line_without_what_will_be_done_is_answered_beside_it(world: Collecting) -> None:
    answer = save_report(
        signed_in(world.lead), world, overview="Said.", **line(1, owner="Head", due_on="soon")
    )
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"actions-1-text", "actions-1-due_on"}
    assert AgencyReturn.objects.get().overview == "Said."


def test_an_auditor_does_not_write_the_report(world: Collecting) -> None:
    assert save_report(signed_in(world.auditor), world, overview="Mine.").status_code == 403
