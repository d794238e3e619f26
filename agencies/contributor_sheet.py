"""The list of an agency's contributors as a workbook of two columns."""

from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.workbook.protection import WorkbookProtection

from agencies.models import Contributor
from agencies.spreadsheets import as_file, put_text


def sheet_of(contributors: Iterable[Contributor]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Contributors"
    book.security = WorkbookProtection(lockStructure=True)
    for column, words, width in (("A", "Name", 48), ("B", "E-mail address", 48)):
        put_text(sheet[f"{column}1"], words)
        sheet[f"{column}1"].font = Font(bold=True)
        sheet.column_dimensions[column].width = width
    for number, contributor in enumerate(contributors, start=2):
        put_text(sheet[f"A{number}"], contributor.name)
        put_text(sheet[f"B{number}"], contributor.email)
    sheet.freeze_panes = "A2"
    return as_file(book)
