"""Saving while one types makes one entry of the activity a person, return and sitting."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.models import Activity
from audits.domain import points
from audits.domain.removal import remove_point
from audits.domain.sittings import SITTING, WROTE
from tests.audits.collecting import Collecting, answered, collecting, signed_in
from tests.factories import returned_point

pytestmark = pytest.mark.django_db

LATER = SITTING + timedelta(minutes=1)


@pytest.fixture
def world() -> Collecting:
    world = collecting(cases=2)
    for each in world.case_returns:
        answered(world, each)
    return world


def entries() -> list[tuple[str, str]]:
    rows = Activity.objects.filter(verb=WROTE).order_by("pk")
    return list(rows.values_list("subject_id", "by__name"))


def save(world: Collecting, number: int = 0, name: str = "engagement_past") -> None:
    row = world.case_returns[number]
    address = reverse("case-return-save", args=[row.agency_return_id, row.pk])
    sent = {name: "Two visits.", "basis": "{}"}
    signed_in(world.auditor).post(address, sent, headers={"Accept": "application/json"})


def test_starting_a_case_is_the_entry_of_its_sitting(world: Collecting) -> None:
    save(world)
    assert entries() == []


def test_a_sitting_has_one_entry_however_much_is_written(world: Collecting) -> None:
    with time_machine.travel(timezone.now() + LATER):
        for number in (0, 1):
            save(world, number)
        point = returned_point(world.first, "The child was seen.")
        points.split(point, kind="went_well", by=world.auditor)
        remove_point(point, by=world.auditor)
    assert entries() == [(str(world.agency_return.pk), world.auditor.name)]


def test_the_next_sitting_and_the_next_person_have_their_own(world: Collecting) -> None:
    for sitting, name in enumerate(("engagement_past", "engagement_present"), 1):
        with time_machine.travel(timezone.now() + sitting * LATER):
            save(world, name=name)
    row = world.case_returns[1]
    with time_machine.travel(timezone.now() + 2 * LATER):
        remove_point(returned_point(row, "Said by the lead."), by=world.lead)
    assert [name for _, name in entries()] == [
        world.auditor.name,
        world.auditor.name,
        world.lead.name,
    ]


@pytest.mark.django_db(transaction=True)
def test_the_first_save_of_a_sitting_takes_two_queries_more_and_never_more_than_ten() -> None:
    world = collecting(cases=2)
    for each in world.case_returns:
        answered(world, each)
    row = world.first
    address = reverse("case-return-save", args=[row.agency_return_id, row.pk])
    counts = []
    with time_machine.travel(timezone.now() + LATER, tick=False):
        client = signed_in(world.auditor)
        for name in ("engagement_past", "engagement_present"):
            with CaptureQueriesContext(connection) as captured:
                answer = client.post(
                    address, {name: "Two visits."}, headers={"Accept": "application/json"}
                )
            assert answer.status_code == 200
            counts.append(len(captured))
    assert counts == [10, 8]
    assert len(entries()) == 1
