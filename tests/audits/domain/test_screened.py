"""What screening found, what was decided about it, and what neither of them keeps."""

from datetime import date
from typing import Any

import pytest
from django.test import override_settings

from agencies.key_folder import key_folder
from agencies.models import Activity
from audits.domain.guards import GuardError, words_undecided
from audits.domain.identities import seal_identities
from audits.domain.returns import hand_in_nothing
from audits.domain.screened import Scope, Screener, ScreeningDownError, decide, marks
from audits.domain.screened_texts import flagged_in_return, return_passages
from audits.domain.transitions import transition
from audits.identity import Identity
from audits.models import CaseReturn, ReturnStage, ScreeningDecision, Seal
from audits.screening.registry import RULES
from tests.audits.collecting import Collecting, collecting
from tests.factories import (
    AgencyReturnFactory,
    AuditFactory,
    ContributorFactory,
    returned_point,
)

pytestmark = pytest.mark.django_db

NUMBER = "943 476 5919"  # the check digit holds; made up
Why = ScreeningDecision.Why


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2)


def ready(world: Collecting) -> None:
    """Everything that a sign-off asks for but the words."""
    for row in world.case_returns:
        row.known, row.stage = "child", "complete"
        row.save()
    world.agency_return.overview = "What we found."
    world.agency_return.save()


def write(row: CaseReturn, words: str) -> None:
    row.engagement_past = words
    row.save()


def test_what_was_found_is_told_until_somebody_decides(world: Collecting) -> None:
    scope = Scope.of_return(world.agency_return)
    text = f"Visited, see {NUMBER}."
    assert [hit.text for hit in Screener(scope).flags(text)] == [NUMBER]

    assert decide(scope, by=world.auditor, rule="nhs-number", words=NUMBER, why=Why.WORD)

    assert Screener(scope).flags(text) == []
    assert [(hit.text, decided) for hit, decided in Screener(scope).found(text)] == [(NUMBER, True)]


def test_a_decision_says_who_when_and_which_rule_and_never_the_words(world: Collecting) -> None:
    scope = Scope.of_return(world.agency_return)
    decide(scope, by=world.auditor, rule="nhs-number", words=NUMBER, why=Why.WORD)

    row = ScreeningDecision.objects.get()
    assert (row.by, row.rule, row.agency_return) == (
        world.auditor,
        "nhs-number",
        world.agency_return,
    )
    assert NUMBER not in str({name: str(value) for name, value in vars(row).items()})
    assert {(row.rule, row.mark)} == marks(scope, "nhs-number", NUMBER)
    said = Activity.objects.get(verb="decided about words that screening had found")
    assert (said.by, said.subject_id) == (world.auditor, str(world.agency_return.pk))


def test_it_is_kept_once_however_often_it_is_confirmed(world: Collecting) -> None:
    scope = Scope.of_return(world.agency_return)
    decide(scope, by=world.auditor, rule="nhs-number", words=NUMBER, why=Why.WORD)
    assert not decide(scope, by=world.lead, rule="nhs-number", words=NUMBER, why=Why.PLACE)
    assert ScreeningDecision.objects.get().by == world.auditor


def test_it_holds_for_its_return_and_its_rule_alone(world: Collecting) -> None:
    scope = Scope.of_return(world.agency_return)
    decide(scope, by=world.auditor, rule="another-rule", words=NUMBER, why=Why.WORD)
    assert Screener(scope).flags(NUMBER)

    decide(scope, by=world.auditor, rule="nhs-number", words=NUMBER, why=Why.WORD)
    colleague = AgencyReturnFactory(audit=world.audit)
    assert Screener(Scope.of_return(colleague)).flags(NUMBER)
    assert Screener(Scope.of_audit(world.audit)).flags(NUMBER)
    assert marks(scope, "r", "Rowan") != marks(Scope.of_audit(AuditFactory()), "r", "Rowan")


def test_the_same_words_in_small_letters_or_broken_otherwise_are_the_same(
    world: Collecting,
) -> None:
    scope = Scope.of_return(world.agency_return)
    assert marks(scope, "r", "Rowan\nHouse") == marks(scope, "r", "rowan house")


