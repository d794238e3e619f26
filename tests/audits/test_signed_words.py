"""What was signed off stays: PostgreSQL refuses every other way to change it.

Raw statements stand for whatever is not the application: a console, a script, a careless
migration. On SQLite they get through: there the domain functions alone keep to it.
"""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agencies.roles import Role
from audits.domain import points, returns
from audits.domain.case_returns import CaseReturnDraft, finish, save_draft
from audits.domain.cases import add_cases, withdraw_case
from audits.domain.drafts import Basis, ReturnClosedError
from audits.domain.grades import agree_grade
from audits.domain.returns import RestorativeDraft, SummativeDraft
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    Answer,
    CaseReturn,
    Correction,
    EngagementEntry,
    Point,
    PointPlacement,
    RestorativeAction,
    ReturnStage,
    Stage,
    TextRevision,
)
from tests.audits.collecting import NOTHING, Collecting, answered, collecting, own_texts
from tests.factories import LearningThemeFactory, person, put_at, returned_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Collecting:
    """A return with one row of everything, signed off by its lead."""
    world = collecting(cases=1)
    EngagementEntry.objects.create(
        case_return=world.first, began_on=date(2026, 1, 2), words="Weekly visits."
    )
    finish(answered(world, world.first), by=world.auditor)
    point = returned_point(world.first, "The child was seen alone.")
    PointPlacement.objects.create(point=point, kind="went_well", agreed=True)
    draft = SummativeDraft(
        overview="Visits were kept.", actions=[RestorativeDraft(None, "Train the desk.")]
    )
    returns.save_summative(world.agency_return, by=world.lead, draft=draft, basis=NOTHING)
    world.agency_return = transition(world.agency_return, "sign-off", by=world.lead)
    return world


def refused(write: Callable[[], object]) -> str:
    """What the database says; empty where it lets the statement through."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return str(error).splitlines()[0]
    return ""


def run(statement: str) -> Callable[[], object]:
    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return execute


CHANGES = [
    "UPDATE audits_casereturn SET engagement_past = 'Other.'",
    "UPDATE audits_casereturn SET known = 'carer'",
    "UPDATE audits_casereturn SET voice_child = 'Other.'",
    "UPDATE audits_answer SET value = 'no'",
    "UPDATE audits_engagemententry SET words = 'Other.'",
    "UPDATE audits_restorativeaction SET owner = 'Somebody else'",
    "UPDATE audits_point SET text = 'Other.'",
    "UPDATE audits_pointplacement SET kind = 'challenge' WHERE NOT agreed",
    "UPDATE audits_agencyreturn SET overview = 'Other.'",
]
REMOVALS = [
    "DELETE FROM audits_answer",
    "DELETE FROM audits_engagemententry",
    "DELETE FROM audits_restorativeaction",
    "DELETE FROM audits_pointplacement WHERE NOT agreed",
]
SIGNATURE = "UPDATE audits_agencyreturn SET signed_off_at = '2026-01-01 00:00:00+00'"


def name(correction: Correction) -> None:
    """Say to the database which correction this transaction makes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('maca.correction', %s, true)", [str(correction.pk)])


def correction_of(world: Collecting) -> Correction:
    return Correction.objects.create(
        agency_return=world.agency_return, reason="Misread.", by=world.lead
    )


class TestOnPostgreSQL:
    @pytest.fixture(autouse=True)
    def on_postgresql(self) -> None:
        self.guarded = connection.vendor == "postgresql"

    def expected(self, doing: str, table: str) -> str:
        words = f"This return is signed off: {doing} on {table} needs a correction with a reason."
        return words if self.guarded else ""

    @pytest.mark.parametrize("statement", [*CHANGES, SIGNATURE])
    def test_no_statement_changes_it(self, world: Collecting, statement: str) -> None:
        assert refused(run(statement)) == self.expected("update", statement.split()[1])

    @pytest.mark.parametrize("statement", REMOVALS)
    def test_no_statement_takes_anything_out(self, world: Collecting, statement: str) -> None:
        assert refused(run(statement)) == self.expected("delete", statement.split()[2])

    def test_the_models_get_no_further(self, world: Collecting) -> None:
        answer, row = Answer.objects.get(), CaseReturn.objects.get()
        answer.evidence = row.grade_reason = "Other."
        assert refused(answer.save) == self.expected("update", "audits_answer")
        assert refused(row.save) == self.expected("update", "audits_casereturn")
        action = RestorativeAction.objects.all()
        expected = self.expected("update", "audits_restorativeaction")
        assert refused(lambda: action.update(due_on=date(2027, 1, 1))) == expected

    def test_a_row_is_not_moved_away_or_in(self, world: Collecting) -> None:
        """A point of an open return does not slip into one that is signed off."""
        other = collecting()
        open_point = returned_point(other.first, "Elsewhere.")
        move = Point.objects.filter(pk=open_point.pk)
        expected = self.expected("update", "audits_point")
        assert refused(lambda: move.update(agency_return=world.agency_return)) == expected

    def test_it_is_not_reopened_without_a_trace(self, world: Collecting) -> None:
        said = refused(run("UPDATE audits_agencyreturn SET stage = 'open'"))
        assert ("status row that says why" in said) == self.guarded

    def test_another_returns_correction_opens_nothing(self, world: Collecting) -> None:
        other = collecting()
        put_at(other.agency_return, ReturnStage.SIGNED_OFF)
        name(correction_of(other))
        said = refused(run("UPDATE audits_answer SET value = 'no'"))
        assert said == self.expected("update", "audits_answer")

    @pytest.mark.parametrize("statement", CHANGES)
    def test_a_correction_of_it_does(self, world: Collecting, statement: str) -> None:
        name(correction_of(world))
        assert refused(run(statement)) == ""

    def test_a_correction_moves_no_signature(self, world: Collecting) -> None:
        name(correction_of(world))
        assert refused(run(SIGNATURE)) == self.expected("update", "audits_agencyreturn")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audits_correction SET reason = 'Other.'",
            "UPDATE audits_textrevision SET words = 'Other.'",
            "DELETE FROM audits_textrevision",
            "DELETE FROM audits_correction",
        ],
    )
    def test_what_was_said_before_is_kept_for_good(self, world: Collecting, statement: str) -> None:
        TextRevision.objects.create(
            agency_return=world.agency_return, key="overview", words="Then.", revision=1
        )
        name(correction_of(world))
        said = refused(run(statement))
        assert said.endswith("it can be added to, never changed or removed.") == self.guarded


