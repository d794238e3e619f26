"""The migrations that encrypt reasons, on a database that has some in clear."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from audits.domain.identities import reveal
from audits.domain.identity_destruction import destroy
from audits.domain.seals import lift_hold, put_on_hold
from audits.models import IdentityView, LegalHold, Seal
from tests.audits.sealing import sealed_audit

pytestmark = pytest.mark.django_db

ASKING = (("audits_identityview", "reason"), ("audits_legalhold", "reason"))
ENDING = (("audits_legalhold", "lifted_reason"), ("audits_seal", "destroyed_reason"))


def lying_there(columns: tuple[tuple[str, str], ...] = ASKING) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table, column in columns:
            cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608
            found += [row[0] for row in cursor.fetchall()]
    return found


def test_reasons_in_clear_are_encrypted_and_read_as_before() -> None:
    migration = import_module("audits.migrations.0010_reasons_encrypted")
    before = MigrationLoader(connection).project_state(("audits", "0009_sealed_identities")).apps
    world = sealed_audit()
    reveal(seal=world.seal, by=world.officer, cases=world.cases, reason="To find our records.")
    put_on_hold(audit=world.audit, by=world.officer, reason="A review.")
    migration.decrypt(before, None)
    assert sorted(set(lying_there())) == ["A review.", "To find our records."]
    migration.encrypt(before, None)
    assert all(token.startswith("1.") for token in lying_there())
    assert {view.reason for view in IdentityView.objects.all()} == {"To find our records."}
    assert LegalHold.objects.get().reason == "A review."


def test_why_a_hold_was_lifted_and_a_seal_destroyed_are_too() -> None:
    migration = import_module("audits.migrations.0014_reasons_of_the_end_encrypted")
    state = MigrationLoader(connection).project_state(("audits", "0013_how_contributors_learn"))
    world = sealed_audit()
    put_on_hold(audit=world.audit, by=world.officer, reason="A review.")
    lift_hold(audit=world.audit, by=world.officer, reason="It is over.")
    destroy(seal=world.seal, by=world.officer, reason="All have answered.")
    assert all(token.startswith("1.") for token in lying_there(ENDING))
    migration.decrypt(state.apps, None)
    assert lying_there(ENDING) == ["It is over.", "All have answered."]
    migration.encrypt(state.apps, None)
    assert all(token.startswith("1.") for token in lying_there(ENDING))
    assert LegalHold.objects.get().lifted_reason == "It is over."
    assert Seal.objects.get().destroyed_reason == "All have answered."


def test_a_seal_that_stands_has_no_reason_yet() -> None:
    world = sealed_audit()
    assert Seal.objects.get(pk=world.seal.pk).destroyed_reason == ""
