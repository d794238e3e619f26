"""Both documents from their content to a PDF that is read back."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pdfua
import pikepdf
import pytest
from pypdf import PdfReader

from reports.documents.content import Annex, Briefing, Group, Item, SummaryReport
from reports.documents.html import print_page
from reports.renderer import renderer
from tests.reports import pdf
from tests.reports.samples import BRIEFING, PUBLISHED, REPORT


def printed(document: SummaryReport | Briefing) -> bytes:
    """The PDF; whatever WeasyPrint finds fault with in our pages fails the test."""
    reply = renderer.render(print_page(document), timeout=60)
    assert reply.warnings == ()
    return reply.body


@pytest.fixture(scope="module")
def report() -> bytes:
    return printed(REPORT)


@pytest.fixture(scope="module")
def briefing() -> bytes:
    return printed(BRIEFING)


@pytest.fixture(params=["report", "briefing"])
def document(request: pytest.FixtureRequest) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(request.getfixturevalue(request.param)))


class TestAccessibility:
    def test_language_title_and_marks(self, document: pikepdf.Pdf) -> None:
        root = document.Root
        assert str(root.Lang) == "en-GB"
        assert str(document.docinfo.Title).endswith("Fenshire Safeguarding Children Partnership")
        assert bool(root.MarkInfo.Marked) is True
        assert bool(root.ViewerPreferences.DisplayDocTitle) is True

    def test_it_declares_pdf_ua(self, document: pikepdf.Pdf) -> None:
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"

    def test_one_first_heading_and_no_level_is_skipped(self, document: pikepdf.Pdf) -> None:
        levels = [int(tag[1]) for tag in pdf.tags(document) if tag[0] == "H" and tag[1:].isdigit()]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))

    def test_every_figure_has_words_in_its_place(self, document: pikepdf.Pdf) -> None:
        figures = [node for node in pdf.elements(document) if node.S == "/Figure"]
        assert all(len(str(figure.Alt)) > 10 for figure in figures)

    def test_every_header_cell_says_what_it_heads(self, document: pikepdf.Pdf) -> None:
        headers = [node for node in pdf.elements(document) if node.S == "/TH"]
        assert all(str(cell.A.Scope) in {"/Column", "/Row"} for cell in headers)

    def test_the_checker_finds_no_fault(self, document: pikepdf.Pdf, tmp_path: Path) -> None:
        document.save(tmp_path / "document.pdf")
        found = pdfua.validate(str(tmp_path / "document.pdf")).findings
        assert [finding for finding in found if finding.severity == pdfua.Severity.ERROR] == []


class TestSummaryReport:
    def test_the_bookmarks_are_its_sections(self, report: bytes) -> None:
        assert pdf.bookmarks(pikepdf.open(BytesIO(report))) == [
            (1, "1 Background"),
            (1, "2 Methodology"),
            (1, "3 Findings agreed at the meeting of 11 April 2026"),
            (2, "3.1 Findings"),
            (2, "3.2 What’s working well?"),
            (3, "Police"),
            (2, "3.3 What are we worried about?"),
            (2, "3.4 Gaps and improvements"),
            (3, "3.4.1 Policy and escalation"),
            (3, "3.4.2 Voice of the child"),
            (1, "4 Next steps and actions"),
            (1, "Thanks"),
            (1, "Annex: the figures"),
            (2, "Figures used in this report"),
            (2, "Said in words"),
            (2, "Grades by agency"),
            (2, "Answers to the toolkit’s questions"),
            (2, "Points by learning theme"),
            (2, "Grades changed at the meeting"),
            (2, "Overall grades agreed for cases"),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "Extraordinary multi-agency case audit",
            "Draft printed 3 May 2026, not yet approved",
            "Board-confidential",
            "• sixty referrals",
            "Chronologies have gaps Seen before in Neglect (2025-neglect)",
            "48 of 56 cases met good (Police)",
            "Notices reach schools by nine Education",
            "Challenge is rare For the board’s scrutiny",
            "a. The policy is not used",
            "b. The pathway is new",
            "a. Babies are not observed",
            "28 September 2026",
            "Done when: half of all challenges end at the first step",
            "Answers 3.4.1 a",
            "Write a guide for practices to be agreed to be agreed",
            "Stated by the designated nurse",
            "Counted from returns",
            "The acute hospital gave no grades.",
            "The strategy discussion was not on the file",
        ],
    )
    def test_it_says(self, report: bytes, text: str) -> None:
        assert text in pdf.words(report)

    def test_every_placement_prints_once(self, report: bytes) -> None:
        text = pdf.words(report)
        placed = [*REPORT.findings, *REPORT.findings[1].items, *REPORT.gaps[0].items]
        assert [text.count(item.text) for item in placed] == [1] * len(placed)

    def test_every_page_after_the_first_says_draft(self, report: bytes) -> None:
        text = pdf.words(report)
        pages = len(pikepdf.open(BytesIO(report)).pages)
        assert text.count("Draft") == pages - 1 + pages + 1
        assert "Draft" not in pdf.words(printed(replace(REPORT, imprint=PUBLISHED)))

    def test_pages_are_counted(self, report: bytes) -> None:
        pages = len(pikepdf.open(BytesIO(report)).pages)
        assert f"{pages} of {pages}" in pdf.words(report)

    def test_charts_stand_beside_their_tables(self, report: bytes) -> None:
        tree = pdf.tags(pikepdf.open(BytesIO(report)))
        # A chart of grades, a chart of themes, and a bar for each of two agencies' answers.
        assert tree.count("Figure") == 4
        assert tree.count("Table") == 7

    def test_empty_sections_say_so(self) -> None:
        text = pdf.words(printed(SummaryReport(imprint=PUBLISHED)))
        for sentence in (
            "No background has been written.",
            "No methodology has been written.",
            "No findings were recorded here.",
            "Nothing was recorded as working well.",
            "No worries were recorded.",
            "No gaps were recorded.",
            "No next steps or actions have been agreed.",
            "The agencies that took part are still to be named.",
            "No figures were recorded for this audit.",
        ):
            assert sentence in text

    def test_after_z_the_letters_double(self) -> None:
        items = tuple(Item(text=f"gap number {place}") for place in range(28))
        report = replace(REPORT, gaps=(Group(heading="Many", items=items),), annex=Annex())
        text = pdf.words(printed(report))
        assert "z. gap number 25" in text
        assert "aa. gap number 26 ab. gap number 27" in text


class TestBriefing:
    def test_the_bookmarks_are_its_six_steps_and_no_empty_case(self, briefing: bytes) -> None:
        assert pdf.bookmarks(pikepdf.open(BytesIO(briefing))) == [
            (1, "1 Theme and cases"),
            (1, "2 The process"),
            (1, "3 What went well?"),
            (2, "Case 1"),
            (2, "Case 3"),
            (1, "4 What can be improved?"),
            (2, "Case 3"),
            (1, "5 What challenges or themes can be identified?"),
            (1, "6 Good practice"),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "1. Has the neglect tool been used?",
            "2. Were its findings reviewed? Follows question 1, if yes",
            "3. What has worked well with this case?",
            "No challenges or themes were identified.",
            "• Nurseries hold the picture",
            "Version 2, published 14 September 2026, approved by Morwenna Ash",
        ],
    )
    def test_it_says(self, briefing: bytes, text: str) -> None:
        assert text in pdf.words(briefing)

    def test_a_handful_of_cases_fits_on_one_side(self, briefing: bytes) -> None:
        assert len(pikepdf.open(BytesIO(briefing)).pages) == 1


def test_free_text_stays_text() -> None:
    evil = '</p></li><script>alert(1)</script><img src="file:///etc/passwd"><style>*{}</style>'
    page = print_page(replace(REPORT, findings=(Item(text=evil),)))
    assert "<script" not in page
    assert "<img" not in page
    assert evil in pdf.words(printed(replace(REPORT, findings=(Item(text=evil),))))


@pytest.mark.parametrize("document", [REPORT, BRIEFING])
def test_a_word_without_end_stays_on_the_page(document: SummaryReport | Briefing) -> None:
    address = "h" * 400
    if isinstance(document, SummaryReport):
        document = replace(document, findings=(Item(text=address),))
    else:
        document = replace(document, good_practice=(Item(text=address),))
    lines = [
        line.count("h")
        for page in PdfReader(BytesIO(printed(document))).pages
        for line in page.extract_text().splitlines()
        if "hhhh" in line
    ]
    assert sum(lines) == 400
    assert len(lines) >= 4


def test_a_space_at_the_end_does_not_break_a_full_line() -> None:
    """WeasyPrint would put the first word of such an item on a line of its own."""
    items = tuple(
        Item(text=f"The children are safe and their needs {'x' * length} ") for length in range(12)
    )
    document = printed(replace(BRIEFING, went_well=(Group(heading="Case 1", items=items),)))
    lines = [
        line.strip()
        for page in PdfReader(BytesIO(document)).pages
        for line in page.extract_text().splitlines()
    ]
    assert "• The" not in lines
