"""The migration that encrypts reasons, on a database that has some in clear."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from audits.domain.identities import reveal
from audits.domain.seals import put_on_hold
from audits.models import IdentityView, LegalHold
from tests.audits.sealing import sealed_audit

pytestmark = pytest.mark.django_db

TABLES = ("audits_identityview", "audits_legalhold")


def lying_there() -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT reason FROM {table}")  # noqa: S608
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
