"""The database refuses to change, replace or remove what was published, whoever asks.

Raw statements stand for a console, a script, a careless migration.
"""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from agencies.models import User
from agencies.roles import Role
from audits.models import Audit
from reports.models import Document
from tests.factories import AuditFactory, person
from tests.reports.publications import published

pytestmark = pytest.mark.django_db

STATEMENTS = [
    "UPDATE reports_document SET pdf = '', pdf_hash = ''",
    "UPDATE reports_document SET kind = 'briefing' WHERE version = 1",
    "UPDATE reports_document SET version = version + 1",
    "UPDATE reports_document SET title = title",
    "DELETE FROM reports_document",
    "DELETE FROM reports_document WHERE version = 1",
]
REPLACE = "INSERT OR REPLACE INTO reports_document ({into}) SELECT {chosen} FROM reports_document"


@pytest.fixture
def audit() -> Audit:
    audit: Audit = AuditFactory(stage="published")
    return audit


@pytest.fixture
def chair(audit: Audit) -> User:
    return person(Role.CHAIR, audit.partnership)


def statements() -> list[str]:
    if connection.vendor == "postgresql":
        connection.check_constraints()
        return [*STATEMENTS, "TRUNCATE reports_document"]
    columns = ", ".join(f'"{each.column}"' for each in Document._meta.concrete_fields)
    under_another_id = columns.replace('"id"', f"'{uuid4().hex}'")
    replacing = [REPLACE.format(into=columns, chosen=each) for each in (columns, under_another_id)]
    return [*STATEMENTS, *replacing]


def test_every_statement_that_touches_one_is_refused(audit: Audit, chair: User) -> None:
    published(audit, chair)
    before = list(Document.objects.values())
    for statement in statements():
        with (
            pytest.raises(IntegrityError, match=r"stays as it is|is kept as it was"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert list(Document.objects.values()) == before
    assert Document.objects.altered() == set()


def test_a_later_version_and_another_kind_are_added(audit: Audit, chair: User) -> None:
    for kind in Document.Kind:
        for version in (1, 2):
            published(audit, chair, kind, version=version)
    assert Document.objects.altered() == set()
    assert Document.objects.count() == 4
