from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from reports.charts import (
    ANSWERS,
    GRADES,
    KINDS,
    Bar,
    Share,
    cell_bar,
    contrast,
    share_bars,
    stacked_bars,
)

SVG = "{http://www.w3.org/2000/svg}"
SERIES = ("Yes", "Partly", "No")


def parsed(markup: str) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 - our own markup


def texts(chart: ET.Element) -> list[str]:
    return [node.text or "" for node in chart.iter(f"{SVG}text")]


def widths(chart: ET.Element) -> list[float]:
    return [
        float(node.get("width", "0"))
        for node in chart.iter(f"{SVG}rect")
        if node.get("height") == "19"
    ]


def answers(*bars: Bar) -> ET.Element:
    return parsed(stacked_bars(title="Answers", series=SERIES, bars=bars, unit="Cases"))


class TestStackedBars:
    def test_title_comes_first_and_the_description_says_every_number(self) -> None:
        chart = answers(Bar("Police", (30, 12, 14)), Bar("Health", (44, 9, 7)))
        assert [chart[0].tag, chart[1].tag] == [f"{SVG}title", f"{SVG}desc"]
        assert chart[0].text == "Answers"
        assert chart[1].text == (
            "Cases. Police: 30 Yes, 12 Partly, 14 No; Health: 44 Yes, 9 Partly, 7 No"
        )
        assert chart.get("role") == "img"

    def test_parts_are_labelled_with_what_fits_and_totals_stand_at_the_end(self) -> None:
        chart = answers(Bar("Police", (30, 1, 25)))
        assert texts(chart) == ["Yes", "Partly", "No", "Police", "30 yes", "25 no", "56"]

    def test_bars_share_one_scale(self) -> None:
        long, short = widths(answers(Bar("A", (60, 0, 0)), Bar("B", (30, 0, 0))))
        assert short == pytest.approx((long + 1.5) / 2 - 1.5, abs=0.1)

    def test_a_bar_of_one_does_not_fill_the_chart(self) -> None:
        (one,) = widths(answers(Bar("A", (1, 0, 0))))
        (six,) = widths(answers(Bar("A", (6, 0, 0))))
        assert one == pytest.approx((six + 1.5) / 6 - 1.5, abs=0.1)

    def test_nothing_is_drawn_for_a_count_of_nought(self) -> None:
        assert widths(answers(Bar("A", (0, 0, 0)))) == []
        assert texts(answers(Bar("A", (0, 0, 0))))[-1] == "0"

    def test_no_bars_at_all_is_still_a_chart(self) -> None:
        assert texts(answers()) == ["Yes", "Partly", "No"]

    def test_more_series_than_colours_and_a_legend_of_several_lines(self) -> None:
        series = [f"A rather long answer, number {place}" for place in range(8)]
        chart = parsed(
            stacked_bars(title="T", series=series, bars=[Bar("A", (1,) * 8)], unit="Cases")
        )
        assert len({node.get("y") for node in chart.iter(f"{SVG}text")}) > 2
        assert len(widths(chart)) == 8

    def test_a_long_name_is_shortened_on_the_chart(self) -> None:
        name = "The health commissioner for the whole of Fenshire and the Isle"
        chart = answers(Bar(name, (1, 0, 0)))
        assert texts(chart)[3].endswith("…")
        assert name in (chart[1].text or "")


class TestShareBars:
    def test_each_bar_stands_against_its_own_denominator(self) -> None:
        chart = parsed(
            share_bars(title="T", unit="U", shares=[Share("Police", 28, 56), Share("Youth", 4, 4)])
        )
        track, half, other_track, whole = widths(chart)
        assert half == pytest.approx(track / 2, abs=0.1)
        assert whole == other_track
        assert texts(chart) == ["Police", "28 of 56", "Youth", "4 of 4"]

    def test_an_agency_that_graded_nothing_says_so(self) -> None:
        chart = parsed(share_bars(title="T", unit="U", shares=[Share("Hospital", 0, 0)]))
        assert texts(chart) == ["Hospital", "none graded"]
        assert len(widths(chart)) == 1


def test_free_text_cannot_break_out() -> None:
    evil = "</text><script>alert(1)</script>\"'&"
    markup = stacked_bars(title=evil, series=(evil,), bars=[Bar(evil, (3,))], unit=evil)
    assert "<script" not in markup
    assert parsed(markup)[0].text == evil


def test_only_presentation_attributes_for_the_content_security_policy() -> None:
    markup = stacked_bars(title="T", series=SERIES, bars=[Bar("A", (3, 2, 1))], unit="Cases")
    assert "style" not in {name for node in parsed(markup).iter() for name in node.attrib}
    assert "<style" not in markup


@pytest.mark.parametrize("palette", [GRADES, ANSWERS, KINDS])
def test_colours_stand_out_from_the_paper(palette: tuple[str, ...]) -> None:
    assert min(contrast(colour, "#ffffff") for colour in palette) >= 3
    assert all(one != other for one, other in pairwise(palette))


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


class TestCellBar:
    def test_parts_are_drawn_to_the_scale_of_the_longest_bar(self) -> None:
        drawn = cell_bar(
            title="Police: 3 yes, 1 no", counts=[3, 0, 1], top=8, palette=["#111", "#222", "#333"]
        )
        assert 'x="0.0" y="0" width="74.0" height="11" fill="#111"' in drawn
        assert 'x="75.0" y="0" width="24.0" height="11" fill="#333"' in drawn
        assert "#222" not in drawn

    def test_its_words_are_escaped(self) -> None:
        drawn = cell_bar(title="<b>Police</b>", counts=[], top=0, palette=[])
        assert "<title>&lt;b&gt;Police&lt;/b&gt;</title>" in drawn
