"""A signed-off return that was changed behind everybody's back is found each night.

Raw statements stand for whatever is not the application: a console, a script, a careless migration.
"""

from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.domain import verifying
from agencies.models import Activity
from audits.domain import signed_returns
from audits.domain.case_texts import CaseReturnDraft
from audits.domain.cases import add_cases, withdraw_case
from audits.domain.corrections import correct_case_return
from audits.domain.fingerprints import TAKEN, hash_of, hashes_of
from audits.domain.signed_returns import GONE
from audits.domain.transitions import transition
from audits.models import AgencyReturn, CaseReturn, Correction, Fingerprint, ReturnStage
from tests.audits.collecting import Collecting, collecting
from tests.audits.domain.test_corrections import basis_of
from tests.audits.domain.test_fingerprints import CHANGES, signed
from tests.factories import AgencyFactory, put_at
from tests.support.guards import open_signed_words

pytestmark = pytest.mark.django_db


def faults() -> list[str]:
    return [str(each) for each in verifying.verify().faults]


def execute(statement: str, *values: str | datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def altered(world: Collecting) -> str:
    return f"audit:{world.audit.pk}: return {world.agency_return.pk} is not what was signed off"


def corrected(world: Collecting) -> Correction:
    row = CaseReturn.objects.get(pk=world.first.pk)
    made = correct_case_return(
        row,
        by=world.lead,
        reason="Misread.",
        draft=CaseReturnDraft({"engagement_past": "Three visits."}, only=["engagement_past"]),
        basis=basis_of(row),
    )
    assert made is not None
    return made


def test_a_statement_typed_into_the_database_is_found() -> None:
    world = signed()
    assert faults() == []
    open_signed_words()
    execute("UPDATE audits_agencyreturn SET overview = 'forged'")
    assert faults() == [altered(world)]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_is_changed_is_found(change: Callable[[], object]) -> None:
    world = signed()
    open_signed_words()
    change()
    assert faults() == [altered(world)]


def test_one_among_many_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_returns, "AT_ONCE", 2)
    worlds = [signed() for _ in range(3)]
    open_signed_words()
    AgencyReturn.objects.filter(pk=worlds[1].agency_return.pk).update(overview="Other.")
    assert faults() == [altered(worlds[1])]


def forge(world: Collecting, **fields: Any) -> None:
    open_signed_words()
    AgencyReturn.objects.update(overview="Other.")
    Fingerprint.objects.bulk_create(
        [
            Fingerprint(
                agency_return=world.agency_return, hash=hash_of(world.agency_return), **fields
            )
        ]
    )


class TestItsFingerprint:
    def test_one_put_in_for_the_forgery_is_named_nowhere(self) -> None:
        world = signed()
        forge(world)
        assert faults() == [altered(world)]

    def test_rewritten_with_the_return_it_is_not_the_one_that_is_named(self) -> None:
        world = signed()
        open_signed_words()
        AgencyReturn.objects.update(overview="Other.")
        execute("UPDATE audits_fingerprint SET hash = %s", hash_of(world.agency_return))
        assert faults() == [
            f"audit:{world.audit.pk}, entry {entry_of(world)}: {GONE}",
            altered(world),
        ]

    def test_taken_out_it_is_missed(self) -> None:
        world = signed()
        open_signed_words()
        AgencyReturn.objects.update(overview="Other.")
        execute("DELETE FROM audits_fingerprint")
        assert faults() == [f"audit:{world.audit.pk}, entry {entry_of(world)}: {GONE}"]

    def test_a_return_that_became_another_agency_s_is_not_the_one_it_was_taken_of(self) -> None:
        world = signed()
        other = AgencyFactory(partnership=world.partnership)
        open_signed_words()
        AgencyReturn.objects.update(agency=other)
        assert faults() == [f"audit:{world.audit.pk}, entry {entry_of(world)}: {GONE}"]

    def test_one_from_before_a_correction_cannot_be_made_the_last(self) -> None:
        world = signed()
        before = CaseReturn.objects.get(pk=world.first.pk).engagement_past
        first = Fingerprint.objects.get()
        corrected(world)
        open_signed_words()
        CaseReturn.objects.filter(pk=world.first.pk).update(engagement_past=before)
        execute("UPDATE audits_fingerprint SET at = %s WHERE hash = %s", timezone.now(), first.hash)
        assert hash_of(world.agency_return) == first.hash
        assert faults() == [altered(world)]


def entry_of(world: Collecting) -> int:
    found = Activity.objects.get(verb=TAKEN, audit_id=world.audit.pk)
    return int(found.number)


class TestNoFalseAlarm:
    def test_where_nothing_was_done(self) -> None:
        signed(cases=2)
        assert faults() == []

    def test_corrected(self) -> None:
        corrected(signed())
        assert faults() == []

    def test_reopened_and_changed_and_signed_again(self) -> None:
        world = signed()
        opened = transition(world.agency_return, "reopen", by=world.officer, reason="Wrong case.")
        AgencyReturn.objects.update(overview="Other.")
        assert faults() == []
        transition(AgencyReturn.objects.get(pk=opened.pk), "sign-off", by=world.lead)
        assert faults() == []

    def test_reopened_by_a_case_that_came_and_with_one_that_went(self) -> None:
        world = signed(cases=2)
        withdraw_case(case=world.case_returns[1].case, by=world.officer, reason="Drawn twice.")
        assert faults() == []
        add_cases(audit=world.audit, by=world.officer, count=1)
        assert AgencyReturn.objects.get().stage == ReturnStage.OPEN
        assert faults() == []

    def test_signed_before_there_were_fingerprints(self) -> None:
        world = collecting()
        AgencyReturn.objects.update(signed_off_at=timezone.now(), signed_off_by=world.lead)
        put_at(AgencyReturn.objects.get(), ReturnStage.SIGNED_OFF)
        assert faults() == []

    def test_loaded_from_a_file(self) -> None:
        for name in ("front-door", "neglect-1"):
            call_command("load_audit", f"reports/demonstration/{name}.json", stdout=StringIO())
        handed_in = AgencyReturn.objects.filter(stage__in=signed_returns.SIGNED)
        assert handed_in.count() > 5
        assert faults() == []

    def test_signed_or_corrected_while_it_is_looked_at(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between the look at the fingerprints and the one at the words."""
        world = signed()
        corrections = [corrected]

        def correct_and_look(keys: Any) -> Any:
            for correct in corrections:
                corrections.clear()
                correct(world)
            return hashes_of(keys)

        monkeypatch.setattr(signed_returns, "hashes_of", correct_and_look)
        assert list(signed_returns.faults()) == []
        assert Fingerprint.objects.count() == 2


def test_returns_cost_no_query_each() -> None:
    counts = []
    for _ in range(3):
        signed(cases=2)
        with CaptureQueriesContext(connection) as captured:
            assert list(signed_returns.faults()) == []
        counts.append(len(captured))
    assert counts == [13, 13, 13]