def test_it_asks_the_database_once_however_many_texts_there_are(
    world: Collecting, django_assert_num_queries: Any
) -> None:
    screener = Screener(Scope.of_return(world.agency_return))
    with django_assert_num_queries(1):
        assert screener.flags("Two visits were made.") == []
        assert screener.flags("And one more.") == []
        assert len(screener.flags(NUMBER)) == 1
        assert len(screener.flags(f"Again {NUMBER}")) == 1


class TestWhoseContributorsAreNoAlarm:
    TEXT = "Dr Patel's Surgery rang."

    def found(self, scope: Scope, text: str = TEXT) -> list[str]:
        return [hit.text for hit in Screener(scope).flags(text)]

    def test_those_of_the_agency_in_its_own_return(self, world: Collecting) -> None:
        own = Scope.of_return(world.agency_return)
        colleague = Scope.of_return(AgencyReturnFactory(audit=world.audit))
        assert self.found(own) == ["Patel"]
        ContributorFactory(agency=world.agency, name="Dr Patel’s Surgery")
        assert self.found(own) == []
        assert self.found(colleague) == ["Patel"]

    def test_and_of_all_agencies_of_the_partnership_in_the_documents(
        self, world: Collecting
    ) -> None:
        documents = Scope.of_audit(world.audit)
        ContributorFactory(name="Dr Patel’s Surgery")
        assert self.found(documents) == ["Patel"]
        ContributorFactory(agency=world.agency, name="Dr Patel’s Surgery")
        assert self.found(documents) == []

    def test_only_while_they_can_be_asked(self, world: Collecting) -> None:
        ContributorFactory(agency=world.agency, name="Dr Patel’s Surgery", active=False)
        for scope in (Scope.of_return(world.agency_return), Scope.of_audit(world.audit)):
            assert self.found(scope) == ["Patel"]

    def test_only_the_names_of_organisations(self, world: Collecting) -> None:
        ContributorFactory(agency=world.agency, name="Jayden Okonkwo")
        for scope in (Scope.of_return(world.agency_return), Scope.of_audit(world.audit)):
            assert self.found(scope, "Jayden Okonkwo was seen.") == ["Jayden Okonkwo"]


def test_every_text_of_a_return_is_read(world: Collecting) -> None:
    write(world.first, NUMBER)
    returned_point(world.case_returns[1], f"Point {NUMBER}")
    world.agency_return.overview = f"Overview {NUMBER}"
    world.agency_return.save()
    found = flagged_in_return(world.agency_return, return_passages(world.agency_return))
    first, second = (str(row.case) for row in world.case_returns)
    assert [(each.place.group, each.place.label) for each in found] == [
        (first, "Past engagement"),
        (second, "Point"),
        ("Summative report", "Overview"),
    ]


