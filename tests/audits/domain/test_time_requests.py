"""An agency asks for days; the officer answers; the date of that agency alone moves."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies.domain.refusal import RefusedError
from agencies.models import Activity, OutboxMessage
from agencies.roles import Role
from audits.domain import time_requests
from audits.models import AgencyReturn, ReturnStage, Stage, TimeRequest
from tests.audits.collecting import Collecting, collecting
from tests.factories import AgencyReturnFactory, person, put_at

pytestmark = pytest.mark.django_db

REASON = "The sister has no social worker yet."


@pytest.fixture
def world() -> Collecting:
    return collecting(name="Fenshire Police", short_name="Police")


def ask(world: Collecting, days: int = 5) -> TimeRequest:
    return time_requests.ask(world.agency_return, by=world.lead, days=days, reason=f" {REASON} ")


def due(world: Collecting) -> date:
    assert world.audit.return_by is not None
    return world.audit.return_by


def fresh(world: Collecting) -> AgencyReturn:
    return AgencyReturn.objects.select_related("audit").get(pk=world.agency_return.pk)


def mails() -> list[tuple[str, str]]:
    return sorted(OutboxMessage.objects.values_list("to", "subject"))


def verbs() -> list[str]:
    return list(Activity.objects.order_by("pk").values_list("verb", flat=True))


def test_asking_tells_the_officer_at_once_and_not_why(world: Collecting) -> None:
    request = ask(world)

    assert (request.days, request.reason, request.answer) == (5, REASON, "waiting")
    (message,) = OutboxMessage.objects.all()
    assert (message.to, message.subject) == (world.officer.email, "Police asks for more time")
    assert "Fenshire Police asks for 5 more days" in message.body
    assert f"due by {due(world):%-d %B %Y}" in message.body
    assert "sister" not in message.body
    assert verbs() == ["asked for more time"]
    assert fresh(world).due_on == due(world)


def test_granting_moves_the_date_of_that_agency_alone(world: Collecting) -> None:
    other = AgencyReturnFactory(audit=world.audit)
    until = due(world) + timedelta(days=3)

    request = time_requests.grant(ask(world), by=world.officer, until=until, reason="Three.")

    assert (request.answer, request.granted_until, request.answered_by) == (
        "granted",
        until,
        world.officer,
    )
    assert request.answered_at is not None
    assert fresh(world).due_on == until
    assert AgencyReturn.objects.select_related("audit").get(pk=other.pk).due_on == due(world)
    subject = "Your agency was given more time"
    assert set(mails()) >= {(world.auditor.email, subject), (world.lead.email, subject)}
    message = OutboxMessage.objects.get(to=world.lead.email)
    assert f"is now due by {until:%-d %B %Y}" in message.body
    assert "Three." not in message.body
    assert f"DTSTART;VALUE=DATE:{until:%Y%m%d}".encode() in bytes(message.calendar)
    assert verbs()[-1] == "gave an agency more time"


def test_refusing_leaves_it_and_says_so(world: Collecting) -> None:
    time_requests.refuse(ask(world), by=world.officer, reason="The meeting is fixed.")

    assert fresh(world).due_on == due(world)
    message = OutboxMessage.objects.get(to=world.lead.email)
    assert message.subject == "Your agency was not given more time"
    assert f"stays due by {due(world):%-d %B %Y}" in message.body
    assert "fixed" not in message.body
    assert bytes(message.calendar) == b""
    assert verbs()[-1] == "did not give an agency more time"


def test_one_request_at_a_time_and_one_answer(world: Collecting) -> None:
    request = ask(world)

    with pytest.raises(RefusedError, match="waits for an answer"):
        ask(world)
    time_requests.refuse(request, by=world.officer, reason="No.")
    with pytest.raises(RefusedError, match="has answered this already"):
        time_requests.grant(request, by=world.officer, until=due(world) + timedelta(days=9))
    assert ask(world).answer == TimeRequest.Answer.WAITING


def test_who_may(world: Collecting) -> None:
    stranger = person(Role.LEAD, AgencyReturnFactory(audit=world.audit).agency)
    for who in (world.auditor, world.officer, stranger):
        with pytest.raises(PermissionDenied):
            time_requests.ask(world.agency_return, by=who, days=1, reason="Please.")
    request = ask(world)
    later = due(world) + timedelta(days=1)
    for who in (world.lead, person(Role.CHAIR, world.partnership)):
        with pytest.raises(PermissionDenied):
            time_requests.grant(request, by=who, until=later)
        with pytest.raises(PermissionDenied):
            time_requests.refuse(request, by=who, reason="No.")
        with pytest.raises(PermissionDenied):
            time_requests.give(world.agency_return, by=who, until=later)


@pytest.mark.parametrize("stage", [Stage.NOMINATING, Stage.MEETING])
def test_only_while_it_is_owed(world: Collecting, stage: Stage) -> None:
    request = ask(world)
    world.audit.stage = stage
    world.audit.save()

    with pytest.raises(RefusedError, match="no longer owed"):
        time_requests.grant(request, by=world.officer, until=due(world) + timedelta(days=1))
    request.delete()
    with pytest.raises(RefusedError, match="no longer owed"):
        ask(world)


def test_not_of_what_is_in_and_not_without_a_date(world: Collecting) -> None:
    put_at(world.agency_return, ReturnStage.NIL)
    with pytest.raises(RefusedError, match="no longer owed"):
        ask(world)

    put_at(world.agency_return, ReturnStage.OPEN)
    world.audit.return_by = None
    world.audit.save()
    with pytest.raises(RefusedError, match="no date yet"):
        ask(world)
    assert time_requests.new_day(fresh(world), 3) is None


def test_days_count_from_the_due_day_or_from_today_once_it_has_passed(world: Collecting) -> None:
    assert time_requests.new_day(world.agency_return, 3) == due(world) + timedelta(days=3)
    today = timezone.localdate()
    world.audit.return_by = today - timedelta(days=4)
    assert time_requests.new_day(world.agency_return, 3) == today + timedelta(days=3)


def test_a_later_date_of_the_audit_outruns_it(world: Collecting) -> None:
    time_requests.grant(ask(world), by=world.officer, until=due(world) + timedelta(days=3))
    world.audit.return_by = due(world) + timedelta(days=30)
    world.audit.save()

    assert fresh(world).due_on == world.audit.return_by


def test_what_is_given_answers_what_was_asked(world: Collecting) -> None:
    until = due(world) + timedelta(days=2)

    given = time_requests.give(world.agency_return, by=world.officer, until=until, reason="Rang.")
    assert (given.days, given.asked_by, given.answered_by) == (2, world.officer, world.officer)

    request = ask(world)
    given = time_requests.give(world.agency_return, by=world.officer, until=until + timedelta(9))
    assert (given.pk, given.days, given.asked_by) == (request.pk, 5, world.lead)
    assert not TimeRequest.objects.waiting().exists()


def test_the_reason_is_the_agencys_and_the_officers(world: Collecting) -> None:
    ask(world)
    readers = (world.lead, world.auditor, world.officer)
    others = (
        person(Role.CHAIR, world.partnership),
        person(Role.MEMBER, world.partnership),
        person(Role.ADMIN, world.partnership),
        collecting().officer,
    )

    assert [TimeRequest.objects.visible_to(who).count() for who in readers] == [1, 1, 1]
    assert [TimeRequest.objects.visible_to(who).count() for who in others] == [0, 0, 0, 0]
