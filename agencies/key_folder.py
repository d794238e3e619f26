"""Data keys in a folder of their own: one file a key, wrapped by the master key.

Whatever is encrypted with such a key lies in the database and in its backups. The key does not,
so destroying one file destroys all of that, in every backup too. A ledger names what was destroyed
(random ids and days, nothing else), so that a key which an older copy of the folder brings back is
refused, and removed when it is met.
"""

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from agencies.encryption import Cipher, KeyMissingError, keyring, new_key

LEDGER = "destroyed.txt"
ENTRY = re.compile(r"^([0-9a-f-]{36}) \d{4}-\d{2}-\d{2}$")


class KeyDestroyedError(KeyMissingError):
    """The key was destroyed on purpose, and what it opened with it."""


def write_once(path: Path, text: str) -> None:
    """Put a whole file in its place, for nobody else to read; one that is there already stays."""
    with _draft(path, text) as draft, suppress(FileExistsError):
        path.hardlink_to(draft)


def write_over(path: Path, text: str) -> None:
    """The same, in place of what is there: a reader finds the old file or the new one, whole."""
    with _draft(path, text) as draft:
        draft.replace(path)


@contextmanager
def _draft(path: Path, text: str) -> Iterator[Path]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """What was put into a folder, or taken out, is there after a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class KeyFolder:
    path: Path

    def make(self, key_id: UUID) -> Cipher:
        """A new key, or the one that is there. Raises KeyDestroyedError."""
        with self._held():
            if key_id in self.destroyed():
                raise KeyDestroyedError("This key was destroyed.")
            token = keyring().encrypt(new_key(), bound_to=_bound_to(key_id))
            write_once(self._file(key_id), f"{token}\n")
        return self.cipher(key_id)

    def cipher(self, key_id: UUID) -> Cipher:
        """The key, read afresh each time: kept in memory it would outlive its file.

        Raises KeyDestroyedError, KeyMissingError or WrongKeyError.
        """
        if key_id in self.destroyed():
            self.destroy(key_id)
            raise KeyDestroyedError("This key was destroyed.")
        try:
            token = self._file(key_id).read_text().strip()
        except FileNotFoundError:
            raise KeyMissingError("A key is not in the key folder.") from None
        return Cipher(keyring().decrypt(token, bound_to=_bound_to(key_id)))

    def destroy(self, key_id: UUID) -> bool:
        """Whether there was one. The ledger names it first, so that half-way is done again."""
        with self._held():
            self._write_down({key_id})
            file = self._file(key_id)
            if not file.exists():
                return False
            with file.open("r+b") as there:
                there.write(os.urandom(file.stat().st_size))
                there.flush()
                os.fsync(there.fileno())
            file.unlink()
            _settle(self.path)
            return True

    def destroyed(self) -> set[UUID]:
        try:
            lines = (self.path / LEDGER).read_text().splitlines()
        except FileNotFoundError:
            return set()
        return {UUID(entry[1]) for entry in map(ENTRY.match, lines) if entry}

    def purge(self, key_ids: set[UUID]) -> int:
        """Destroy these, and all that the ledger names; the number of keys that were there."""
        return sum(self.destroy(key_id) for key_id in sorted(key_ids | self.destroyed()))

    def rewrap(self) -> int:
        """Wrap every key with the newest master key; the number of those that were not."""
        with self._held():
            stale = [file for file in self.path.glob("*.key") if not _is_newest(file)]
            for file in stale:
                bound_to = _bound_to(UUID(file.stem))
                key = keyring().decrypt(file.read_text().strip(), bound_to=bound_to)
                write_over(file, f"{keyring().encrypt(key, bound_to=bound_to)}\n")
        return len(stale)

    def _file(self, key_id: UUID) -> Path:
        return self.path / f"{key_id}.key"

    def _write_down(self, key_ids: set[UUID]) -> None:
        if new := sorted(key_ids - self.destroyed()):
            today = timezone.localdate()
            ledger = self.path / LEDGER
            before = ledger.read_text() if ledger.exists() else ""
            write_over(ledger, before + "".join(f"{key_id} {today}\n" for key_id in new))

    @contextmanager
    def _held(self) -> Iterator[None]:
        """One process at a time, or a key could be wrapped anew just after it was destroyed."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _bound_to(key_id: UUID) -> str:
    return f"data key {key_id}"


def _is_newest(file: Path) -> bool:
    return keyring().is_newest(file.read_text())


def key_folder() -> KeyFolder:
    return KeyFolder(Path(settings.KEY_FOLDER))


def key_copies() -> list[KeyFolder]:
    """The folders that hold copies of the keys, as far as this installation reaches them."""
    return [KeyFolder(Path(path)) for path in settings.KEY_COPIES]
