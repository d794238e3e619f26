"""A backup as it lies on a disc.

    MACA backup 1
    {"engine": …, "key": …, "made": …, "migrations": …}
    pieces

The second line says what it is of. A piece is its length in four bytes (big-endian) and, in
AES-256-GCM, up to a mebibyte of the compressed database. Each is bound to the second line, to its
number and to whether it is the last, so that nothing can be altered, swapped, left out or cut off
unseen. The key of the pieces is this backup's alone and stands in the second line, encrypted with
the newest of MACA_BACKUP_KEYS.
"""

import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from itertools import count
from pathlib import Path

from django.conf import settings

from agencies.encryption import Cipher, EncryptionError, Keyring, new_key

TITLE = b"MACA backup 1\n"
PIECE = 1 << 20
LENGTH_BYTES = 4
BOUND_TO = "the key of a backup"


class BackupError(Exception):
    """Says what is wrong with a backup or its making, and what to do."""


@dataclass(frozen=True)
class About:
    """What a backup is of. `migrations` are the names of all that had been applied."""

    engine: str
    made: datetime
    migrations: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """A backup in a file."""

    path: Path

    def write(self, about: About, database: Iterable[bytes]) -> None:
        """All of it or nothing: the file gets its name when it is whole. Raises BackupError."""
        keys, key = _keyring(), new_key()
        token = keys.encrypt(b64encode(key), bound_to=BOUND_TO)
        draft = self.path.with_name(f".{self.path.name}-draft")
        try:
            with open(draft, "xb", opener=_for_nobody_else) as file:
                head = _head(about, token)
                file.write(TITLE + head)
                for number, (piece, last) in enumerate(_pieces(database)):
                    boxed = Cipher(key).encrypt(piece, bound_to=_place(head, number, last=last))
                    file.write(len(boxed).to_bytes(LENGTH_BYTES) + boxed)
            draft.replace(self.path)
        finally:
            draft.unlink(missing_ok=True)

    def about(self) -> About:
        """Raises BackupError where this is no backup."""
        with self._opened() as file:
            return _read_head(file)[0]

    def check(self) -> None:
        """Read every piece of it. Raises BackupError."""
        for _part in self.read():
            pass

    def read(self) -> Iterator[bytes]:
        """The database as it was written. Raises BackupError, at the end too where it is cut off.

        What was read until then is genuine but not whole: `check` first.
        """
        with self._opened() as file:
            _about, head, cipher = _read_head(file)
            unpack = zlib.decompressobj()
            for number in count():
                boxed = _next(file)
                last = not file.peek(1)
                try:
                    piece = cipher.decrypt(boxed, bound_to=_place(head, number, last=last))
                except EncryptionError:
                    raise BackupError(f"{self.path.name} is damaged or cut short.") from None
                yield unpack.decompress(piece)
                if last:
                    return

    def _opened(self) -> BufferedReader:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise BackupError(f"{self.path} cannot be read: {error.strerror}.") from None


def _keyring() -> Keyring:
    if not settings.BACKUP_KEYS:
        raise BackupError("MACA_BACKUP_KEYS is not set: see docs/operators/backups.md.")
    return Keyring.parse(settings.BACKUP_KEYS)


def _for_nobody_else(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _pieces(database: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The database compressed, in pieces of one size, and whether each is the last."""
    waiting = bytearray()
    for part in _compressed(database):
        waiting += part
        while len(waiting) > PIECE:
            yield bytes(waiting[:PIECE]), False
            del waiting[:PIECE]
    yield bytes(waiting), True


def _compressed(database: Iterable[bytes]) -> Iterator[bytes]:
    pack = zlib.compressobj(6)
    for part in database:
        yield pack.compress(part)
    yield pack.flush()


def _place(head: bytes, number: int, *, last: bool) -> str:
    return f"{head.decode()}{number}{' last' if last else ''}"


def _head(about: About, token: str) -> bytes:
    said = {
        "engine": about.engine,
        "key": token,
        "made": about.made.isoformat(),
        "migrations": about.migrations,
    }
    return json.dumps(said, sort_keys=True).encode() + b"\n"


def _read_head(file: BufferedReader) -> tuple[About, bytes, Cipher]:
    if file.read(len(TITLE)) != TITLE:
        raise BackupError("This file is no backup of MACA.")
    head = file.readline(PIECE)
    try:
        said = json.loads(head)
        about = About(
            engine=said["engine"],
            made=datetime.fromisoformat(said["made"]),
            migrations=tuple(said["migrations"]),
        )
        token = said["key"]
    except (ValueError, KeyError, TypeError):
        raise BackupError("The backup is damaged: its second line cannot be read.") from None
    try:
        key = b64decode(_keyring().decrypt(token, bound_to=BOUND_TO))
    except EncryptionError:
        raise BackupError(
            "None of MACA_BACKUP_KEYS opens this backup. Name the key that it was made with."
        ) from None
    return about, head, Cipher(key)


def _next(file: BufferedReader) -> bytes:
    length = int.from_bytes(file.read(LENGTH_BYTES))
    boxed = file.read(min(length, 2 * PIECE))
    if len(boxed) != length:
        raise BackupError("The backup is damaged or cut short.")
    return boxed
