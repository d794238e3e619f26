"""The process that reads uploaded workbooks: `python -m agencies.workbook_reader`.

It is started by `agencies.spreadsheets` and by nothing else. A workbook may be made to eat whoever
opens it, so that is a process which can be spared: with little memory, little time, no network and
no file but its libraries. What it finds goes back as plain values, in JSON.

A workbook is looked at from outside in: the list of what it packs, every part of it as XML
without definitions of its own, how much there is of everything; only then is it read. A formula is
never taken for a value, and nothing in the file is followed or run.
"""

import contextlib
import io
import json
import os
import re
import resource
import signal
import sys
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from agencies.confined import limits, wire

MEGABYTE = 1024 * 1024
MAX_UNPACKED = 25 * MEGABYTE
MAX_PARTS = 500
MAX_SHEETS = 120
MAX_ROWS = 30_000
"""Of all sheets together, empty ones between others counted."""
MAX_COLUMNS = 60
MAX_VALUES = 60_000
MAX_TEXT = 8_000_000
"""Letters of all values together: one text may be said by every cell."""
MAX_ELEMENTS = 300_000
MAX_HEAVY = 60_000
"""Of XML elements other than `LIGHT` ones, each of which costs its reader much more."""
LIGHT = {"row", "c", "v", "f"}
# A part this small may be packed as tightly as it likes: empty cells repeat themselves.
SMALL_PART = MEGABYTE
MAX_RATIO = 150
# No other program packs a workbook in another way, and other ways take as much memory as they say.
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

ROOM = 96 * MEGABYTE
"""What it may need beyond what it starts with."""
SECONDS = 1.5
"""Of processor time, for one workbook."""
READY = wire.Reply(ok=True, body=b"ready")

# A workbook reads “_x0041_” as the letter it is the code of, unless its first mark is escaped.
ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
# Parts by which a workbook does something or fetches something.
ACTIVE_PARTS = re.compile(
    r"vbaproject|/macrosheets/|/activex/|/embeddings/|/ctrlprops/|/webextensions/", re.IGNORECASE
)
LINKING_PARTS = re.compile(r"/externallinks/|/connections\.xml|/querytables/", re.IGNORECASE)


class Refusal(StrEnum):
    BROKEN = "broken"
    TOO_LARGE = "too large"
    PROTECTED = "protected"
    MACROS = "macros"
    ACTIVE = "active"
    LINKS = "links"


class RefusedError(Exception):
    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


class TooSlowError(RefusedError):
    """The time for this one is over."""


def main() -> None:
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limits.leave_the_network()
    # The slow import now, while nobody waits.
    import openpyxl  # noqa: F401
    from openpyxl.reader import excel  # noqa: F401

    signal.signal(signal.SIGPROF, _time_is_over)
    used = limits.memory_in_use()
    limits.limit(memory=used + ROOM if used else resource.RLIM_INFINITY)
    libraries = {sys.prefix, sys.base_prefix, *filter(None, sys.path)}
    here = Path(__file__).resolve().parent
    limits.shut_in(readable=[*map(Path, libraries - {str(here.parent)}), here])
    wire.write_reply(replies, READY)
    while (content := wire.read_request(requests)) is not None:
        wire.write_reply(replies, answer(content))


def answer(content: bytes) -> wire.Reply:
    try:
        with limited_time():
            found = read(io.BytesIO(content))
            return wire.Reply(ok=True, body=json.dumps(found).encode())
    except RefusedError as refused:
        return wire.Reply(ok=False, body=refused.why.encode())
    except MemoryError:
        return wire.Reply(ok=False, body=Refusal.TOO_LARGE.encode())
    except Exception:  # noqa: BLE001 - a damaged part leads its readers into anything.
        return wire.Reply(ok=False, body=Refusal.BROKEN.encode())


@contextlib.contextmanager
def limited_time() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _time_is_over(_signal: int, _frame: object) -> None:
    raise TooSlowError(Refusal.TOO_LARGE)


def read(file: IO[bytes]) -> list[Any]:
    """Title and cells of each sheet. Raises RefusedError, or whatever a damaged file leads to."""
    if file.read(4) == b"\xd0\xcf\x11\xe0":
        raise RefusedError(Refusal.PROTECTED)
    with zipfile.ZipFile(file) as packed:
        check_list(packed.infolist())
        counted = Counted()
        for part in packed.infolist():
            counted.check(packed, part)
    file.seek(0)
    # openpyxl warns of what other programs add, which is no concern of ours.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _values(file)


