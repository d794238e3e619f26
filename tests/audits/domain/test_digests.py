"""Who gets which sentences on which day; the clock is moved, everything else is real."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agencies.models import Activity, Agency, OutboxMessage, Partnership, User
from agencies.roles import Role
from audits import tasks
from audits.domain import digests
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    Audit,
    CaseReturn,
    CaseReturnStage,
    Concern,
    ContributorPoint,
    ContributorRequest,
    Nomination,
    ReturnStage,
    Stage,
    StatusChange,
    TimeRequest,
)
from tests import factories
from tests.factories import person

pytestmark = pytest.mark.django_db

DUE = date(2026, 11, 13)
"""A Friday."""


QUERIES = 11
"""For one person's mail: who they are, and one for each question."""


def at(day: int, hour: int = 7) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZoneInfo("Europe/London"))


class World:
    """Fenshire: one audit of three cases, police and health, with everybody who has a part."""

    def __init__(self) -> None:
        self.partnership: Partnership = factories.PartnershipFactory(name="Fenshire")
        self.officer = person(Role.OFFICER, self.partnership, email="officer@fenshire.example")
        self.chair = person(Role.CHAIR, self.partnership, email="chair@fenshire.example")
        person(Role.MEMBER, self.partnership, email="member@fenshire.example")
        person(Role.BOARD, self.partnership, email="board@fenshire.example")
        person(Role.ADMIN, self.partnership, email="admin@fenshire.example")
        self.audit: Audit = factories.AuditFactory(
            partnership=self.partnership, title="Neglect", stage=Stage.COLLECTING, return_by=DUE
        )
        self.cases = factories.CaseFactory.create_batch(3, audit=self.audit)
        self.police = self.join("POL")
        self.auditor = person(Role.AUDITOR, self.police.agency, email="auditor@police.example")
        self.lead = person(Role.LEAD, self.police.agency, email="lead@police.example")
        self.health = self.join("HEA")
        self.nurse = person(Role.LEAD, self.health.agency, email="nurse@health.example")

    def join(self, short_name: str) -> AgencyReturn:
        agency: Agency = factories.AgencyFactory(
            partnership=self.partnership, short_name=short_name
        )
        row: AgencyReturn = factories.AgencyReturnFactory(audit=self.audit, agency=agency)
        for case in self.cases:
            factories.CaseReturnFactory(agency_return=row, case=case)
        return row

    def assign(self, user: User, number: int = 3) -> None:
        for row in self.police.case_returns.all()[:number]:
            row.auditor = user
            row.save()

    def finish(self, agency_return: AgencyReturn, number: int = 3) -> None:
        rows = agency_return.case_returns.all()[:number]
        CaseReturn.objects.filter(pk__in=[row.pk for row in rows]).update(
            stage=CaseReturnStage.COMPLETE
        )


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(at(2), tick=False):
        yield World()


Sent = dict[str, list[str]]


def written_on(day: int) -> list[OutboxMessage]:
    with time_machine.travel(at(day), tick=False):
        digests.send_digests()
    return list(OutboxMessage.objects.filter(key__endswith=f"2026-11-{day:02}").order_by("to"))


def sent_on(day: int) -> Sent:
    """The lines by person of that morning's mail."""
    return {
        message.to.split("@")[0]: [
            line[2:] for line in message.body.splitlines() if line.startswith("- ")
        ]
        for message in written_on(day)
    }


AUDITOR = ["POL, “Neglect”: 3 cases for you to audit (by 13 November 2026)"]
AUDITOR_LATE = ["POL, “Neglect”: 3 cases for you to audit (was due by 13 November 2026)"]
NURSE = ["HEA, “Neglect”: 3 cases that nobody has taken on yet (by 13 November 2026)"]
NURSE_LATE = ["HEA, “Neglect”: 3 cases that nobody has taken on yet (was due by 13 November 2026)"]


