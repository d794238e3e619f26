"""The migration that encrypts reasons, on a database that has some in clear."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from audits.domain.identities import reveal
from audits.domain.seals import put_on_hold
from audits.models import IdentityView, LegalHold
from tests.audits.sealing import sealed_audit

BEFORE = ("audits", "0009_sealed_identities")
AFTER = ("audits", "0010_reasons_encrypted")
TABLES = ("audits_identityview", "audits_legalhold")


def migrate(to: tuple[str, str]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([to])


def lying_there() -> list[str]:
    with connection.cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(f"SELECT reason FROM {table}")  # noqa: S608
            found += [row[0] for row in cursor.fetchall()]
    return found


@pytest.mark.django_db(transaction=True)
def test_reasons_in_clear_are_encrypted_and_read_as_before() -> None:
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("audits")[0]
    world = sealed_audit()
    reveal(seal=world.seal, by=world.officer, cases=world.cases, reason="To find our records.")
    put_on_hold(audit=world.audit, by=world.officer, reason="A review.")
    try:
        migrate(BEFORE)
        assert sorted(set(lying_there())) == ["A review.", "To find our records."]
        migrate(AFTER)
        assert all(token.startswith("1.") for token in lying_there())
    finally:
        migrate(latest)
    assert {view.reason for view in IdentityView.objects.all()} == {"To find our records."}
    assert LegalHold.objects.get().reason == "A review."