def check_list(parts: list[zipfile.ZipInfo]) -> None:
    names = [f"/{part.filename}" for part in parts]
    if len(names) != len({name.lower() for name in names}):
        raise RefusedError(Refusal.BROKEN)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise RefusedError(Refusal.TOO_LARGE)
    if any(part.compress_type not in PACKED for part in parts):
        raise RefusedError(Refusal.BROKEN)
    for part in parts:
        packed = max(part.compress_size, 1)
        if part.file_size > SMALL_PART and part.file_size / packed > MAX_RATIO:
            raise RefusedError(Refusal.TOO_LARGE)
    if any(ACTIVE_PARTS.search(name) for name in names):
        raise RefusedError(Refusal.ACTIVE)
    if any(LINKING_PARTS.search(name) for name in names):
        raise RefusedError(Refusal.LINKS)


class Counted:
    """All parts of a workbook: XML says what it says, and not too much of it."""

    def __init__(self) -> None:
        self.elements = 0
        self.heavy = 0

    def check(self, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        name = part.filename.lower()
        if name.endswith(".vml"):
            return  # Drawings of notes, which Excel writes carelessly and nobody here reads.
        with packed.open(part) as content:
            begins = content.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
        if begins.startswith(b"<"):
            with packed.open(part) as content:
                self._parse(content)
        elif name.endswith((".xml", ".rels")):
            # Another encoding: what cannot be checked is not read.
            raise RefusedError(Refusal.BROKEN)

    def _parse(self, content: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = _no_definitions
        while chunk := content.read(65_536):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by place alone
        parser.Parse(b"", True)  # noqa: FBT003

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.heavy += name.rpartition(":")[2] not in LIGHT
        if self.elements > MAX_ELEMENTS or self.heavy > MAX_HEAVY:
            raise RefusedError(Refusal.TOO_LARGE)
        if "macroEnabled" in attributes.get("ContentType", ""):
            raise RefusedError(Refusal.MACROS)


def _no_definitions(*_said: object) -> None:
    raise RefusedError(Refusal.BROKEN)


def _values(file: IO[bytes]) -> list[Any]:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, keep_links=False)
    if len(book.worksheets) > MAX_SHEETS:
        raise RefusedError(Refusal.TOO_LARGE)
    room = Room()
    return [[str(sheet.title), list(_cells(sheet, room))] for sheet in book.worksheets]


class Room:
    """How much the sheets that are still to come may say."""

    def __init__(self) -> None:
        self.rows = MAX_ROWS
        self.values = MAX_VALUES
        self.text = MAX_TEXT

    def take(self, *, rows: int = 0, values: int = 0, text: int = 0) -> None:
        self.rows -= rows
        self.values -= values
        self.text -= text
        if min(self.rows, self.values, self.text) < 0:
            raise RefusedError(Refusal.TOO_LARGE)


def _cells(worksheet: Any, room: Room) -> Iterator[list[Any]]:
    """Coordinate, kind and value of each cell that says something."""
    from openpyxl.utils import get_column_letter

    rows = worksheet.iter_rows(max_row=room.rows + 1, max_col=MAX_COLUMNS)
    for number, row in enumerate(rows, start=1):
        room.take(rows=1)
        for column, cell in enumerate(row, start=1):
            if cell.value is not None:
                kind, value = _plain(cell)
                room.take(values=1, text=len(value) if isinstance(value, str) else 0)
                yield [f"{get_column_letter(column)}{number}", kind, value]


def _plain(cell: Any) -> tuple[str, str | int | float | bool | None]:
    if cell.data_type in {"f", "e"}:
        return "formula", None
    value = cell.value
    if isinstance(value, str):
        value = ESCAPED.sub("_", value.replace("_x000D_", ""))
        return "", value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, timedelta):
        return "timedelta", value.total_seconds()
    for kind in (datetime, date, time):
        if isinstance(value, kind):
            return kind.__name__, value.isoformat()
    return "", value if isinstance(value, bool | int | float) else str(value)


if __name__ == "__main__":
    main()
