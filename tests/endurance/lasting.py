"""A walk through the scenario that may take longer than anybody stays signed in."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.test.utils import override_settings

from tests import scenario
from tests.contracts.walking import Walk
from tests.endurance.test_bad_input import CACHES, quiet

WEEK = 7 * 24 * 60 * 60


@contextmanager
def lasting_walk() -> Iterator[Walk]:
    """All of it is undone. A session that ran out would look like a door that is shut."""
    sessions = {"SESSION_COOKIE_AGE": WEEK, "SESSION_LONGEST": WEEK, "CONFIRM_AFTER": WEEK}
    with quiet(), override_settings(CACHES=CACHES, DEBUG=False, **sessions), transaction.atomic():
        try:
            yield Walk(scenario.build())
        finally:
            transaction.set_rollback(True)
