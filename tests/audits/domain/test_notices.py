"""Who is told of the dates of an audit, and of their moves, with which calendar file."""

from datetime import date
from typing import Any

import pytest
from icalendar import Calendar

from agencies.models import OutboxMessage
from agencies.roles import Role
from audits.domain.audits import move_dates
from audits.domain.circulation import ask_about_cases
from audits.domain.transitions import transition
from audits.models import Audit, ReturnStage, Stage
from tests.audits.collecting import Collecting, collecting
from tests.factories import AgencyReturnFactory, CaseFactory, QuestionFactory, person

pytestmark = pytest.mark.django_db

FIRST, SECOND, MEETING = date(2026, 12, 4), date(2026, 12, 18), date(2027, 1, 12)


@pytest.fixture
def world() -> Collecting:
    world = collecting(short_name="POL", name="Fenshire Police")
    world.audit.title, world.audit.return_by = "Neglect", FIRST
    world.audit.save()
    return world


def move(world: Collecting, **dates: date | None) -> list[OutboxMessage]:
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    move_dates(
        audit=world.audit, by=world.officer, dates=dates, reason="The mother is in hospital."
    )
    world.audit.refresh_from_db()
    return list(OutboxMessage.objects.exclude(pk__in=before).order_by("to"))


def days(message: OutboxMessage) -> list[date]:
    events: list[Any] = list(Calendar.from_ical(bytes(message.calendar)).walk("VEVENT"))
    return [event["DTSTART"].dt for event in events]


def test_circulating_brings_both_dates_for_the_calendar(world: Collecting) -> None:
    world.audit.stage, world.audit.meeting_on = Stage.NOMINATING, MEETING
    world.audit.save()
    world.agency_return.case_returns.all().delete()
    QuestionFactory(toolkit=world.audit.toolkit)

    transition(world.audit, "circulate", by=world.officer)

    messages = OutboxMessage.objects.order_by("to")
    assert {each.to for each in messages} == {world.auditor.email, world.lead.email}
    assert [days(each) for each in messages] == [[FIRST, MEETING]] * 2
    assert "Please return by 4 December 2026." in messages[0].body
    assert "so is the meeting on 12 January 2027" in messages[0].body


def test_whoever_was_told_once_is_told_again_only_of_more_cases(world: Collecting) -> None:
    assert ask_about_cases(world.audit, by=world.officer) == 0
    assert OutboxMessage.objects.count() == 0
    CaseFactory(audit=world.audit)
    assert ask_about_cases(world.audit, by=world.officer) == 1
    assert OutboxMessage.objects.count() == 2


def test_a_return_date_that_moves_goes_to_those_who_owe(world: Collecting) -> None:
    settled = AgencyReturnFactory(audit=world.audit, stage=ReturnStage.SIGNED_OFF)
    person(Role.LEAD, settled.agency)

    messages = move(world, return_by=SECOND)

    assert {each.to for each in messages} == {world.auditor.email, world.lead.email}
    assert messages[0].subject == "Neglect: a new date"
    assert "Return due: Neglect (POL): now Friday 18 December 2026" in messages[0].body
    assert "mother" not in messages[0].body
    assert [days(each) for each in messages] == [[SECOND]] * 2


def test_a_meeting_that_moves_goes_to_all_who_come(world: Collecting) -> None:
    settled = AgencyReturnFactory(audit=world.audit, stage=ReturnStage.SIGNED_OFF)
    excused = AgencyReturnFactory(audit=world.audit, stage=ReturnStage.EXCUSED)
    nurse = person(Role.LEAD, settled.agency)
    chair = person(Role.CHAIR, world.partnership)
    member = person(Role.MEMBER, world.partnership)
    for role, place in ((Role.LEAD, excused.agency), (Role.BOARD, world.partnership)):
        person(role, place)
    person(Role.CHAIR, collecting().partnership)

    told = {each.to for each in move(world, meeting_on=MEETING)}

    everybody = (world.auditor, world.lead, nurse, chair, member)
    assert told == {each.email for each in everybody}


def test_two_dates_make_one_mail(world: Collecting) -> None:
    messages = move(world, return_by=SECOND, meeting_on=MEETING)

    assert [days(each) for each in messages] == [[SECOND, MEETING]] * 2


def test_a_date_taken_away_is_called_off(world: Collecting) -> None:
    move(world, meeting_on=MEETING)

    messages = move(world, meeting_on=None)

    assert "Audit meeting: Neglect: no longer on 12 January 2027" in messages[0].body
    assert b"STATUS:CANCELLED" in bytes(messages[0].calendar)


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.NOMINATING, Stage.PUBLISHED])
def test_nobody_is_told_of_dates_that_were_not_sent(world: Collecting, stage: Stage) -> None:
    Audit.objects.update(stage=stage)

    assert move(world, return_by=SECOND, meeting_on=MEETING) == []


def test_other_dates_are_nobodys_calendar(world: Collecting) -> None:
    assert move(world, report_by=MEETING, nominate_by=FIRST) == []
