"""A completed review of access as a workbook, for whoever asks the partnership for it."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from agencies.models import AccessReview, AccessReviewLine
from agencies.reading.access_review import Record
from agencies.spreadsheets import as_file, put_text

COLUMNS = (
    ("Name", 30),
    ("E-mail address", 34),
    ("Role", 26),
    ("Agency", 34),
    ("From", 20),
    ("Until", 20),
    ("Account", 22),
    ("Last signed in", 22),
    ("Second factor", 28),
    ("Since the last review", 28),
    ("Decision", 16),
    ("Decided by", 34),
    ("Decided at", 24),
)
HEAD = 4


def sheet_of(review: AccessReview, record: Record) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Access review"
    put_text(sheet["A1"], f"Review of access, {review.partnership.name}")
    sheet["A1"].font = Font(bold=True, size=14)
    by = review.completed_by.name if review.completed_by else ""
    put_text(sheet["A2"], f"Completed on {_moment(review.completed_at)} by {by}")
    for column, (words, width) in enumerate(COLUMNS, start=1):
        cell = sheet.cell(HEAD, column)
        put_text(cell, words)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, line in enumerate([*record.lines, *record.gone], start=HEAD + 1):
        _write(sheet, number, line)
    sheet.freeze_panes = f"B{HEAD + 1}"
    return as_file(book)


def _write(sheet: Worksheet, number: int, line: AccessReviewLine) -> None:
    values = (
        line.name,
        line.email,
        line.role,
        line.agency,
        _day(line.starts_on),
        _day(line.ends_on),
        line.account,
        _moment(line.last_signed_in),
        line.second_factor,
        line.get_change_display(),
        line.outcome,
        _decider(line),
        _moment(line.decided_at),
    )
    for column, value in enumerate(values, start=1):
        put_text(sheet.cell(number, column), value)


def _decider(line: AccessReviewLine) -> str:
    name = line.decided_by.name if line.decided_by else ""
    return f"{name} (their own role)" if line.is_own else name


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i") if moment else ""
