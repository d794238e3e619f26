from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.domain import engagement
from audits.domain.engagement import Line, in_order
from audits.domain.revisions import Kept
from audits.models import EngagementEntry
from tests.audits.collecting import collecting

JANUARY, MARCH = date(2025, 1, 10), date(2025, 3, 1)


def test_a_line_reads_as_one_text() -> None:
    assert str(Line(JANUARY, MARCH, "Two visits. ")) == "2025-01-10 to 2025-03-01: Two visits."
    assert str(Line(JANUARY, None, "Weekly.")) == "2025-01-10 to now: Weekly."
    assert str(Line(None, None, "Weekly.")) == "? to now: Weekly."
    assert str(Line()) == ""


@given(
    st.builds(
        Line,
        st.none() | st.dates(min_value=date(1000, 1, 1)),
        st.none() | st.dates(min_value=date(1000, 1, 1)),
        st.text().map(str.strip),
    )
)
def test_whatever_a_line_says_can_be_read_back(line: Line) -> None:
    assert Line.parse(str(line)) == line


@pytest.mark.parametrize("text", ["Weekly.", "2025-01-10: Weekly.", "2025-13-10 to now: x"])
def test_other_texts_are_no_lines(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - two places raise it, both in other words
        Line.parse(text)


def test_lines_stand_in_order_of_time_and_unfinished_ones_last() -> None:
    rows = [
        EngagementEntry(words="undated"),
        EngagementEntry(began_on=JANUARY, words="going on"),
        EngagementEntry(began_on=MARCH, words="later"),
        EngagementEntry(began_on=JANUARY, ended_on=MARCH, words="ended"),
    ]

    assert [each.words for each in in_order(rows)] == ["ended", "going on", "later", "undated"]


@pytest.mark.django_db
def test_lines_are_changed_and_made_under_the_ids_of_their_page() -> None:
    world = collecting()
    there = EngagementEntry.objects.create(case_return=world.first, words="Old", revision=1)
    new, empty = uuid4(), uuid4()

    said = engagement.write(
        world.first,
        lines={
            there.pk: Line(JANUARY, MARCH, "Two visits."),
            new: Line(MARCH, None, "Weekly."),
            empty: Line(),
        },
        there={there.pk: there},
        by=world.auditor,
    )

    rows = in_order(EngagementEntry.objects.all())
    assert [(row.began_on, row.ended_on, row.words, row.revision) for row in rows] == [
        (JANUARY, MARCH, "Two visits.", 2),
        (MARCH, None, "Weekly.", 1),
    ]
    assert said == [
        Kept(f"entry:{there.pk}", "2025-01-10 to 2025-03-01: Two visits.", 2),
        Kept(f"entry:{new}", "2025-03-01 to now: Weekly.", 1),
    ]
    assert rows[1].written_by == world.auditor


@pytest.mark.django_db
def test_a_line_of_another_case_is_not_taken_over() -> None:
    world = collecting()
    theirs = EngagementEntry.objects.create(case_return=collecting().first, words="Theirs")

    lines = {theirs.pk: Line(JANUARY, None, "Mine")}
    said = engagement.write(world.first, lines=lines, there={}, by=world.auditor)

    assert said == []
    assert EngagementEntry.objects.get().words == "Theirs"
