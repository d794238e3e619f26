"""What waits, for whom, and until when it is brought up."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone

from agencies.models import OutboxMessage
from audits.domain.transitions import transition
from audits.models import (
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
from tests.audits.reminding import NURSE, World, at, sent_on, written_on

pytestmark = pytest.mark.django_db


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
