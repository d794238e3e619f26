"""What happened, as a workbook of one sheet: every cell is words, and none can be a formula."""

from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from agencies.spreadsheets import as_file, put_text
from reports.reading.activity import Line

COLUMNS = (
    ("When", 20),
    ("Who", 28),
    ("What they did", 44),
    ("To", 32),
    ("Kind", 22),
    ("About the part of", 28),
    ("Audit", 32),
    ("Chain and entry", 52),
    ("Hash", 66),
)


def sheet_of(lines: Iterable[Line]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Activity")
    for number, (_, width) in enumerate(COLUMNS):
        sheet.column_dimensions["ABCDEFGHI"[number]].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name, Font(bold=True)) for name, _ in COLUMNS])
    for line in lines:
        sheet.append([_cell(sheet, words) for words in _words(line)])
    return as_file(book)


def _words(line: Line) -> tuple[str, ...]:
    return (
        f"{line.at.astimezone():%Y-%m-%d %H:%M:%S}",
        line.who,
        line.verb,
        line.subject,
        line.kind.label,
        line.agency,
        line.audit,
        line.entry,
        line.hash,
    )


def _cell(sheet: Any, words: str, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(sheet)
    put_text(cell, words)
    if font is not None:
        cell.font = font
    return cell
