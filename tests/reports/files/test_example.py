"""The example in the documentation loads, and says what the page says it does."""

import json
import re
from pathlib import Path

import pytest

from audits.models import Audit, FindingPlacement, PointPlacement
from reports.files import load
from tests.reports.files.examples import as_bytes

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).parents[3] / "docs" / "developers" / "audit-file.md"


def example() -> Audit:
    *_, last = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return load(as_bytes(json.loads(last)))


def test_the_points_stand_in_their_place_and_order() -> None:
    agreed = PointPlacement.objects.filter(point__audit=example(), agreed=True)

    listed = [
        (row.point.case.number if row.point.case else 0, row.kind, row.position, row.point.text)
        for row in agreed
    ]

    assert sorted(listed) == [
        (0, "good_practice", 0, "Schools rang the same morning."),
        (1, "can_be_improved", 0, "Nobody asked her why she left."),
        (1, "challenge", 0, "Nobody asked her why she left."),
        (1, "challenge", 1, "Who tells the school?"),
        (1, "went_well", 0, "An officer she knew came to fetch her."),
    ]


def test_the_findings_stand_in_their_sections() -> None:
    placements = FindingPlacement.objects.filter(finding__audit=example())

    found = {
        (row.section, row.heading.label if row.heading else "", row.lead_in is not None, row.text)
        for row in placements
    }

    assert found == {
        ("findings", "", True, "Children are not asked why they leave."),
        ("working_well", "", False, "Interviews are offered: {figure:interviews}."),
        ("gaps", "Hearing children", False, "Asking why, and writing it down."),
        ("gaps", "Telling schools", False, "Schools are told the next day."),
    }


def test_codes_left_out_are_made_up() -> None:
    audit = example()

    assert sorted(audit.findings.values_list("code", flat=True)) == [
        "finding-1",
        "not-asked",
        "schools",
    ]
    assert list(audit.actions.values_list("code", flat=True)) == ["action-1", "action-2"]


def test_what_is_left_out_takes_its_default() -> None:
    audit = example()

    assert audit.kind == "programmed"
    assert audit.toolkit.version == 1
    assert audit.toolkit.is_frozen
    assert audit.meeting.attendance.get(name="A. Reader").state == "attended"
    assert [case.discussion.state for case in audit.cases.all()] == ["discussed", "passed_over"]
    assert audit.figures.get().kind == "stated"
    assert not audit.agency_returns.exists()