class TestSignOff:
    def test_stops_at_what_is_undecided_and_says_where_not_what(self, world: Collecting) -> None:
        ready(world)
        write(world.first, f"{NUMBER} and {NUMBER}")
        with pytest.raises(GuardError) as refused:
            transition(world.agency_return, "sign-off", by=world.lead)
        (told,) = refused.value.missing
        assert told.startswith(f"{world.first.case}: 1 thing in the words may say who somebody is.")
        assert NUMBER not in str(refused.value)

    def test_goes_on_once_it_is_cleared(self, world: Collecting) -> None:
        ready(world)
        write(world.first, NUMBER)
        scope = Scope.of_return(world.agency_return)
        decide(scope, by=world.lead, rule="nhs-number", words=NUMBER, why=Why.WORD)
        assert transition(world.agency_return, "sign-off", by=world.lead).stage == "signed_off"

    def test_or_reworded(self, world: Collecting) -> None:
        ready(world)
        write(world.first, NUMBER)
        write(world.first, "A number.")
        transition(world.agency_return, "sign-off", by=world.lead)

    @pytest.mark.parametrize("step", ["sign-off", "nil", "decline"])
    def test_stops_where_a_rule_fails(
        self,
        world: Collecting,
        step: str,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        if step == "sign-off":
            ready(world)
        write(world.first, "Nothing in it, nobody of the name of Peregrine.")

        def broken(passage: object) -> object:
            raise ValueError("Peregrine")

        monkeypatch.setitem(RULES, "nhs-number", broken)
        with pytest.raises(GuardError, match="could not be checked"):
            transition(world.agency_return, step, by=world.lead, reason="No time.")
        world.agency_return.refresh_from_db()
        assert world.agency_return.stage == ReturnStage.OPEN
        assert "ValueError" in caplog.text
        assert "Peregrine" not in caplog.text

    def test_stops_where_the_key_is_missing(self, world: Collecting) -> None:
        scope = Scope.of_return(world.agency_return)
        decide(scope, by=world.lead, rule="nhs-number", words=NUMBER, why=Why.WORD)
        with override_settings(MASTER_KEYS="broken"), pytest.raises(ScreeningDownError):
            Screener(scope).flags(NUMBER)

    def test_what_another_key_marked_is_asked_again(self, world: Collecting) -> None:
        scope = Scope.of_return(world.agency_return)
        decide(scope, by=world.lead, rule="nhs-number", words=NUMBER, why=Why.WORD)
        with override_settings(MASTER_KEYS=f"1:{'A' * 43}="):
            assert Screener(scope).flags(NUMBER)


def test_a_nil_return_keeps_what_was_typed_where_it_is_stopped(world: Collecting) -> None:
    how = f"Searched for {NUMBER}."
    with pytest.raises(GuardError):
        hand_in_nothing(world.agency_return, by=world.lead, how_checked=how)
    world.first.refresh_from_db()
    assert (world.first.not_known_reason, world.first.stage) == (how, "not_known")

    scope = Scope.of_return(world.agency_return)
    decide(scope, by=world.lead, rule="nhs-number", words=NUMBER, why=Why.WORD)
    done = hand_in_nothing(world.agency_return, by=world.lead, how_checked="Searched.")
    assert done.stage == "nil"


def test_whoever_declines_decides_first_about_what_was_written(world: Collecting) -> None:
    write(world.first, f"{NUMBER} was seen.")
    with pytest.raises(GuardError) as refused:
        transition(world.agency_return, "decline", by=world.lead, reason="No time.")
    assert refused.value.missing == words_undecided(world.agency_return) != []
    assert NUMBER not in str(refused.value)
    world.agency_return.refresh_from_db()
    assert world.agency_return.stage == ReturnStage.OPEN

    scope = Scope.of_return(world.agency_return)
    decide(scope, by=world.lead, rule="nhs-number", words=NUMBER, why=Why.WORD)
    done = transition(world.agency_return, "decline", by=world.lead, reason="No time.")
    assert done.stage == ReturnStage.DECLINED


def test_the_officer_excuses_whatever_was_written(world: Collecting) -> None:
    write(world.first, f"{NUMBER} was seen.")
    done = transition(world.agency_return, "excuse", by=world.officer, reason="No time.")
    assert done.stage == ReturnStage.EXCUSED


def test_a_name_that_is_sealed_is_known_in_small_letters_and_stops_the_sign_off(
    world: Collecting,
) -> None:
    seal = Seal.objects.create(
        audit=world.audit, begun_by=world.officer, keep_until=date(2031, 1, 1)
    )
    key_folder().make(seal.pk)
    child = Identity("Wrenna", "Ashcombe")
    seal_identities(seal=seal, by=world.officer, identities={world.first.case: child})
    ready(world)
    write(world.first, "We saw wrenna at home.")
    (found,) = flagged_in_return(world.agency_return, return_passages(world.agency_return))
    assert found.hit.text == "wrenna"
    with pytest.raises(GuardError):
        transition(world.agency_return, "sign-off", by=world.lead)

    key_folder().destroy(seal.pk)
    with pytest.raises(GuardError, match="could not be checked"):
        transition(world.agency_return, "sign-off", by=world.lead)
