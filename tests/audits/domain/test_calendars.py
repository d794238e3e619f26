"""Calendar files, read back as a calendar would read them."""

from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from agencies.roles import Role
from audits.domain import calendars, time_requests
from audits.domain.audits import move_dates
from audits.domain.calendars import Dated
from audits.models import Audit
from tests.audits.collecting import Collecting, collecting
from tests.factories import AgencyReturnFactory, person

pytestmark = pytest.mark.django_db

FIRST, SECOND = date(2026, 12, 4), date(2026, 12, 18)


@pytest.fixture
def world() -> Collecting:
    world = collecting(short_name="POL")
    world.audit.title, world.audit.return_by = "Neglect; home, and school", FIRST
    world.audit.save()
    return world


def read(events: list[Dated]) -> list[Any]:
    return list(Calendar.from_ical(calendars.written(events)).walk("VEVENT"))


def move(world: Collecting, field: str, day: date | None) -> None:
    dates = {field: day}
    move_dates(audit=world.audit, by=world.officer, dates=dates, reason="Half-term.")
    world.audit.refresh_from_db()


def test_a_return_is_due_on_a_day(world: Collecting) -> None:
    (event,) = read(calendars.return_due(world.agency_return))

    assert str(event["SUMMARY"]) == "Return due: Neglect; home, and school (POL)"
    assert event["DTSTART"].dt == FIRST
    assert event["DTEND"].dt == FIRST + timedelta(days=1)
    assert str(event["UID"]) == f"return-{world.agency_return.pk}@maca"
    assert (event["SEQUENCE"], event["STATUS"], event["TRANSP"]) == (0, "CONFIRMED", "TRANSPARENT")
    assert str(event["URL"]).endswith(f"/returns/{world.agency_return.pk}/")


def test_the_file_is_one_that_calendars_take(world: Collecting) -> None:
    written = calendars.written(calendars.return_due(world.agency_return))

    assert written.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"METHOD:PUBLISH\r\n" in written
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


def test_a_move_keeps_the_identity_and_raises_the_number(world: Collecting) -> None:
    (before,) = calendars.return_due(world.agency_return)
    move(world, "return_by", SECOND)
    world.agency_return.refresh_from_db()

    (after,) = calendars.return_due(world.agency_return)

    assert (after.uid, after.day, after.sequence) == (before.uid, SECOND, before.sequence + 1)


def test_time_of_its_own_raises_it_too(world: Collecting) -> None:
    time_requests.give(world.agency_return, by=world.officer, until=SECOND)
    world.agency_return.refresh_from_db()

    (event,) = calendars.return_due(world.agency_return)

    assert (event.day, event.sequence) == (SECOND, 1)


def test_a_date_taken_away_is_called_off_and_a_new_one_outruns_that(world: Collecting) -> None:
    assert calendars.meeting(world.audit) == []
    numbers = []
    for day in (FIRST, None, SECOND, FIRST, None, SECOND):
        move(world, "meeting_on", day)
        (event,) = calendars.meeting(world.audit)
        numbers.append((event.sequence, event.day, event.cancelled))

    assert numbers == [
        (0, FIRST, False),
        (1, FIRST, True),
        (2, SECOND, False),
        (3, FIRST, False),
        (4, FIRST, True),
        (5, SECOND, False),
    ]
    assert read(calendars.meeting(world.audit))[0]["STATUS"] == "CONFIRMED"


def test_what_is_called_off_says_so(world: Collecting) -> None:
    move(world, "meeting_on", FIRST)
    move(world, "meeting_on", None)

    (event,) = read(calendars.meeting(world.audit))

    assert (event["STATUS"], event["DTSTART"].dt) == ("CANCELLED", FIRST)


def test_each_person_gets_the_dates_that_concern_them(world: Collecting) -> None:
    Audit.objects.update(meeting_on=SECOND)
    world.audit.refresh_from_db()
    other = AgencyReturnFactory(audit=world.audit)
    people = {
        "lead": world.lead,
        "other": person(Role.AUDITOR, other.agency),
        "officer": world.officer,
        "chair": person(Role.CHAIR, world.partnership),
        "member": person(Role.MEMBER, world.partnership),
    }

    found = {
        name: [event.uid.split("@")[0] for event in calendars.for_person(world.audit, who)]
        for name, who in people.items()
    }

    meeting, returns = f"meeting-{world.audit.pk}", f"returns-{world.audit.pk}"
    assert found == {
        "lead": [f"return-{world.agency_return.pk}", meeting],
        "other": [f"return-{other.pk}", meeting],
        "officer": [returns, meeting],
        "chair": [returns, meeting],
        "member": [meeting],
    }
