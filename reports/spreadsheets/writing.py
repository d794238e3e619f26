"""Makes the workbook: a sheet a case, one about the request, and the hidden ones they need."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation

from agencies.spreadsheets import Cell, as_cell_text, as_file, fits_a_cell, put_text
from audits.domain.drafts import Basis
from audits.models import CaseReturnStage
from reports.reading.workbook import CaseContent, ReturnContent
from reports.spreadsheets.key import SHEET, CellKey, SheetKey, WorkbookKey, mark
from reports.spreadsheets.layout import (
    ABOUT,
    LISTS,
    Line,
    Look,
    Shape,
    Slot,
    about,
    case_lines,
    title,
)
from reports.spreadsheets.styles import ACCENT, AMBER, FACE, FADED, QUIET, TEAL, named_styles

WIDTHS = {"A": 6, "B": 48, "C": 16, "D": 16, "E": 66}
HEADER_ROWS = 4
BASES = {
    Look.SECTION: "section",
    Look.HEADINGS: "head",
    Look.LINE: "words",
    Look.ROW: "quiet",
}
TABS = {CaseReturnStage.IN_PROGRESS: AMBER}
TOO_LONG = "This text is too long for a cell. Read and change it on the page of the case."
FADED_LINE = DifferentialStyle(font=Font(color=FADED))


def workbook_of(content: ReturnContent) -> bytes:
    """The file itself; cases that cannot be changed have sheets for reading."""
    book = _Book(content)
    for case in content.cases:
        book.add_case(case)
    return book.finished()


class _Book:
    def __init__(self, content: ReturnContent) -> None:
        self.content = content
        self.made_at = timezone.now()
        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])
        for style in named_styles().values():
            self.book.add_named_style(style)
        self.keys: list[SheetKey] = []
        self.lists: dict[tuple[str, ...], str] = {}

    def add_case(self, case: CaseContent) -> None:
        sheet = _CaseSheet(self, case)
        sheet.write(case_lines(self.content, case))
        self.keys.append(sheet.key())

    def list_of(self, labels: tuple[str, ...]) -> str:
        """Where the labels of a drop-down stand, for its validation."""
        if labels not in self.lists:
            letter = get_column_letter(len(self.lists) + 1)
            self.lists[labels] = f"{LISTS}!${letter}$1:${letter}${len(labels)}"
        return self.lists[labels]

    def finished(self) -> bytes:
        self._write_about()
        self._write_lists()
        self._write_key()
        # Structure only, and without a password: it keeps from accidents, the key from tampering.
        self.book.security = WorkbookProtection(lockStructure=True)
        self.book.properties.creator = "MACA"
        self.book.properties.title = f"{self.content.agency_return.agency}"[:200]
        return as_file(self.book)

    def _write_about(self) -> None:
        sheet = self.book.create_sheet(ABOUT, 0 if len(self.keys) > 1 else 1)
        self.book.active = 1 if len(self.keys) > 1 else 0
        sheet.sheet_properties.tabColor = TEAL
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 104
        _put(sheet, "A1", "About this request", "title")
        _put(sheet, "B1", "", "title")
        sheet.row_dimensions[1].height = 34
        rows = [(heading, words, "bold") for heading, words in about(self.content)]
        rows.append(("What each grade means", "", "section"))
        rows += [(each.label, each.description, "bold") for each in self.content.grades]
        for number, (heading, words, style) in enumerate(rows, start=2):
            _put(sheet, f"A{number}", heading, style)
            _put(sheet, f"B{number}", words, "section" if style == "section" else "words")
        _protect(sheet)
        _print_setup(sheet, rows="1:1", whose="About this request")

    def _write_lists(self) -> None:
        sheet = self.book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        for column, labels in enumerate(self.lists, start=1):
            for row, label in enumerate(labels, start=1):
                put_text(sheet.cell(row=row, column=column), label)
        _protect(sheet)

    def _write_key(self) -> None:
        sheet = self.book.create_sheet(SHEET)
        sheet.sheet_state = "veryHidden"
        row = self.content.agency_return
        key = WorkbookKey(
            row.pk,
            row.audit.toolkit_id,
            f"{row.agency}, {row.audit}",
            tuple(self.keys),
            self.made_at,
        )
        for number, piece in enumerate(key.pieces(), start=1):
            put_text(sheet.cell(row=number, column=1), piece)
        _protect(sheet)


class _CaseSheet:
    """Fills one sheet from the top, and remembers which cell is which."""

    def __init__(self, book: _Book, case: CaseContent) -> None:
        self.book = book
        self.case = case
        self.sheet: Any = book.book.create_sheet(title(case))
        self.cells: list[CellKey] = []
        self.fixed: dict[str, str] = {}
        self.at: dict[str, str] = {}
        """Where the answer with a key stands."""
        self.validations: dict[tuple[str, ...], DataValidation] = {}

    def write(self, lines: Sequence[Line]) -> None:
        self._header()
        for row, line in enumerate(lines, start=HEADER_ROWS + 1):
            self._line(row, line)
        for letter, width in WIDTHS.items():
            self.sheet.column_dimensions[letter].width = width
        self.sheet.freeze_panes = f"A{HEADER_ROWS + 1}"
        self.sheet.sheet_properties.tabColor = TABS.get(
            CaseReturnStage(self.case.case_return.stage), TEAL if self.case.closed_because else None
        )
        _protect(self.sheet)
        _print_setup(self.sheet, rows=f"1:{HEADER_ROWS}", whose=title(self.case))

    def key(self) -> SheetKey:
        texts = self.case.texts
        keys = {cell.key for cell in self.cells}
        basis = Basis.of({key: text for key, text in texts.items() if key in keys})
        return SheetKey(
            self.sheet.title, self.case.case_return.pk, tuple(self.cells), self.fixed, basis
        )

    def _header(self) -> None:
        content, row = self.book.content, self.case.case_return
        due = content.agency_return.due_on
        by = f", due {date_format(due, 'j F Y')}" if due else ""
        made = date_format(timezone.localtime(self.book.made_at), "j F Y, H:i")
        closed = self.case.closed_because
        advice = (
            f"For reading only, because {closed}."
            if closed
            else "White cells are yours to fill in; an empty cell changes nothing. "
            "Case numbers only: never a name."
        )
        for number, height, style, left, right in (
            (1, 34, "title", title(self.case), row.get_stage_display()),
            (
                2,
                20,
                "whose",
                f"{content.agency_return.agency} · {content.audit}{by}",
                f"As of {made}",
            ),
            (3, 20, "advice", advice, ""),
        ):
            self.sheet.row_dimensions[number].height = height
            for letter in WIDTHS:
                self.sheet[f"{letter}{number}"].style = f"MACA {style}"
            self._fix(f"A{number}", left, style)
            self._fix(f"E{number}", right, "advice" if number == 3 else "state")
        headings = ("No.", "Question", "Answer", "", "Evidence, or your words")
        for letter, words in zip(WIDTHS, headings, strict=True):
            self._fix(f"{letter}{HEADER_ROWS}", words, "head")

    def _line(self, row: int, line: Line) -> None:
        base = BASES[line.look]
        for letter in WIDTHS:
            self.sheet[f"{letter}{row}"].style = f"MACA {base}"
        if line.look == Look.SECTION:
            self.sheet.row_dimensions[row].height = 26
            self._fix(f"A{row}", line.words, base)
            return
        self._fix(f"A{row}", line.number, "number" if line.number else base)
        self._question(f"B{row}", line, base)
        if line.answer is not None and line.second is None:
            self.sheet.merge_cells(f"C{row}:D{row}")
        self._slot_or(f"C{row}", line.answer, line.answer_words, base)
        if not (line.answer is not None and line.second is None):
            self._slot_or(f"D{row}", line.second, line.second_words, base)
        self._slot_or(f"E{row}", line.wide, line.wide_words, base)
        if line.waits_for is not None:
            self._fade(row, *line.waits_for)

    def _question(self, coordinate: str, line: Line, style: str) -> None:
        if line.number or line.mark or line.help:
            _put_rich(self.sheet[coordinate], line, style)
            words = " ".join(filter(None, (f"{line.mark}:" if line.mark else "", line.words)))
            self.fixed[coordinate] = mark(Cell(as_cell_text(f"{words}\n{line.help}")))
        else:
            self._fix(coordinate, line.words, style)

    def _fix(self, coordinate: str, words: str, style: str) -> None:
        """Words of ours, which nobody is to change."""
        _put(self.sheet, coordinate, words, style)
        if words:
            self.fixed[coordinate] = mark(Cell(as_cell_text(words)))

    def _slot_or(self, coordinate: str, slot: Slot | None, words: str, style: str) -> None:
        if slot is None:
            self._fix(coordinate, words, style)
        elif not fits_a_cell(slot.value):
            self._fix(coordinate, TOO_LONG, "quiet")
        elif self.case.closed_because:
            value = dict(slot.choices).get(slot.value, slot.value)
            self._fix(coordinate, value, "words")
        else:
            self._slot(coordinate, slot)

    def _slot(self, coordinate: str, slot: Slot) -> None:
        cell = self.sheet[coordinate]
        cell.style = f"MACA {STYLES[slot.shape]}"
        self.cells.append(CellKey.of(coordinate, slot, _fill_in(cell, slot)))
        self.at[slot.key] = coordinate
        labels = tuple(label for _, label in slot.choices)
        kind = (str(slot.shape), *labels)
        if kind not in self.validations:
            validation = _validation(slot.shape, self.book.list_of(labels) if labels else "")
            if validation is None:
                return
            self.sheet.add_data_validation(validation)
            self.validations[kind] = validation
        self.validations[kind].add(coordinate)

    def _fade(self, row: int, key: str, wanted: tuple[str, ...]) -> None:
        """A follow-up stays pale until the answer that brings it up is given."""
        if key not in self.at:
            return
        letter, number = self.at[key][0], self.at[key][1:]
        quoted = (label.replace('"', '""') for label in wanted)
        unmet = ",".join(f'${letter}${number}<>"{label}"' for label in quoted)
        rule = Rule(type="expression", formula=[f"AND({unmet})"], dxf=FADED_LINE)
        self.sheet.conditional_formatting.add(f"A{row}:E{row}", rule)


STYLES = {
    Shape.CHOICE: "choose",
    Shape.NUMBER: "count",
    Shape.DATE: "day",
    Shape.WORDS: "write",
}


def _fill_in(cell: Any, slot: Slot) -> Cell:
    """Put the stored value where it belongs; what a reader of the cell would find."""
    try:
        if slot.value and slot.shape == Shape.DATE:
            cell.value = date.fromisoformat(slot.value)
            return Cell(datetime.combine(cell.value, time()))
        if slot.value and slot.shape == Shape.NUMBER:
            cell.value = float(slot.value)
            return Cell(cell.value)
    except ValueError:
        pass  # Nothing that this question takes, so it is shown as the words that it is.
    words = dict(slot.choices).get(slot.value, slot.value)
    put_text(cell, words)
    return Cell(as_cell_text(words))


def _validation(shape: Shape, source: str) -> DataValidation | None:
    if shape == Shape.CHOICE:
        found = DataValidation(type="list", formula1=source, allow_blank=True)
        found.error = "Choose one from the list, or leave the cell empty."
    elif shape == Shape.NUMBER:
        found = DataValidation(
            type="decimal", operator="between", formula1="-9999999999", formula2="9999999999"
        )
        found.error = "Write a number, such as 3 or 2.5, or leave the cell empty."
    elif shape == Shape.DATE:
        found = DataValidation(
            type="date", operator="between", formula1="DATE(1900,1,1)", formula2="DATE(2100,12,31)"
        )
        found.error = "Write a day, such as 3/2/2026, or leave the cell empty."
    else:
        return None
    found.errorTitle, found.showErrorMessage, found.allow_blank = "Not taken", True, True
    return found


def _put(sheet: Any, coordinate: str, words: str, style: str) -> None:
    cell = sheet[coordinate]
    cell.style = f"MACA {style}"
    if words:
        put_text(cell, words)


def _put_rich(cell: Any, line: Line, style: str) -> None:
    """A question with what brings it up before it and its help below it."""
    cell.style = f"MACA {style}"
    parts = []
    if line.mark:
        parts.append(_block(f"{line.mark}: ", i=True, color=ACCENT))
    parts.append(_block(line.words, b=bool(line.number)))
    if line.help:
        parts.append(_block(f"\n{line.help}", sz=9, color=QUIET))
    cell.value = CellRichText(*parts)


def _block(words: str, **look: Any) -> TextBlock:
    return TextBlock(InlineFont(**{"rFont": FACE, "sz": 11, **look}), as_cell_text(words))


def _protect(sheet: Any) -> None:
    """Locked but for the white cells; rows and columns may be made larger."""
    sheet.protection.sheet = True
    sheet.protection.formatRows = False
    sheet.protection.formatColumns = False


def _print_setup(sheet: Any, *, rows: str, whose: str) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = rows
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.left.text = whose
    sheet.oddFooter.right.text = "Page &P of &N"
