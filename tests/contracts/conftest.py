"""The scenario, built once for every test here that walks it and rolled back at the end.

Modules that ask for `walk` are marked `django_db`: each test then has a savepoint inside the
transaction that holds the scenario.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests import scenario
from tests.contracts.walking import Walk

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process runs all of them, one after the other: they share the scenario's transaction."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("contracts"))


@pytest.fixture(scope="package")
def walk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walk]:
    refusals = logging.getLogger("django.request")
    level = refusals.level
    refusals.setLevel(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        yield Walk(scenario.build())
        transaction.set_rollback(True)
    refusals.setLevel(level)
