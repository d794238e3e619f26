"""Two people write to one audit at the same moment: nobody's words are lost, and no stage that
one of them leads to outruns what the other is doing."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from django.db import transaction

from agencies.chain_format import chain_of
from agencies.domain import activity
from audits.domain.audits import move_dates
from audits.domain.cases import add_cases
from audits.domain.concerns import raise_concern
from audits.domain.guards import GuardError
from audits.domain.meetings import record_meeting
from audits.domain.nominations import nominate
from audits.domain.seals import begin_seal, put_on_hold
from audits.domain.transitions import transition
from audits.models import AgencyReturn, Attendance, Audit, Concern, ReturnStage, Stage
from tests.audits.collecting import Collecting, collecting
from tests.factories import MeetingFactory
from tests.support.racing import in_turn

pytestmark = pytest.mark.django_db(transaction=True)


def begun(stage: Stage, settled: ReturnStage = ReturnStage.OPEN) -> tuple[Collecting, str]:
    """An audit at this stage, and the key of its chain, which has an entry."""
    world = collecting(cases=0)
    Audit.objects.filter(pk=world.audit.pk).update(stage=stage)
    AgencyReturn.objects.filter(pk=world.agency_return.pk).update(stage=settled)
    world.audit.refresh_from_db()
    world.agency_return.refresh_from_db()
    with transaction.atomic():
        activity.record(
            "changed the audit",
            by=world.officer,
            partnership=world.partnership,
            subject=world.audit,
            audit_id=world.audit.pk,
        )
    return world, chain_of(world.partnership.pk, world.audit.pk)


MEANWHILE: dict[str, tuple[Stage, Callable[[Collecting], object]]] = {
    "moves the dates": (
        Stage.COLLECTING,
        lambda world: move_dates(
            audit=world.audit,
            by=world.officer,
            dates={"return_by": date(2030, 1, 1)},
            reason="Half term.",
        ),
    ),
    "adds a case": (
        Stage.COLLECTING,
        lambda world: add_cases(audit=world.audit, by=world.officer, count=1),
    ),
    "nominates": (
        Stage.NOMINATING,
        lambda world: nominate(audit=world.audit, by=world.officer, reason="Seen twice."),
    ),
    "seals": (
        Stage.COLLECTING,
        lambda world: begin_seal(audit=world.audit, by=world.officer, keep_until=date(2030, 1, 1)),
    ),
    "puts on hold": (
        Stage.COLLECTING,
        lambda world: put_on_hold(audit=world.audit, by=world.officer, reason="A review."),
    ),
    "notes the meeting": (
        Stage.MEETING,
        lambda world: record_meeting(
            audit=world.audit,
            held_on=date(2026, 6, 10),
            chaired_by="",
            notes="",
            revision=0,
            by=world.officer,
        ),
    ),
    "goes back a step": (
        Stage.COLLECTING,
        lambda world: transition(
            world.audit, "back-to-nominating", by=world.officer, reason="Too soon."
        ),
    ),
}


def test_a_concern_is_kept_whatever_the_officer_does_meanwhile() -> None:
    """It refers to the audit, so its commit asks for the audit's key while it holds the end of
    the chain, for which the officer waits: a lock on that key is a circle."""
    lost = {}
    for name, (stage, doing) in MEANWHILE.items():
        world, chain = begun(stage)
        errors = in_turn(chain, partial(worry, world), partial(doing, world))
        kept = Concern.objects.filter(audit=world.audit).values_list("words", flat=True)
        if errors != [None, None] or list(kept) != ["Not safe tonight."]:
            lost[name] = errors
    assert lost == {}


def worry(world: Collecting) -> None:
    raise_concern(world.agency_return, by=world.auditor, words="Not safe tonight.")


def ready_to_draft() -> tuple[Collecting, str]:
    world, chain = begun(Stage.MEETING, ReturnStage.SIGNED_OFF)
    meeting = MeetingFactory(audit=world.audit)
    Attendance.objects.create(meeting=meeting, agency=world.agency, name="A lead")
    return world, chain


def stages() -> tuple[str, str]:
    return Audit.objects.values_list("stage", flat=True).get(), (
        AgencyReturn.objects.values_list("stage", flat=True).get()
    )


def test_a_return_is_not_reopened_while_drafting_begins() -> None:
    world, chain = ready_to_draft()
    errors = in_turn(
        chain,
        lambda: transition(world.audit, "start-drafting", by=world.officer),
        lambda: transition(world.agency_return, "reopen", by=world.officer, reason="One answer."),
    )
    assert stages() == (Stage.DRAFTING, ReturnStage.SIGNED_OFF)
    assert errors[0] is None
    assert isinstance(errors[1], GuardError)
    assert errors[1].missing == [
        "A return changes only while the audit is collecting or at the meeting."
    ]


def test_drafting_does_not_begin_while_a_return_is_reopened() -> None:
    world, chain = ready_to_draft()
    errors = in_turn(
        chain,
        lambda: transition(world.agency_return, "reopen", by=world.officer, reason="One answer."),
        lambda: transition(world.audit, "start-drafting", by=world.officer),
    )
    assert stages() == (Stage.MEETING, ReturnStage.OPEN)
    assert errors[0] is None
    assert isinstance(errors[1], GuardError)
    assert errors[1].missing == [
        f"{world.agency} has not handed in its return: wait for it, or excuse it."
    ]
