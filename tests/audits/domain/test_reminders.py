"""Who is reminded by hand of which return, and that two presses write once."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agencies.models import Activity, OutboxMessage
from agencies.roles import Role
from audits.domain.digests import REMINDED as BY_DAILY_MAIL
from audits.domain.reminders import REMINDED, last_reminders, owing, remind
from audits.models import CaseReturnStage, ReturnStage, Stage
from tests.audits.collecting import Collecting, collecting
from tests.factories import AgencyReturnFactory, CaseReturnFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2, name="Fenshire Police")


def names(world: Collecting) -> list[str]:
    return [who.email for each in owing(world.audit) for who in each.people]


def press(world: Collecting, seen_at: datetime | None = None) -> None:
    returns = set(world.audit.agency_returns.values_list("pk", flat=True))
    remind(world.audit, by=world.officer, returns=returns, seen_at=seen_at or timezone.now())


def test_everybody_where_a_case_has_no_auditor(world: Collecting) -> None:
    colleague = person(Role.AUDITOR, world.agency)

    assert set(names(world)) == {world.auditor.email, world.lead.email, colleague.email}


def test_the_auditors_of_what_is_left_and_the_lead(world: Collecting) -> None:
    person(Role.AUDITOR, world.agency)
    for case_return in world.case_returns:
        case_return.auditor = world.auditor
        case_return.save()

    assert set(names(world)) == {world.auditor.email, world.lead.email}
    world.agency_return.case_returns.update(stage=CaseReturnStage.COMPLETE)
    assert names(world) == [world.lead.email]


def test_a_case_whose_auditor_has_left_is_everybodys(world: Collecting) -> None:
    leaver, colleague = person(Role.AUDITOR, world.agency), person(Role.AUDITOR, world.agency)
    world.agency_return.case_returns.update(auditor=leaver)
    leaver.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert set(names(world)) == {world.auditor.email, world.lead.email, colleague.email}


def test_everybody_where_nobody_leads_and_nobody_where_nobody_answers(world: Collecting) -> None:
    world.agency_return.case_returns.update(stage=CaseReturnStage.COMPLETE)
    world.lead.memberships.all().delete()
    assert names(world) == [world.auditor.email]

    world.auditor.is_active = False
    world.auditor.save()
    assert names(world) == []


def test_only_what_is_owed(world: Collecting) -> None:
    AgencyReturnFactory(audit=world.audit, stage=ReturnStage.EXCUSED)
    assert [each.agency for each in owing(world.audit)] == [world.agency]

    world.audit.stage = Stage.MEETING
    world.audit.save()
    assert owing(world.audit) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_four_queries_whatever_the_number(
    rows: int, world: Collecting, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows - 1):
        other = AgencyReturnFactory(audit=world.audit)
        CaseReturnFactory(agency_return=other)
        person(Role.LEAD, other.agency)

    with django_assert_num_queries(3):
        assert len([who for each in owing(world.audit) for who in each.people]) == rows + 1


def test_each_gets_a_mail_and_the_activity_says_who_reminded(world: Collecting) -> None:
    other = AgencyReturnFactory(audit=world.audit)
    unreached = AgencyReturnFactory(audit=world.audit)
    nurse = person(Role.LEAD, other.agency)
    returns = {world.agency_return.pk, other.pk, unreached.pk}

    done = remind(world.audit, by=world.officer, returns=returns, seen_at=timezone.now())

    assert (done.people, done.unanswered, done.meanwhile) == (3, [unreached.agency], [])
    assert set(done.agencies) == {world.agency, other.agency}
    messages = OutboxMessage.objects.all()
    assert {each.to for each in messages} == {world.auditor.email, world.lead.email, nurse.email}
    assert {each.partnership for each in messages} == {world.partnership}
    activity = Activity.objects.filter(verb=REMINDED)
    assert {(each.subject_id, each.by) for each in activity} == {
        (str(world.agency_return.pk), world.officer),
        (str(other.pk), world.officer),
    }


def test_the_words_say_what_is_due_and_when(world: Collecting) -> None:
    press(world)

    message = OutboxMessage.objects.get(to=world.lead.email)
    due = f"{world.audit.return_by:%-d %B %Y}"
    assert message.subject == f"A return is due by {due}"
    assert (
        f"The return of Fenshire Police to the audit “{world.audit.title}” is still open. "
        f"It is due by {due}." in message.body
    )
    assert "your agency’s lead can ask for it on that page" in message.body


def test_a_late_one_says_so_by_its_own_date(world: Collecting) -> None:
    world.audit.return_by = timezone.localdate() - timedelta(days=9)
    world.audit.save()
    own = timezone.localdate() - timedelta(days=1)
    world.agency_return.extended_to = own
    world.agency_return.save()

    press(world)

    message = OutboxMessage.objects.get(to=world.lead.email)
    assert message.subject == f"A return is late: it was due by {own:%-d %B %Y}"


def test_a_second_press_on_the_same_preview_writes_to_nobody(world: Collecting) -> None:
    seen_at = timezone.now()
    press(world, seen_at)

    done = remind(world.audit, by=world.officer, returns={world.agency_return.pk}, seen_at=seen_at)

    assert (done.people, done.agencies, done.meanwhile) == (0, [], [world.agency])
    assert OutboxMessage.objects.count() == 2


def test_again_on_purpose(world: Collecting) -> None:
    press(world)
    press(world)

    assert OutboxMessage.objects.count() == 4
    assert len(set(OutboxMessage.objects.values_list("key", flat=True))) == 4


def test_nobody_but_the_officer(world: Collecting) -> None:
    with pytest.raises(PermissionDenied):
        remind(world.audit, by=world.lead, returns=set(), seen_at=timezone.now())


def test_the_last_reminder_and_whose_it_was(world: Collecting) -> None:
    from agencies.domain import activity

    for verb, by in ((BY_DAILY_MAIL, None), (REMINDED, world.officer)):
        activity.record(
            verb,
            by=by,
            partnership=world.partnership,
            subject=world.agency_return,
            audit_id=world.audit.pk,
        )
        last = last_reminders(world.audit)[str(world.agency_return.pk)]
        assert (last.by, last.by_hand) == ((by.name, True) if by else ("", False))
