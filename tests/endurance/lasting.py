"""A walk through the scenario that may take longer than anybody stays signed in."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.test.utils import override_settings

from tests import scenario
from tests.contracts.walking import Walk

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WEEK = 7 * 24 * 60 * 60


@contextmanager
def quiet() -> Iterator[None]:
    """A refusal is logged; a hundred thousand of them are not read by anybody."""
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security")]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.CRITICAL)
    yield
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)


@contextmanager
def lasting_walk() -> Iterator[Walk]:
    """All of it is undone. A session that ran out would look like a door that is shut, and one that
    is asked again who it is like a form that takes nothing and says nothing."""
    sessions = {"SESSION_COOKIE_AGE": WEEK, "SESSION_LONGEST": WEEK, "CONFIRM_AFTER": WEEK}
    with quiet(), override_settings(CACHES=CACHES, DEBUG=False, **sessions), transaction.atomic():
        try:
            yield Walk(scenario.build())
        finally:
            transaction.set_rollback(True)
