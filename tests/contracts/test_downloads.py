"""Every file that the activity calls handed out is refused to whoever has had enough of them."""

import pytest
from django.conf import settings

from tests.contracts.access_table import PAGES
from tests.contracts.test_access import WALKED
from tests.contracts.walking import ROLES, Route, Walk

pytestmark = pytest.mark.django_db

# Files that hold nothing of anybody, and are not recorded.
BLANK = {"identity-workbook"}
FILES = {
    "access-review-sheet",
    "activity-download",
    "audit-activity-download",
    "audit-calendar",
    "case-return-download",
    "contributor-sheet",
    "document-draft-pdf",
    "document-pdf",
    "workbook-download",
}


def is_file(walk: Walk, route: Route, stage: str, role: str) -> bool:
    return "content-disposition" in walk.get(route, stage, role).headers


@pytest.mark.parametrize(
    "route", [each for each in WALKED if each.name in PAGES], ids=lambda route: route.name
)
def test_whoever_has_had_enough_gets_no_more(
    walk: Walk, route: Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [
        (stage, role)
        for stage in PAGES[route.name]
        if walk.address(route, stage) is not None
        for role in ROLES
        if is_file(walk, route, stage, role)
    ]
    assert bool(given) == (route.name in FILES | BLANK), "Name it here, and let it hand out files."
    monkeypatch.setattr(settings, "FILES_AN_HOUR", 0)
    if route.name in FILES:
        for stage, role in given:
            address = walk.address(route, stage)
            assert address is not None
            assert walk.open("GET", address, role).status == 429