def test_a_return_from_long_before_its_day_to_long_after(world: World) -> None:
    world.assign(world.auditor)
    owing = {"auditor": AUDITOR, "nurse": NURSE}
    late = {"auditor": AUDITOR_LATE, "nurse": NURSE_LATE}
    lead = [
        "POL, “Neglect”: the return is late, 0 of 3 cases finished (was due by 13 November 2026)"
    ]
    nurse_told = [
        *NURSE_LATE,
        "HEA, “Neglect”: the return is late, 0 of 3 cases finished (was due by 13 November 2026)",
    ]

    def by_agency(days: int) -> list[str]:
        by_name = f"HEA ({days} days), POL ({days} days)"
        return [f"“Neglect”: 2 returns are late: {by_name} (was due by 13 November 2026)"]

    days = {day: sent_on(day) for day in range(3, 25)}

    assert {day: sorted(sent) for day, sent in days.items() if sent} == {
        6: ["auditor", "nurse"],
        13: ["auditor", "nurse"],
        16: ["auditor", "lead", "nurse", "officer"],
        17: ["auditor", "lead", "nurse"],
        18: ["auditor", "lead", "nurse"],
        19: ["auditor", "lead", "nurse"],
        20: ["auditor", "chair", "lead", "nurse"],
        23: ["auditor", "chair", "lead", "nurse", "officer"],
        24: ["auditor", "lead", "nurse"],
    }
    assert days[6] == owing
    assert days[13] == owing
    assert days[16] == late | {"nurse": nurse_told, "lead": lead, "officer": by_agency(3)}
    assert days[20]["chair"] == by_agency(7)
    assert days[23]["chair"] == by_agency(10) == days[23]["officer"]


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


def test_due_on_a_saturday_is_written_about_on_that_saturday_and_then_on_monday(
    world: World,
) -> None:
    world.audit.return_by = date(2026, 11, 14)
    world.audit.save()

    days = [day for day in range(3, 18) if sent_on(day)]

    assert days == [9, 14, 16, 17]


def test_the_partnerships_own_days(world: World) -> None:
    world.partnership.remind_days_before = 1
    world.partnership.tell_lead_days_after = 5
    world.partnership.tell_chair_days_after = 3
    world.partnership.save()
    world.assign(world.auditor)

    days = {day: sorted(sent_on(day)) for day in range(11, 19)}

    assert {day: who for day, who in days.items() if who} == {
        12: ["auditor", "nurse"],
        13: ["auditor", "nurse"],
        16: ["auditor", "chair", "nurse", "officer"],
        17: ["auditor", "nurse"],
        18: ["auditor", "lead", "nurse"],
    }


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


def test_time_of_its_own_moves_every_day_of_one_agency_alone(world: World) -> None:
    world.assign(world.auditor)
    world.police.extended_to = date(2026, 11, 27)
    world.police.save()

    assert sent_on(13) == {"nurse": NURSE}
    assert sorted(sent_on(16)) == ["nurse", "officer"]
    assert sent_on(20)["auditor"] == sent_on(27)["auditor"]
    assert sent_on(27)["auditor"] == [
        "POL, “Neglect”: 3 cases for you to audit (by 27 November 2026)"
    ]


def test_what_is_in_or_withdrawn_waits_for_nobody(world: World) -> None:
    world.assign(world.auditor)
    world.finish(world.police, 2)
    world.health.stage = ReturnStage.NIL
    world.health.save()
    last = world.police.case_returns.get(stage=CaseReturnStage.NOT_STARTED).case
    last.withdrawn_at, last.withdrawn_reason = timezone.now(), "Moved away."
    last.save()

    assert sent_on(13) == {
        "lead": [
            "POL, “Neglect”: the return to sign off: every case is finished (by 13 November 2026)"
        ]
    }
    StatusChange.objects.all().delete()
    world.police.stage = ReturnStage.SIGNED_OFF
    world.police.save()
    assert sent_on(16) == {
        "officer": ["“Neglect”: every return is in, so it can go to its meeting"]
    }


def test_a_case_sent_back_is_named_by_its_number_and_never_by_its_reason(world: World) -> None:
    world.assign(world.auditor)
    case_return = world.police.case_returns.first()
    assert case_return is not None
    case_return.stage = CaseReturnStage.COMPLETE
    case_return.save()
    with time_machine.travel(at(3, 15), tick=False):
        transition(case_return, "send-back", by=world.lead, reason="The brother is not named.")

    (message,) = written_on(4)

    assert message.to == "auditor@police.example"
    assert f"{case_return.case} of “Neglect” was sent back to you (by 13" in message.body
    assert "brother" not in message.subject + message.body
    assert sent_on(5) == {}