@pytest.mark.django_db(transaction=True)
class TestAcrossTransactions:
    """What one transaction wrote is not another's to build on."""

    def test_nothing_is_added_later(self, world: Collecting) -> None:
        row = CaseReturn.objects.get()
        said = refused(lambda: returned_point(row, "Slipped in."))
        assert bool(said) == (connection.vendor == "postgresql")
        if said:
            expected = "This return is signed off: insert on audits_point needs a correction"
            assert said.startswith(expected)

    def test_an_earlier_correction_opens_nothing(self, world: Collecting) -> None:
        correction = correction_of(world)

        def write() -> None:
            name(correction)
            run("UPDATE audits_answer SET value = 'no'")()

        said = refused(write)
        expected = "This return is signed off: update on audits_answer"
        assert said.startswith(expected) == (connection.vendor == "postgresql")

    def test_an_earlier_reopening_opens_nothing(self, world: Collecting) -> None:
        transition(world.agency_return, "reopen", by=world.officer, reason="One more case.")
        transition(world.agency_return, "sign-off", by=world.lead)
        said = refused(run("UPDATE audits_agencyreturn SET stage = 'open'"))
        assert bool(said) == (connection.vendor == "postgresql")


class TestWhatGoesOn:
    """Whatever happens to a signed-off return by the rules still happens, on both databases."""

    def test_reopening_changing_and_signing_again(self, world: Collecting) -> None:
        row = transition(world.agency_return, "reopen", by=world.officer, reason="A mistake.")
        assert (row.stage, row.signed_off_at) == (ReturnStage.OPEN, None)
        draft = SummativeDraft(overview="Most visits were kept.")
        basis = Basis.of(returns.summative_texts(row, ()))
        returns.save_summative(row, by=world.lead, draft=draft, basis=basis)
        transition(row, "sign-off", by=world.lead)
        stored = AgencyReturn.objects.get()
        assert (stored.stage, stored.overview) == (ReturnStage.SIGNED_OFF, "Most visits were kept.")

    def test_the_meeting_adopts_takes_out_and_grades(self, world: Collecting) -> None:
        point = Point.objects.get(text="The child was seen alone.")
        for placement in point.placements.filter(agreed=True):
            placement.position = 4
            placement.save()
            placement.delete()
        PointPlacement.objects.create(point=point, kind="good_practice", agreed=True)
        point.learning_themes.add(LearningThemeFactory(partnership=world.partnership))
        world.audit.stage = Stage.MEETING
        world.audit.save()
        agree_grade(
            case_return=world.first,
            grade=world.audit.grades.get(code="good"),
            reason="Agreed.",
            revision=0,
            by=person(Role.CHAIR, world.partnership),
        )
        assert point.learning_themes.count() == 1

    def test_a_case_that_joins_reopens_it(self, world: Collecting) -> None:
        add_cases(audit=world.audit, by=world.officer, count=1)
        assert AgencyReturn.objects.get().stage == ReturnStage.OPEN

    def test_a_case_is_withdrawn_and_somebody_given_more_time(self, world: Collecting) -> None:
        withdraw_case(case=world.first.case, by=world.officer, reason="Twice in the sample.")
        AgencyReturn.objects.update(extended_to=timezone.localdate())
        assert AgencyReturn.objects.get().stage == ReturnStage.SIGNED_OFF


def test_domain_functions_keep_to_it_on_every_database(world: Collecting) -> None:
    draft = CaseReturnDraft(own=own_texts(known="carer"))
    with pytest.raises(ReturnClosedError):
        save_draft(world.first, by=world.auditor, draft=draft, basis=NOTHING)
    with pytest.raises(ReturnClosedError):
        returns.save_summative(
            world.agency_return, by=world.lead, draft=SummativeDraft("Other."), basis=NOTHING
        )
    with pytest.raises(ReturnClosedError):
        points.move(Point.objects.get(), kind="went_well", step=1, by=world.auditor)
