"""A workbook of case returns in the hands of somebody offline, for tests."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from agencies.spreadsheets import open_workbook
from audits.models import AgencyReturn, CaseReturn
from reports.domain.workbooks import present_differences
from reports.reading.workbook import case_returns_of, content_of
from reports.spreadsheets.differences import Differences
from reports.spreadsheets.reading import Offer, Read, key_of, read
from reports.spreadsheets.writing import workbook_of

LETTERS = "ABCDE"


class Paper:
    """A downloaded workbook, opened in a spreadsheet program."""

    def __init__(self, content: bytes) -> None:
        self.book: Any = load_workbook(io.BytesIO(content), rich_text=True)

    @classmethod
    def of(cls, agency_return: AgencyReturn, *rows: CaseReturn) -> "Paper":
        chosen = case_returns_of(agency_return).order_by("case__number")
        if rows:
            chosen = chosen.filter(pk__in=[row.pk for row in rows])
        return cls(workbook_of(content_of(agency_return, chosen)))

    def where(self, words: str, column: str = "E", case: int = 1, nth: int = 1) -> str:
        """The cell of a column in the nth row whose question holds these words."""
        rows = [
            row
            for row in range(1, self.sheet(case).max_row + 1)
            if words in str(self.sheet(case)[f"B{row}"].value or "")
        ]
        return f"{column}{rows[nth - 1]}"

    def sheet(self, case: int = 1) -> Any:
        return self.book[f"Case {case}"]

    def says(self, words: str, column: str = "E", case: int = 1, nth: int = 1) -> Any:
        return self.sheet(case)[self.where(words, column, case, nth)].value

    def write(self, words: str, value: Any, column: str = "E", case: int = 1, nth: int = 1) -> str:
        at = self.where(words, column, case, nth)
        self.sheet(case)[at].value = value
        return at

    @property
    def content(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    def upload(self, name: str = "cases.xlsx") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, self.content)

    def read(self, agency_return: AgencyReturn) -> Read:
        book = open_workbook(self.upload())
        key = key_of(book, agency_return.pk, agency_return.audit.toolkit_id)
        return read(book, key, content_of(agency_return, case_returns_of(agency_return)))

    def offers(self, agency_return: AgencyReturn) -> list[Offer]:
        found = self.read(agency_return)
        assert found.faults == []
        return found.offers

    def differences(self, agency_return: AgencyReturn) -> Differences:
        return present_differences(agency_return, self.offers(agency_return))


def faults(paper: Paper, agency_return: AgencyReturn) -> list[str]:
    return [str(fault) for fault in paper.read(agency_return).faults]
