from datetime import date
from html.parser import HTMLParser
from uuid import UUID

import pytest

from audits.forms.chronology import ChronologyForm
from audits.forms.drawn_lists import chronology, points_editor
from audits.forms.points import PointsForm, block
from audits.models import EngagementEntry, PointKind
from audits.reading.points import listed
from tests.factories import CaseReturnFactory, returned_point

HOSTILE = '<script>alert("x")</script> & "quoted"'


class Names(HTMLParser):
    """Ids, and what stands inside template elements."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.values: list[str] = []
        self.tags: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "button" and found.get("value"):
            self.values.append(str(found["value"]))


@pytest.mark.django_db
def test_each_button_says_what_it_does_and_no_id_stands_twice() -> None:
    case_return = CaseReturnFactory()
    point = returned_point(case_return, HOSTILE)
    form = PointsForm(points=[point], kinds=PointKind.values)
    there = listed(list(point.placements.all()))

    drawn = Names(
        "".join(points_editor(block(form, kind, there), moves=True) for kind in PointKind.values)
    )

    pk = f"{point.pk}:went_well"
    assert [value for value in drawn.values if str(point.pk) in value] == [
        f"up:{pk}",
        f"down:{pk}",
        f"point:{pk}",
        f"list:{pk}:can_be_improved",
        f"list:{pk}:challenge",
        f"list:{pk}:good_practice",
        f"split:{pk}",
        f"remove:{pk}",
    ]
    assert len(drawn.ids) == len(set(drawn.ids))
    assert "script" not in drawn.tags


@pytest.mark.django_db
def test_where_nothing_moves_there_is_nothing_to_make_new_points_of() -> None:
    form = PointsForm(points=[], kinds=PointKind.values)

    drawn = points_editor(block(form, PointKind.WENT_WELL, {}))

    assert "<template" not in drawn
    assert "data-maca-points" not in drawn


def entry(words: str, began: date | None = None) -> EngagementEntry:
    return EngagementEntry(id=UUID(int=77), began_on=began, words=words)


def test_a_line_has_its_dates_its_words_and_a_way_out() -> None:
    form = ChronologyForm(entries=[entry(HOSTILE, date(2025, 1, 10))])

    markup = chronology(form)
    drawn = Names(markup)

    assert 'value="2025-01-10"' in markup
    assert "script" not in drawn.tags
    assert f"entry:remove:{UUID(int=77)}" in drawn.values
    assert len(drawn.ids) == len(set(drawn.ids))
    assert len(form.boxes) == 2, "an empty line waits below"


def test_an_end_before_the_beginning_is_told_beside_it() -> None:
    name = f"entry_{UUID(int=77)}"
    data = {f"{name}_began": "2025-03-01", f"{name}_ended": "2025-01-10", f"{name}_words": "Visit"}

    form = ChronologyForm(data, entries=[entry("Visit")])

    assert not form.is_valid()
    assert "The end must not come before the beginning." in chronology(form)


def test_a_line_that_the_page_began_is_read_and_an_unsent_one_left_alone() -> None:
    new = UUID(int=78)
    data = {f"entry_{new}_words": "Visit", f"entry_{new}_began": "1/3/2025"}

    form = ChronologyForm(data, entries=[entry("There")])

    assert form.is_valid(), form.errors
    (line,) = form.drafts().values()
    assert (line.began, line.ended, line.words) == (date(2025, 3, 1), None, "Visit")


def test_more_lines_than_a_chronology_has_are_not_read() -> None:
    data = {f"entry_{UUID(int=n)}_words": "x" for n in range(100, 400)}

    assert len(ChronologyForm(data, entries=[]).boxes) == 200


def test_a_year_that_is_still_being_typed_is_no_year() -> None:
    name = f"entry_{UUID(int=77)}"

    form = ChronologyForm(
        {f"{name}_began": "0202-03-01", f"{name}_words": "Visit"}, entries=[entry("Visit")]
    )

    assert form.errors == {f"{name}_began": ["Give the year in full, such as 2025."]}
