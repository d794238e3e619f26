"""A signed-off return carries a fingerprint, and says when it is no longer what was signed."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Activity, AppendOnlyError
from audits.domain import fingerprints, returns
from audits.domain.case_returns import finish
from audits.domain.case_texts import CaseReturnDraft
from audits.domain.corrections import correct_case_return
from audits.domain.returns import RestorativeDraft, SummativeDraft
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    Answer,
    CaseReturn,
    Fingerprint,
    Grade,
    Point,
    PointPlacement,
    RestorativeAction,
)
from tests.audits.collecting import NOTHING, Collecting, answered, collecting, signed_in
from tests.audits.domain.test_corrections import basis_of
from tests.factories import LearningThemeFactory, returned_point, unsigned

pytestmark = pytest.mark.django_db


def signed(cases: int = 1) -> Collecting:
    world = collecting(cases=cases, questions=2)
    for each in world.case_returns:
        finish(answered(world, each), by=world.auditor)
        returned_point(each, "The child was seen alone.")
    draft = SummativeDraft(
        overview="Visits were kept.", actions=[RestorativeDraft(None, "Train the desk.")]
    )
    returns.save_summative(world.agency_return, by=world.lead, draft=draft, basis=NOTHING)
    world.agency_return = transition(world.agency_return, "sign-off", by=world.lead)
    return world


def standing(world: Collecting) -> fingerprints.Standing:
    found = fingerprints.standing(AgencyReturn.objects.get(pk=world.agency_return.pk))
    assert found is not None
    return found


def test_signing_takes_it_and_the_activity_names_it() -> None:
    world = signed()
    (taken,) = Fingerprint.objects.all()
    assert standing(world) == fingerprints.Standing(taken, holds=True, earlier=[])
    entry = Activity.objects.get(verb=fingerprints.TAKEN)
    assert (entry.subject_type, entry.subject_id) == ("audits.fingerprint", taken.hash[:40])
    assert (entry.audit_id, entry.agency_id) == (world.audit.pk, world.agency_return.agency_id)


CHANGES: dict[str, Callable[[], object]] = {
    "overview": lambda: AgencyReturn.objects.update(overview="Other."),
    "a text": lambda: CaseReturn.objects.update(engagement_past="Other."),
    "the grade": lambda: CaseReturn.objects.update(own_grade=Grade.objects.all()[0]),
    "an answer": lambda: Answer.objects.update(value="partly"),
    "evidence": lambda: Answer.objects.update(evidence="Other."),
    "an answer less": lambda: Answer.objects.filter(evidence="").delete(),
    "a point": lambda: Point.objects.update(text="Other."),
    "a placement": lambda: PointPlacement.objects.update(kind="challenge"),
    "an action": lambda: RestorativeAction.objects.update(owner="Somebody else"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_behind_its_back_shows(change: Callable[[], object]) -> None:
    world = signed()
    with unsigned(world.agency_return):
        change()
    assert not standing(world).holds
    page = signed_in(world.lead).get(reverse("agency-return-detail", args=[world.agency_return.pk]))
    assert "This return is no longer what was signed off." in page.content.decode()
    assert "no longer matches" in page.content.decode()


def test_a_fingerprint_that_was_changed_with_the_return_is_unknown_to_the_activity() -> None:
    world = signed()
    with unsigned(world.agency_return):
        AgencyReturn.objects.update(overview="Other.")
    forged = Fingerprint(
        agency_return=world.agency_return, hash=fingerprints.hash_of(world.agency_return)
    )
    forged.save()
    assert standing(world).last == forged
    assert not standing(world).holds


def test_what_may_change_after_signing_leaves_it_as_it_was() -> None:
    world = signed()
    point = Point.objects.all()[0]
    point.learning_themes.add(LearningThemeFactory(partnership=world.partnership))
    PointPlacement.objects.create(point=point, kind="challenge", agreed=True)
    CaseReturn.objects.update(auditor=world.lead)
    assert standing(world).holds


def test_a_correction_takes_a_new_one_and_keeps_the_old() -> None:
    world = signed()
    first = standing(world).last
    row = CaseReturn.objects.get(pk=world.first.pk)
    correction = correct_case_return(
        row,
        by=world.lead,
        reason="Misread.",
        draft=CaseReturnDraft({"engagement_past": "Three visits."}, only=["engagement_past"]),
        basis=basis_of(row),
    )
    now = standing(world)
    assert (now.holds, now.earlier, now.last.correction) == (True, [first], correction)
    assert now.last.hash != first.hash
    page = signed_in(world.lead).get(reverse("agency-return-detail", args=[world.agency_return.pk]))
    assert f"Fingerprint {now.last} · unchanged. Before: {first}" in page.content.decode()


def test_a_reopened_return_has_none_to_hold_until_it_is_signed_again() -> None:
    world = signed()
    reopened = transition(world.agency_return, "reopen", by=world.officer, reason="Wrong case.")
    assert fingerprints.standing(reopened) is None
    again = transition(reopened, "sign-off", by=world.lead)
    world.agency_return = again
    assert (standing(world).holds, len(standing(world).earlier)) == (True, 1)


def test_it_is_kept() -> None:
    signed()
    with pytest.raises(AppendOnlyError):
        Fingerprint.objects.update(hash="")
    with pytest.raises(AppendOnlyError):
        Fingerprint.objects.all().delete()


def test_its_size_costs_no_query() -> None:
    counts = []
    for cases in (1, 3):
        world = signed(cases)
        with CaptureQueriesContext(connection) as captured:
            fingerprints.hash_of(world.agency_return)
        counts.append(len(captured))
    assert counts == [8, 8]
