"""Whose words stand on whose page: every text about a case is looked for on every page.

tests/scenario.py put a canary into each: `canary-<stage>-<kind>-<whose>`. Nobody may find one that
the privacy rules keep from them, whatever the page and however they came to it.
"""

import pytest

from tests.contracts.access_table import PAGES
from tests.contracts.privacy import LIBRARY, may_read
from tests.contracts.walking import ROLES, Route, Walk, all_routes
from tests.scenario import CANARY

pytestmark = pytest.mark.django_db

ROUTES = [route for route in all_routes() if route.name in PAGES]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_nobody_reads_what_is_not_theirs(route: Route, walk: Walk) -> None:
    wrong = set()
    for stage in PAGES[route.name]:
        for role in ROLES:
            for words in set(CANARY.findall(walk.get(route, stage, role).text)):
                if not may_read(role, words, route.name):
                    wrong.add(f"{role}, {stage}: {'-'.join(words)}")
    assert not wrong, "\n".join(sorted(wrong))


def test_the_canaries_sing(walk: Walk) -> None:
    """Words that nobody could find would prove nothing: those who may read them do."""
    heard = {
        (stage, kind, role)
        for route in ROUTES
        for at in PAGES[route.name]
        for role in ("auditor", "colleague", "officer", "chair", "member")
        for stage, kind, _ in CANARY.findall(walk.get(route, at, role).text)
    }
    assert heard >= {
        ("collecting", "returned", "auditor"),
        ("collecting", "returned", "officer"),
        ("collecting", "concern", "auditor"),
        ("meeting", "concern", "officer"),
        ("meeting", "returned", "auditor"),
        ("meeting", "returned", "colleague"),
        ("meeting", "returned", "chair"),
        ("meeting", "agreed", "member"),
        ("nominating", "nominated", "member"),
        ("nominating", "nominated", "officer"),
    }


@pytest.mark.parametrize("role", ["unasked", "board", "admin", "foreign", "leaver"])
def test_whoever_has_no_part_in_an_audit_hears_nothing(role: str, walk: Walk) -> None:
    heard = {
        f"{route.name}, {stage}"
        for route in ROUTES
        for stage in PAGES[route.name]
        if route.name not in LIBRARY
        for words in CANARY.findall(walk.get(route, stage, role).text)
        if words[0] != "foreign" and words[1] != "account"
    }
    assert not heard, "\n".join(sorted(heard))
