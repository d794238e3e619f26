from uuid import UUID, uuid4

import pytest
from django.db import connection

from agencies.ids import as_uuid
from agencies.models import Partnership
from tests.factories import PartnershipFactory


def test_an_id_is_made_once() -> None:
    text = str(uuid4())

    assert as_uuid(text) == UUID(text)
    assert as_uuid(text) is as_uuid(text)


@pytest.mark.django_db
def test_ids_read_are_uuids_and_nothing_stays_nothing() -> None:
    made = PartnershipFactory()

    read = Partnership.objects.values_list("pk", flat=True).get()

    assert (type(read), read) == (UUID, made.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT NULL")
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db
def test_postgresql_gives_the_same_id_as_the_same_object() -> None:
    PartnershipFactory()

    one, other = (Partnership.objects.values_list("pk", flat=True).get() for _ in range(2))

    assert (one is other) == (connection.vendor == "postgresql")
