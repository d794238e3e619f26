"""Does anything an agency says show, in any way, to whoever may not read it yet?

Not every field can carry a canary: a grade, an answer, a number, how far somebody has come. So
everything of one agency is changed at once, and every page of everybody who may not read it is
opened before and after. It must be the same page, to the letter.
"""

import random
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from audits import models as audits
from audits.models import Stage
from tests import scenario
from tests.contracts.privacy import readers
from tests.contracts.walking import NO_STAGE, ROLES, Walk
from tests.endurance import Figures
from tests.endurance.lasting import lasting_walk
from tests.security.matrix import routes
from tests.security.test_matrix import spread

SMALL, LONG = 120, 1_000_000
NAME = "field_rules"

# Of whom everything is changed, and when: returns that the database lets change without a trace.
CHANGED = (
    (Stage.COLLECTING, "own"),
    (Stage.COLLECTING, "colleague"),
    (Stage.DRAFTING, "colleague"),
    (Stage.DRAFTING, "excused"),
)
# The chair is shown states and counts at any time.
COUNTS = {"chair"}
OF_THE_MOMENT = re.compile(
    r'((csrfmiddlewaretoken" value|nonce|data-maca-session)=|X-CSRFToken": )"[^"]*"'
    r"|\d{4}-\d\d-\d\dT[\d:.+]+Z?|\d{8}T\d{6}Z|\b\d\d:\d\d\b"
)
"""What differs between two looks at most pages: tokens, and the time of day."""
PARTS = re.compile(r"(?<=>)|\n")


def run(rounds: int) -> Figures:
    """So many pages, each opened before and after."""
    with lasting_walk() as walk:
        return _compared(walk, rounds)


type Look = tuple[Stage, str, str, str]
"""Stage and agency that are changed, who looks, and at which address."""
type Seen = tuple[int, str]
"""Status and text of a page."""


def _compared(walk: Walk, rounds: int) -> Figures:
    figures = Figures(NAME, bad=("pages that told",))
    looks = list(_looks(walk))
    random.Random(7).shuffle(looks)
    chosen = spread(looks, rounds)
    for stage, whose in CHANGED:
        here = [look for look in chosen if look[:2] == (stage, whose)]
        before = {look: _seen(walk, look) for look in here}
        figures.add("pages", len(here))
        with transaction.atomic():
            change_everything(walk.scenario.told[stage], whose)
            after = {look: seen for look in here if (seen := _seen(walk, look)) != before[look]}
            transaction.set_rollback(True)
        for look, changed in after.items():
            if not same(before[look], _seen(walk, look), changed):
                figures.add("pages that told")
                figures.add(" ".join(look))
    return figures


def same(before: Seen, again: Seen, changed: Seen) -> bool:
    """Whether a page changed in nothing but what differs between any two looks at it, such as a
    secret that is offered or the id of a line that is to be added."""
    parts = [PARTS.split(text) for _, text in (before, again, changed)]
    if len({seen[0] for seen in (before, again, changed)}) > 1 or len(set(map(len, parts))) > 1:
        return False
    return all(one != other or one == now for one, other, now in zip(*parts, strict=True))


def _looks(walk: Walk) -> Iterator[Look]:
    for stage, whose in CHANGED:
        kept_from = set(ROLES) - readers(stage, "returned", whose) - COUNTS
        for role in sorted(kept_from):
            for route in routes().values():
                at = stage.value if route.is_of_audit else NO_STAGE
                if where := walk.address(route, at):
                    yield stage, whose, role, where


def _seen(walk: Walk, look: Look) -> Seen:
    page = walk.open("GET", look[3], look[2])
    return page.status, OF_THE_MOMENT.sub("", page.text)


def change_everything(told: scenario.Told, whose: str) -> None:
    """Every word, grade, answer and number of one agency's return, and how far it has come."""
    owed = audits.AgencyReturn.objects.filter(pk=told.of(whose)["return_id"])
    owed.update(overview="Another overview.", extended_to=date(2031, 5, 6))
    cases = audits.CaseReturn.objects.filter(agency_return__in=owed)
    cases.update(
        own_grade=told.audit.grades.get(code="inadequate"),
        known=audits.Known.NO,
        stage=audits.CaseReturnStage.NOT_KNOWN,
        grade_reason="Another reason.",
        auditor=None,
    )
    answers = audits.Answer.objects.filter(case_return__in=cases)
    answers.filter(question__kind="yes_no").update(value="no")
    answers.filter(question__kind="number").update(value="7")
    answers.update(evidence="Another evidence.")
    points = audits.Point.objects.filter(agency_return__in=owed, placements__agreed=False)
    points.exclude(placements__agreed=True).delete()
    audits.RestorativeAction.objects.filter(agency_return__in=owed).delete()
    audits.EngagementEntry.objects.filter(case_return__in=cases).update(words="Another line.")
    audits.Concern.objects.filter(agency_return__in=owed).delete()


def test_a_page_may_differ_in_what_is_drawn_anew_and_in_nothing_else() -> None:
    before = (200, '<p id="a1">Good</p>\n<p>Owed</p>')
    again = (200, '<p id="b2">Good</p>\n<p>Owed</p>')
    assert same(before, again, (200, '<p id="c3">Good</p>\n<p>Owed</p>'))
    assert not same(before, again, (200, '<p id="c3">Good</p>\n<p>Sent</p>'))
    assert not same(before, again, (200, '<p id="c3">Good</p>\n<p>Owed</p>\n<p>Late</p>'))
    assert not same(before, again, (404, '<p id="c3">Good</p>\n<p>Owed</p>'))


@pytest.mark.django_db
def test_what_another_agency_says_changes_nothing_that_is_shown() -> None:
    figures = run(SMALL)
    assert figures.held, figures
    assert figures.counts["pages"] == SMALL
