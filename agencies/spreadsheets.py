"""Spreadsheets that people send us, opened with care, and text put into those we send them.

Here an upload is looked at from outside, by its name and size; everything in it is for a process
of its own, `agencies.workbook_reader`, whose limits end it and not the server.

openpyxl weighs as much as a quarter of a bare web process, so it is imported where a workbook is
really written, and not before.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from agencies.confined import Helper, HelperDiedError, HelperError
from agencies.workbook_reader import Refusal

MEGABYTE = 1024 * 1024
MAX_UPLOAD = 5 * MEGABYTE
TIMEOUT = 20.0
"""Seconds by the clock, in case its own limits do not hold the reader."""

MAX_CELL = 32_767
"""UTF-16 units that one cell holds."""
MAX_LINES = 250
"""Line breaks that one cell holds, with a little room."""

# A workbook reads “_x0041_” as the letter it is the code of, unless its first mark is escaped.
CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Value = str | int | float | bool | date | time | timedelta | None

PLEASE_SAVE = "Open it in your spreadsheet program and save it as “Excel workbook (.xlsx)”."
OTHER_FORMATS = {
    ".xlsm": "A workbook with macros is not taken. Save it as “Excel workbook (.xlsx)”.",
    ".xltm": "A template with macros is not taken. Save it as “Excel workbook (.xlsx)”.",
    ".xlsb": f"This is a binary workbook (.xlsb). {PLEASE_SAVE}",
    ".xls": f"This is a workbook in an old format (.xls). {PLEASE_SAVE}",
    ".ods": f"This is an OpenDocument spreadsheet (.ods). {PLEASE_SAVE}",
}
BROKEN = f"This workbook is damaged and cannot be read. {PLEASE_SAVE}"
TOO_LARGE = "This workbook is too large. Send only the sheets that were downloaded here."
REFUSALS = {
    Refusal.BROKEN: BROKEN,
    Refusal.TOO_LARGE: TOO_LARGE,
    Refusal.PROTECTED: "This workbook is protected by a password, or in an old format. Take the "
    "password off and save it as “Excel workbook (.xlsx)”.",
    Refusal.MACROS: OTHER_FORMATS[".xlsm"],
    Refusal.ACTIVE: "This workbook holds macros or other files. Save it without them, as “Excel "
    "workbook (.xlsx)”.",
    Refusal.LINKS: "This workbook has links to other workbooks or to data elsewhere. Put plain "
    "values in their place.",
}
BUSY = "The workbook could not be read just now. Send it once more in a minute."

reader = Helper("agencies.workbook_reader", requests_per_process=50)


class WorkbookError(Exception):
    """The upload is not a workbook that can be read; the message tells a person what to do."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; a formula, or what a failed one left, has no value."""

    value: Value = None
    is_formula: bool = False

    @property
    def text(self) -> str:
        """The value as a person reads it, without space around it."""
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        if isinstance(self.value, datetime):
            return self.value.isoformat(sep=" ")
        return str(self.value).strip()


EMPTY = Cell()


@dataclass(frozen=True)
class Sheet:
    title: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    """By coordinate, such as "C14"; an empty cell has none."""

    def at(self, coordinate: str) -> Cell:
        return self.cells.get(coordinate, EMPTY)

    def rows(self) -> list[tuple[int, dict[str, Cell]]]:
        """The rows that say anything: number, and cells by column letter."""
        rows: dict[int, dict[str, Cell]] = {}
        for coordinate, cell in self.cells.items():
            letters = coordinate.rstrip("0123456789")
            rows.setdefault(int(coordinate[len(letters) :]), {})[letters] = cell
        return sorted(rows.items())


@dataclass(frozen=True)
class Workbook:
    sheets: tuple[Sheet, ...]

    def sheet(self, title: str) -> Sheet | None:
        return next((each for each in self.sheets if each.title == title), None)


def open_workbook(upload: UploadedFile[Any]) -> Workbook:
    """Everything the workbook says, as plain values. Raises WorkbookError."""
    name = (upload.name or "").lower()
    for ending, sentence in OTHER_FORMATS.items():
        if name.endswith(ending):
            raise WorkbookError(sentence)
    if not name.endswith(".xlsx"):
        raise WorkbookError("Choose a spreadsheet whose name ends in .xlsx.")
    if not upload.size or upload.file is None:
        raise WorkbookError("This file is empty. Choose the workbook you filled in.")
    if upload.size > MAX_UPLOAD:
        raise WorkbookError(TOO_LARGE)
    upload.file.seek(0)
    return _as_workbook(_read(upload.file.read(MAX_UPLOAD)))


def _read(content: bytes) -> bytes:
    try:
        reply = reader.ask(content, timeout=TIMEOUT)
    except HelperDiedError as error:
        raise WorkbookError(TOO_LARGE) from error
    except HelperError as error:
        raise WorkbookError(BUSY) from error
    if reply.ok:
        return reply.body
    why = Refusal(reply.body.decode())
    if why == Refusal.TOO_LARGE:
        # What it has taken up it does not give back by itself.
        reader.close()
    raise WorkbookError(REFUSALS[why])


KINDS: dict[str, Callable[[Any], Value]] = {
    "": lambda value: value,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


def _as_workbook(told: bytes) -> Workbook:
    return Workbook(
        tuple(
            Sheet(title, {coordinate: _cell(kind, value) for coordinate, kind, value in cells})
            for title, cells in json.loads(told)
        )
    )


def _cell(kind: str, value: Any) -> Cell:
    return Cell(is_formula=True) if kind == "formula" else Cell(KINDS[kind](value))


def as_file(book: Any) -> bytes:
    """An openpyxl workbook as the file that is sent."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def fits_a_cell(text: str) -> bool:
    """Whether a cell can hold this text: a longer one would lose its end without a word."""
    return len(text.encode("utf-16-le")) // 2 <= MAX_CELL and text.count("\n") <= MAX_LINES


def as_cell_text(text: str) -> str:
    """The text as a cell can hold it: without characters that a workbook cannot carry."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return NOT_IN_XML.sub("", plain)


def put_text(cell: Any, text: str) -> None:
    """Write words into a cell of ours, as words: “=1+1” stays what somebody wrote."""
    cell.value = CODE.sub("_x005F_", as_cell_text(text)) or None
    if cell.value is not None:
        cell.data_type = "s"
        cell.quotePrefix = True
