"""The scenario, built once for every test here that walks it and rolled back at the end.

Modules that ask for `walk` are marked `django_db`: each test then has a savepoint inside the
transaction that holds the scenario.
"""

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests import scenario
from tests.contracts.walking import Walk


@pytest.fixture(scope="package")
def walk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walk]:
    refusals = logging.getLogger("django.request")
    level = refusals.level
    refusals.setLevel(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        yield Walk(scenario.build())
        transaction.set_rollback(True)
    refusals.setLevel(level)
