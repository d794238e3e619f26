from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import Activity
from audits.domain import returns
from audits.domain.case_returns import finish
from audits.domain.drafts import Basis, ConflictError, ReturnClosedError
from audits.domain.guards import GuardError
from audits.domain.returns import RestorativeDraft, SummativeDraft
from audits.domain.transitions import transition
from audits.models import AgencyReturn, CaseReturn, Point, RestorativeAction, ReturnStage
from tests.audits.collecting import NOTHING, Collecting, answered, collecting

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2)


def overview(world: Collecting, words: str, basis: Basis = NOTHING) -> None:
    draft = SummativeDraft(overview=words)
    returns.save_summative(world.agency_return, by=world.lead, draft=draft, basis=basis)


def test_the_lead_assigns_several_cases_at_once(world: Collecting) -> None:
    one, two = world.case_returns

    changed = returns.assign(
        world.agency_return, by=world.lead, auditors={one.pk: world.auditor, two.pk: None}
    )

    assert changed == 1
    auditors = CaseReturn.objects.values_list("auditor", flat=True)
    assert list(auditors) == [world.auditor.pk, None]
    assert Activity.objects.get().verb == "assigned cases to auditors"


def test_an_auditor_assigns_nobody(world: Collecting) -> None:
    with pytest.raises(PermissionDenied):
        returns.assign(
            world.agency_return, by=world.auditor, auditors={world.first.pk: world.auditor}
        )


def test_case_returns_of_another_agency_are_not_assigned(world: Collecting) -> None:
    other = collecting()

    changed = returns.assign(
        world.agency_return, by=world.lead, auditors={other.first.pk: world.auditor}
    )

    assert changed == 0


def test_the_summative_report_keeps_overview_points_and_actions(world: Collecting) -> None:
    draft = SummativeDraft(
        overview="Neglect is recognised.",
        new_points={"went_well": ["Quick."], "can_be_improved": ["Thin records."]},
        actions=[
            RestorativeDraft(None, "Train the desk.", "Head of training"),
            RestorativeDraft(None, "  "),
        ],
    )

    returns.save_summative(world.agency_return, by=world.lead, draft=draft, basis=NOTHING)

    row = AgencyReturn.objects.get()
    assert (row.overview, row.revision) == ("Neglect is recognised.", 1)
    points = Point.objects.order_by("text").values_list(
        "text", "origin", "case", "placements__kind"
    )
    assert list[Any](points) == [
        ("Quick.", "summative", None, "went_well"),
        ("Thin records.", "summative", None, "can_be_improved"),
    ]
    actions = RestorativeAction.objects.values_list("text", "owner", "due_on", "position")
    assert list(actions) == [("Train the desk.", "Head of training", None, 0)]


def test_an_emptied_action_goes_and_a_changed_one_gets_a_new_revision(world: Collecting) -> None:
    kept, gone = (
        RestorativeAction.objects.create(agency_return=world.agency_return, text=text)
        for text in ("Kept", "Gone")
    )
    draft = SummativeDraft(
        overview="",
        actions=[RestorativeDraft(kept.pk, "Changed"), RestorativeDraft(gone.pk, "")],
    )

    seen = Basis.of(returns.summative_texts(world.agency_return, (), (kept, gone)))

    returns.save_summative(world.agency_return, by=world.lead, draft=draft, basis=seen)

    row = RestorativeAction.objects.get()
    assert (row.text, row.revision) == ("Changed", 1)


def test_two_leads_on_the_same_overview_are_told(world: Collecting) -> None:
    overview(world, "First.")

    with pytest.raises(ConflictError):
        overview(world, "Second.")
    assert AgencyReturn.objects.get().overview == "First."


def test_signing_off_takes_every_case_and_the_overview(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)

    with pytest.raises(GuardError) as raised:
        transition(world.agency_return, "sign-off", by=world.lead)

    assert raised.value.missing == [
        "Case 2 is not finished.",
        "Write the overview of the summative report.",
    ]


def test_signing_off_says_who_and_when_and_closes_the_return(world: Collecting) -> None:
    for each in world.case_returns:
        finish(answered(world, each), by=world.auditor)
    overview(world, "Done.")

    transition(world.agency_return, "sign-off", by=world.lead)

    row = AgencyReturn.objects.get()
    assert (row.stage, row.signed_off_by) == (ReturnStage.SIGNED_OFF, world.lead)
    assert row.signed_off_at is not None
    with pytest.raises(ReturnClosedError):
        overview(world, "Changed after all.")


def test_a_reopened_return_is_signed_by_nobody(world: Collecting) -> None:
    returns.hand_in_nothing(world.agency_return, by=world.lead, how_checked="Searched.")

    transition(AgencyReturn.objects.get(), "reopen", by=world.officer, reason="Case 1 is yours.")

    row = AgencyReturn.objects.get()
    assert (row.stage, row.signed_off_by, row.signed_off_at) == ("open", None, None)


def test_a_nil_return_answers_every_case_not_known(world: Collecting) -> None:
    returns.hand_in_nothing(world.agency_return, by=world.lead, how_checked="Searched.")

    assert AgencyReturn.objects.get().stage == ReturnStage.NIL
    rows = CaseReturn.objects.values_list("stage", "not_known_reason")
    assert list(rows) == [("not_known", "Searched.")] * 2


def test_a_nil_return_with_a_known_case_is_refused_whole(world: Collecting) -> None:
    answered(world, world.first)

    with pytest.raises(GuardError) as raised:
        returns.hand_in_nothing(world.agency_return, by=world.lead, how_checked="Searched.")

    assert raised.value.missing == ["Case 1 is known to the agency, so this is not a nil return."]
    stages = CaseReturn.objects.values_list("stage", flat=True)
    assert list(stages) == ["in_progress", "not_started"]