def test_a_concern_is_brought_up_every_day_until_it_is_acknowledged(world: World) -> None:
    concern = Concern.objects.create(
        audit=world.audit,
        agency=world.police.agency,
        agency_return=world.police,
        words="He is not safe tonight.",
        raised_by=world.lead,
        raised_at=at(3, 15),
    )
    line = ["“Neglect”: a concern about immediate risk to acknowledge (since 3 November 2026)"]

    days = {day: sent_on(day) for day in (4, 5, 7)}

    # The lead raised it, so the officer answers; on Saturday 7 too.
    assert [days[day] for day in (4, 5, 7)] == [{"officer": line}] * 3
    concern.acknowledged_by, concern.acknowledged_at = world.officer, at(7, 12)
    concern.save()
    assert sent_on(8) == {}
    assert "safe" not in "".join(OutboxMessage.objects.values_list("body", flat=True))


def test_time_asked_for_waits_for_the_officer(world: World) -> None:
    asked = TimeRequest.objects.create(
        agency_return=world.police, days=4, reason="Two are ill.", asked_by=world.lead
    )
    line = ["“Neglect”: POL asks for 4 more days (by 13 November 2026)"]

    assert [sent_on(day) for day in (3, 4)] == [{"officer": line}] * 2
    asked.answer = TimeRequest.Answer.REFUSED
    asked.save()
    assert sent_on(5) == {}


def test_nominations_wait_for_the_officer(world: World) -> None:
    audit = factories.AuditFactory(
        partnership=world.partnership, title="Referrals", stage=Stage.NOMINATING
    )
    for reason in ("A brother.", "A sister."):
        Nomination.objects.create(audit=audit, by=world.lead, reason=reason, at=at(3, 15))
    Nomination.objects.create(
        audit=audit, by=world.lead, reason="No.", at=at(4), stage=Nomination.Stage.DECLINED
    )
    line = {"officer": ["“Referrals”: 2 nominations to decide on"]}

    # On the morning after, and again on the Monday.
    assert {day: sent for day in range(3, 10) if (sent := sent_on(day))} == {
        4: line,
        6: {"auditor": NURSE, "nurse": NURSE} | sent_on(6),
        9: line,
    }


def test_drafts_wait_for_the_chair_and_come_back_to_the_officer(world: World) -> None:
    world.audit.stage = Stage.DRAFTING
    world.audit.save()
    with time_machine.travel(at(3, 15), tick=False):
        transition(world.audit, "ask-for-approval", by=world.officer)
    assert sent_on(4) == {"chair": ["“Neglect”: both documents wait for your approval"]}

    with time_machine.travel(at(4, 15), tick=False):
        transition(world.audit, "send-back-draft", by=world.chair, reason="Too long.")

    (message,) = written_on(5)
    assert message.to == "officer@fenshire.example"
    assert "“Neglect”: the chair sent the drafts back with comments" in message.body
    assert "Too long" not in message.body


def test_contributors_replies_wait_for_the_lead(world: World) -> None:
    agency = world.police.agency
    agency.contributor_noun, agency.contributor_noun_plural = "GP practice", "GP practices"
    agency.save()
    world.assign(world.auditor)
    for number, case_return in enumerate(world.police.case_returns.all()[:2]):
        request = ContributorRequest.objects.create(
            case_return=case_return,
            contributor=factories.ContributorFactory(agency=agency, name=f"Practice {number}"),
            stage=ContributorRequest.Stage.REPLIED,
            asked_on=date(2026, 11, 1),
            answered_on=date(2026, 11, 3),
        )
        ContributorPoint.objects.create(request=request, kind="went_well", text="Seen at once.")
    writing = ContributorRequest.objects.create(
        case_return=case_return,
        contributor=factories.ContributorFactory(agency=agency, name="Practice still writing"),
        stage=ContributorRequest.Stage.OPENED,
    )
    ContributorPoint.objects.create(request=writing, kind="went_well", text="Not sent yet.")

    assert sent_on(4) == {
        "lead": ["POL, “Neglect”: what 2 GP practices replied, to take over (by 13 November 2026)"]
    }


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
