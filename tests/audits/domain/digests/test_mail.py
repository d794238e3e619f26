"""The one mail of a morning: its words, to whom it goes, and what it costs."""

from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from agencies.models import Activity, OutboxMessage, User
from agencies.roles import Role
from audits import tasks
from audits.domain import digests
from audits.models import Stage, TimeRequest
from tests import factories
from tests.audits.reminding import DUE, NURSE, World, at, sent_on, written_on
from tests.factories import person

pytestmark = pytest.mark.django_db

QUERIES = 11
"""For one person's mail: who they are, and one for each question."""


def test_the_words_of_the_mail(world: World) -> None:
    world.assign(world.auditor, 2)
    later = factories.AuditFactory(
        partnership=world.partnership,
        title="Referrals",
        stage=Stage.COLLECTING,
        return_by=DUE + timedelta(days=14),
    )
    other = factories.AgencyReturnFactory(audit=later, agency=world.police.agency)
    factories.CaseReturnFactory(agency_return=other, auditor=world.auditor)

    message = written_on(16)[0]

    base = settings.BASE_URL
    police = f"{base}{reverse('agency-return-detail', args=[world.police.pk])}"
    referrals = f"{base}{reverse('agency-return-detail', args=[other.pk])}"
    assert message.subject == "3 things wait for you, 2 late"
    assert message.to == "auditor@police.example"
    assert (
        message.body
        == f"""Dear {world.auditor.name},

Fenshire

Late:

- POL, “Neglect”: 2 cases for you to audit (was due by 13 November 2026)
  {police}

- POL, “Neglect”: 1 case that nobody has taken on yet (was due by 13 November 2026)
  {police}

Still to come:

- POL, “Referrals”: 1 case for you to audit (by 27 November 2026)
  {referrals}

Your whole list, as it stands now: {base}/

One mail a day at the most, on days when something is new, due or late. It says nothing of any case.
"""
    )


def test_once_a_day_however_often_it_runs(world: World) -> None:
    world.assign(world.auditor)

    first, again = written_on(13), written_on(13)

    assert [each.pk for each in again] == [each.pk for each in first]
    assert OutboxMessage.objects.count() == 2
    noted = Activity.objects.filter(verb=digests.REMINDED)
    assert sorted(noted.values_list("subject_id", flat=True)) == sorted(
        [str(world.police.pk), str(world.health.pk)]
    )
    assert {each.by for each in noted} == {None}


def test_nobody_who_left_is_written_to(world: World) -> None:
    world.assign(world.auditor)
    world.nurse.memberships.update(ends_on=date(2026, 11, 12))
    world.auditor.is_active = False
    world.auditor.save()
    newcomer = person(Role.AUDITOR, world.health.agency, email="newcomer@health.example")
    newcomer.memberships.update(starts_on=date(2026, 11, 13))

    person(Role.AUDITOR, world.police.agency, email="colleague@police.example")
    nobodys = ["POL, “Neglect”: 3 cases that nobody has taken on yet (by 13 November 2026)"]

    assert sent_on(6) == {"nurse": NURSE, "lead": nobodys, "colleague": nobodys}
    assert sent_on(13) == {"newcomer": NURSE, "lead": nobodys, "colleague": nobodys}


def test_two_partnerships_make_one_mail(world: World) -> None:
    away = factories.AgencyFactory(
        partnership__name="Marshland", partnership__remind_days_before=3, short_name="AWAY"
    )
    factories.MembershipFactory(
        user=world.nurse, partnership=away.partnership, agency=away, role=Role.AUDITOR
    )
    audit = factories.AuditFactory(
        partnership=away.partnership, title="Exclusion", stage=Stage.COLLECTING, return_by=DUE
    )
    factories.CaseReturnFactory(
        agency_return=factories.AgencyReturnFactory(audit=audit, agency=away)
    )

    messages = [each for each in written_on(6) if each.to == "nurse@health.example"]

    assert len(messages) == 1
    assert messages[0].subject == "2 things wait for you"
    body = messages[0].body
    assert body.index("Fenshire") < body.index("HEA, “Neglect”") < body.index("Marshland")
    assert body.index("Marshland") < body.index("AWAY, “Exclusion”: 1 case that nobody")
    assert messages[0].partnership is None


def test_as_many_questions_for_many_rows_as_for_few(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.MembershipFactory(user=world.lead, partnership=world.partnership, role=Role.OFFICER)
    factories.MembershipFactory(user=world.lead, partnership=world.partnership, role=Role.CHAIR)

    def ask(rows: int) -> None:
        for _ in range(rows):
            audit = factories.AuditFactory(
                partnership=world.partnership, stage=Stage.COLLECTING, return_by=DUE
            )
            row = factories.AgencyReturnFactory(audit=audit, agency=world.police.agency)
            factories.CaseReturnFactory(agency_return=row, auditor=world.lead)
            TimeRequest.objects.create(
                agency_return=row, days=1, reason="Ill.", asked_by=world.lead
            )
        user = User.objects.get(pk=world.lead.pk)
        with time_machine.travel(at(20), tick=False), django_assert_num_queries(QUERIES):
            assert digests.digest_for(user, date(2026, 11, 20)).is_due

    ask(1)
    ask(3)


def test_the_timetable_runs_it(world: World) -> None:
    world.assign(world.auditor)

    with time_machine.travel(at(13), tick=False):
        tasks.send_digests.call()

    assert OutboxMessage.objects.count() == 2
