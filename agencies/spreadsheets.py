"""Spreadsheets that people send us, opened with care, and text put into those we send them.

An upload is looked at from outside in: its name, its size, the list of what it packs, every part
of it as XML without definitions of its own; only then is it read, as plain values. A formula is
never taken for a value, and nothing in the file is followed or run.

openpyxl weighs as much as a quarter of a bare web process, so it is imported where a workbook is
really read or written, and not before.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.sax.handler import ContentHandler

import defusedxml.sax
from django.core.files.uploadedfile import UploadedFile

MEGABYTE = 1024 * 1024
MAX_UPLOAD = 5 * MEGABYTE
MAX_UNPACKED = 25 * MEGABYTE
MAX_PARTS = 500
MAX_SHEETS = 120
MAX_ROWS = 30_000
"""Of all sheets together, empty ones between others counted."""
MAX_COLUMNS = 60
# A part this small may be packed as tightly as it likes: empty cells repeat themselves.
SMALL_PART = MEGABYTE
MAX_RATIO = 150

MAX_CELL = 32_767
"""UTF-16 units that one cell holds."""
MAX_LINES = 250
"""Line breaks that one cell holds, with a little room."""

# A workbook reads “_x0041_” as the letter it is the code of, unless its first mark is escaped.
CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Value = str | int | float | bool | date | time | timedelta | None

# Parts by which a workbook does something or fetches something.
ACTIVE_PARTS = re.compile(
    r"vbaproject|/macrosheets/|/activex/|/embeddings/|/ctrlprops/|/webextensions/", re.IGNORECASE
)
LINKING_PARTS = re.compile(r"/externallinks/|/connections\.xml|/querytables/", re.IGNORECASE)

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
    try:
        _look_inside(upload.file)
        upload.file.seek(0)
        # openpyxl warns of what other programs add, which is no concern of ours.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(upload.file)
    except WorkbookError:
        raise
    except Exception as error:
        # A damaged part leads its readers into anything.
        raise WorkbookError(BROKEN) from error


def _look_inside(file: IO[bytes]) -> None:
    """Raises WorkbookError, or whatever a damaged file leads to."""
    file.seek(0)
    if file.read(4) == b"\xd0\xcf\x11\xe0":
        raise WorkbookError(
            "This workbook is protected by a password, or in an old format. Take the password off "
            "and save it as “Excel workbook (.xlsx)”."
        )
    with zipfile.ZipFile(file) as packed:
        _check_parts(packed.infolist())
        for part in packed.infolist():
            _check_part(packed, part)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [f"/{part.filename}" for part in parts]
    if len(names) != len({name.lower() for name in names}):
        raise WorkbookError(BROKEN)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise WorkbookError(TOO_LARGE)
    for part in parts:
        packed = max(part.compress_size, 1)
        if part.file_size > SMALL_PART and part.file_size / packed > MAX_RATIO:
            raise WorkbookError(TOO_LARGE)
    if any(ACTIVE_PARTS.search(name) for name in names):
        raise WorkbookError(
            "This workbook holds macros or other files. Save it without them, as “Excel workbook "
            "(.xlsx)”."
        )
    if any(LINKING_PARTS.search(name) for name in names):
        raise WorkbookError(
            "This workbook has links to other workbooks or to data elsewhere. Put plain values in "
            "their place."
        )


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """XML says what it says: no definitions of its own, no macros by another name."""
    if part.filename.lower().endswith(".vml"):
        return  # Drawings of notes, which Excel writes carelessly and nobody here reads.
    with packed.open(part) as content:
        is_xml = content.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")
    if is_xml:
        with packed.open(part) as content:
            defusedxml.sax.parse(content, _NoMacros(), forbid_dtd=True)


class _NoMacros(ContentHandler):
    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the parser's name for it
        if "macroEnabled" in attrs.get("ContentType", ""):
            raise WorkbookError(OTHER_FORMATS[".xlsm"])


def _read(file: IO[bytes]) -> Workbook:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, keep_links=False)
    if len(book.worksheets) > MAX_SHEETS:
        raise WorkbookError(TOO_LARGE)
    return Workbook(tuple(_sheets(book)))


def _sheets(book: Any) -> Iterator[Sheet]:
    from openpyxl.utils import get_column_letter

    left = MAX_ROWS
    for worksheet in book.worksheets:
        cells: dict[str, Cell] = {}
        rows = worksheet.iter_rows(max_row=left + 1, max_col=MAX_COLUMNS)
        number = 0
        for number, row in enumerate(rows, start=1):
            if number > left:
                raise WorkbookError(TOO_LARGE)
            for column, cell in enumerate(row, start=1):
                if cell.value is not None:
                    cells[f"{get_column_letter(column)}{number}"] = _plain(cell)
        left -= number
        yield Sheet(str(worksheet.title), cells)


def _plain(cell: Any) -> Cell:
    if cell.data_type in {"f", "e"}:
        return Cell(is_formula=True)
    value = cell.value
    if isinstance(value, str):
        value = ESCAPED.sub("_", value.replace("_x000D_", ""))
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return Cell(value)


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
