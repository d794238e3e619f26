import json
from dataclasses import replace
from datetime import date

import pytest

from reports.documents.codec import ContentError
from reports.documents.content import (
    Audience,
    Block,
    Briefing,
    EarlierAudit,
    FigureRow,
    Item,
    SummaryReport,
    letter,
    long_date,
    prose,
)
from tests.reports.samples import BRIEFING, DRAFT, PUBLISHED, REPORT


class TestJson:
    def test_a_report_comes_back_as_it_was(self) -> None:
        assert SummaryReport.from_json(REPORT.to_json()) == REPORT

    def test_a_briefing_comes_back_as_it_was(self) -> None:
        assert Briefing.from_json(BRIEFING.to_json()) == BRIEFING

    def test_keys_are_sorted_so_that_equal_content_has_an_equal_hash(self) -> None:
        text = REPORT.to_json()
        assert text == json.dumps(
            json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        assert SummaryReport.from_json(text).to_json() == text

    def test_dates_audience_and_nothing_are_plain_json(self) -> None:
        imprint = json.loads(REPORT.to_json())["imprint"]
        assert (imprint["dated"], imprint["audience"], imprint["version"]) == (
            "2026-05-03",
            "board",
            None,
        )

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"findings": "none"}, "SummaryReport.findings should be a list."),
            ({"findings": [1]}, "SummaryReport.findings[0] should be an object."),
            ({"meeting_on": "2026-13-01"}, "SummaryReport.meeting_on: "),
            ({"surprise": 1}, "SummaryReport has missing or unknown keys: surprise."),
        ],
    )
    def test_a_fault_is_named_by_its_place(self, change: dict[str, object], message: str) -> None:
        data = json.loads(REPORT.to_json()) | change
        with pytest.raises(ContentError) as caught:
            SummaryReport.from_json(json.dumps(data))
        assert str(caught.value).startswith(message)

    def test_true_is_no_version_number(self) -> None:
        data = json.loads(REPORT.to_json())
        data["imprint"]["version"] = True
        with pytest.raises(ContentError, match=r"imprint\.version should be int"):
            SummaryReport.from_json(json.dumps(data))

    def test_an_unknown_audience_is_refused(self) -> None:
        data = json.loads(REPORT.to_json())
        data["imprint"]["audience"] = "everyone"
        with pytest.raises(ContentError, match=r"imprint\.audience"):
            SummaryReport.from_json(json.dumps(data))

    def test_what_is_not_json_is_refused(self) -> None:
        with pytest.raises(ContentError, match="Not JSON"):
            Briefing.from_json("{")


class TestProse:
    def test_a_blank_line_ends_a_paragraph(self) -> None:
        assert prose("One\ntwo\n\n\nThree\n") == (Block(("One two",)), Block(("Three",)))

    def test_dashes_make_bullets_and_a_bare_line_continues_one(self) -> None:
        assert prose("- one\n- two\n  and more") == (Block(("one", "two and more"), bullets=True),)

    def test_a_lead_in_may_stand_right_above_its_bullets(self) -> None:
        assert prose("We asked:\n- who\n- when") == (
            Block(("We asked:",)),
            Block(("who", "when"), bullets=True),
        )

    def test_nothing_gives_nothing(self) -> None:
        assert prose(" \n\n ") == ()


class TestImprint:
    def test_a_draft_says_when_it_was_printed(self) -> None:
        assert DRAFT.version_line == "Draft printed 3 May 2026, not yet approved"

    def test_a_version_says_when_and_by_whom(self) -> None:
        assert PUBLISHED.version_line == (
            "Version 2, published 14 September 2026,"
            " approved by Morwenna Ash, chair of the QA sub-group"
        )
        assert replace(PUBLISHED, approved_by="").version_line == (
            "Version 2, published 14 September 2026"
        )

    def test_an_extraordinary_audit_is_called_so(self) -> None:
        assert DRAFT.process == "Extraordinary multi-agency case audit"
        assert PUBLISHED.process == "Multi-agency case audit"

    def test_audiences_are_marked_in_words(self) -> None:
        assert [audience.marking for audience in Audience] == ["Board-confidential", "Public"]


def test_a_figure_is_never_a_bare_percentage() -> None:
    row = FigureRow(measure="m", agency="a", numerator=48, denominator=56, unit="cases")
    assert row.count == "48 of 56 cases"
    assert replace(row, denominator=None, unit="GP practices").count == "48 GP practices"


def test_agencies_already_in_the_text_are_not_named_again() -> None:
    item = Item(text="The police met good", agencies=("Police", "Health"))
    assert item.unnamed_agencies == ("Health",)


def test_after_z_comes_aa() -> None:
    assert [letter(place) for place in (0, 1, 25, 26, 27, 51, 52, 701, 702)] == [
        *("a", "b", "z", "aa", "ab", "az", "ba", "zz", "aaa")
    ]


def test_the_heading_names_the_meeting_once_there_is_one() -> None:
    assert REPORT.findings_heading == "Findings agreed at the meeting of 11 April 2026"
    assert replace(REPORT, meeting_on=None).findings_heading == "Findings"
    assert long_date(date(2026, 1, 2)) == "2 January 2026"


def test_an_earlier_audit_is_named_by_what_is_known_of_it() -> None:
    named = [EarlierAudit(code="2019-2", title="Missing children")]
    named.append(EarlierAudit(code="", title="Missing children"))
    named.append(EarlierAudit(code="2019-2", title=""))
    assert [str(audit) for audit in named] == [
        "Missing children (2019-2)",
        "Missing children",
        "2019-2",
    ]
