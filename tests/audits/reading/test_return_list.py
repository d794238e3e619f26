"""The order of the returns, and what the officer alone is told of each."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.domain import activity
from agencies.models import User
from agencies.roles import Role
from audits.domain import reminders, time_requests
from audits.domain.transitions import transition
from audits.models import AgencyReturn, CaseReturnStage, ReturnStage, Stage
from audits.reading.return_list import Group, ReturnRow, groups, return_rows
from tests.audits.collecting import Collecting, collecting
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    CaseReturnFactory,
    UserFactory,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=3, name="Police")


def join(world: Collecting, name: str, **fields: Any) -> AgencyReturn:
    agency = AgencyFactory(partnership=world.partnership, name=name)
    row: AgencyReturn = AgencyReturnFactory(audit=world.audit, agency=agency, **fields)
    return row


def days(number: int) -> Any:
    return timezone.localdate() + timedelta(days=number)


def names(group: Group) -> list[str]:
    return [row.agency_return.agency.name for row in group.rows]


def row_of(world: Collecting, user: User | None = None) -> ReturnRow:
    rows = return_rows(world.audit, user or world.officer)
    return next(row for row in rows if row.agency_return == world.agency_return)


def test_the_late_first_then_by_date_and_what_is_in_last(world: Collecting) -> None:
    world.audit.return_by = days(-3)
    world.audit.save()
    join(world, "Early Help", extended_to=days(-1))
    join(world, "Housing", extended_to=days(5))
    join(world, "Health", extended_to=days(2))
    join(world, "School", stage=ReturnStage.NIL)
    join(world, "Ambulance")

    found: list[Group] = groups(return_rows(world.audit, world.officer))

    assert [
        (each.title, [row.agency_return.agency.name for row in each.rows]) for each in found
    ] == [
        ("Late", ["Ambulance", "Police", "Early Help"]),
        ("Still to come", ["Health", "Housing"]),
        ("In", ["School"]),
    ]
    assert [row.days for each in found[:2] for row in each.rows] == [
        "3 days late",
        "3 days late",
        "1 day late",
        "in 2 days",
        "in 5 days",
    ]


@pytest.mark.parametrize(("left", "words"), [(0, "today"), (1, "tomorrow"), (None, "")])
def test_how_far_off(world: Collecting, left: int | None, words: str) -> None:
    world.audit.return_by = None if left is None else days(left)
    world.audit.save()

    assert row_of(world).days == words


def test_from_the_meeting_on_nothing_is_late(world: Collecting) -> None:
    world.audit.return_by, world.audit.stage = days(-3), Stage.MEETING
    world.audit.save()

    assert [each.title for each in groups(return_rows(world.audit, world.officer))] == [
        "Still to come"
    ]
    assert not row_of(world).owes


def test_with_whom_what_is_left(world: Collecting) -> None:
    first, second, third = world.case_returns
    first.stage = CaseReturnStage.NOT_KNOWN
    first.save()
    second.auditor = world.auditor
    second.save()

    assert row_of(world).left == [(world.auditor.name, 1), ("", 1)]
    assert third.auditor is None


def test_since_when_who_was_reminded_and_who_asks(world: Collecting) -> None:
    assert (row_of(world).asked_at, row_of(world).reminder) == (None, None)
    transition(world.agency_return, "decline", by=world.lead, reason="Closed.")
    transition(world.agency_return, "reopen", by=world.officer, reason="It is open.")
    activity.record(
        reminders.REMINDED,
        by=world.officer,
        partnership=world.partnership,
        subject=world.agency_return,
        audit_id=world.audit.pk,
    )
    request = time_requests.ask(world.agency_return, by=world.lead, days=1, reason="One.")

    row = row_of(world)

    assert timezone.localdate(row.asked_at) == timezone.localdate()
    assert row.reminder is not None
    assert (row.reminder.by, row.reminder.by_hand) == (world.officer.name, True)
    assert row.time_request == request.pk
    assert row.reason == "It is open."


def test_the_chair_and_the_agency_are_told_less(world: Collecting) -> None:
    time_requests.ask(world.agency_return, by=world.lead, days=1, reason="One.")
    for who in (person(Role.CHAIR, world.partnership), world.lead):
        row = row_of(world, who)
        assert (row.left, row.reminder, row.time_request) == ([], None, None)


def test_a_date_of_its_own(world: Collecting) -> None:
    assert not row_of(world).has_own_date
    world.agency_return.extended_to = days(60)
    world.agency_return.save()
    assert row_of(world).has_own_date
    CaseReturnFactory(agency_return=world.agency_return)
    assert row_of(world).total == 4


def test_who_has_no_account_is_said_and_an_agency_of_such_cannot_be_written_to(
    world: Collecting,
) -> None:
    gone = UserFactory(name="Ellen Crosby")
    world.first.auditor = gone
    world.first.save()
    joined = join(world, "Housing")
    CaseReturnFactory(agency_return=joined, auditor=gone)

    rows = {row.agency_return: row for row in return_rows(world.audit, world.officer)}

    assert rows[world.agency_return].reachable
    assert ("Ellen Crosby (no account)", 1) in rows[world.agency_return].left
    assert not rows[joined].reachable
    assert rows[joined].left == [("Ellen Crosby (no account)", 1)]
