"""Passwords that were stolen elsewhere: a sorted file of hashes, searched where it lies.

One hash a line, in the order of the hashes: the 40 hexadecimal digits of a SHA-1, or the first
16 or more of them, of every line as many; capitals or not; after a colon may stand how often it
was seen, which is not read. Looking one up takes about thirty reads in a file of any size, and
none of it is kept in memory.
"""

import re
from pathlib import Path
from typing import BinaryIO

LINE = re.compile(rb"([0-9A-Fa-f]{16,40})(?::\d+)?\s*\Z")
LONGEST_LINE = 80
SAMPLES = 50


class BreachedFileError(Exception):
    """The file is not of this form; the message says where."""


class BreachedFile:
    def __init__(self, path: Path) -> None:
        self.path = path

    def holds(self, digest: str) -> bool:
        """Whether a SHA-1, in hexadecimal, is among them. Raises OSError, BreachedFileError."""
        wanted = digest.upper().encode()
        with self.path.open("rb") as file:
            found = _first_from(file, wanted, self._size())
        return found is not None and wanted.startswith(found)

    def examine(self) -> None:
        """Look at lines all over the file. Raises OSError, or BreachedFileError with the fault."""
        size = self._size()
        last, digits = b"", 0
        with self.path.open("rb") as file:
            for number in range(SAMPLES):
                found = _line_from(file, size * number // SAMPLES)
                if found is None:
                    continue
                if digits and len(found) != digits:
                    raise BreachedFileError("its lines have hashes of different lengths")
                if found < last:
                    raise BreachedFileError("it is not sorted by hash")
                last, digits = found, len(found)

    def _size(self) -> int:
        size = self.path.stat().st_size
        if not size:
            raise BreachedFileError("it is empty")
        return size


def _first_from(file: BinaryIO, wanted: bytes, size: int) -> bytes | None:
    """The last hash that does not stand after the wanted one, found by halving."""
    low, high, best = 0, size, None
    while low < high:
        middle = (low + high) // 2
        found = _line_from(file, middle)
        if found is not None and found <= wanted[: len(found)]:
            best, low = found, middle + 1
        else:
            high = middle
    return best


def _line_from(file: BinaryIO, position: int) -> bytes | None:
    """The hash of the first line that begins at this place or after it; None behind the last."""
    file.seek(max(position - 1, 0))
    if position:
        file.readline(LONGEST_LINE)
    line = file.readline(LONGEST_LINE)
    if not line:
        return None
    match = LINE.match(line)
    if match is None:
        raise BreachedFileError(f"what stands at byte {position} is not a line of it")
    return match[1].upper()
