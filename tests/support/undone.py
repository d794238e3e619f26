"""What is tried out and leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

from agencies.key_folder import key_folder


@contextmanager
def undone() -> Iterator[None]:
    """Nothing of what happens meanwhile stays: neither rows, nor that a key was destroyed."""
    folder = key_folder().path
    before = _contents(folder)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    after = _contents(folder)
    for file in after.keys() - before.keys():
        file.unlink()
    for file, content in before.items():
        if after.get(file) != content:
            file.write_bytes(content)
            file.chmod(0o600)


def _contents(folder: Path) -> dict[Path, bytes]:
    there = folder.iterdir() if folder.is_dir() else ()
    return {file: file.read_bytes() for file in there if file.is_file()}
