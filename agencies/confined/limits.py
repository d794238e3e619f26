"""The child's side: what it may use, and what it may reach. Nothing here knows the application."""

import contextlib
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.putenv",
    "ctypes.",
    "urllib.Request",
)
CHANGES_FILES = ("os.remove", "os.rename", "os.link", "os.symlink", "os.truncate", "shutil.")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class OutOfReachError(PermissionError):
    """The process asked for something that it was shut off from."""


def leave_the_network() -> None:
    """Into a network of its own, which has no way out. To be called before any thread starts.

    Linux alone, and not where an administrator has forbidden it; the guard below stays then.
    """
    with contextlib.suppress(AttributeError, OSError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)


def limit(*, memory: int, file_size: int = 0) -> None:
    """Bytes of address space, of any file it writes; no core, which would be a copy of it all."""
    for name, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, file_size),
    ):
        # Not every system knows every limit (macOS has no address-space limit).
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(name, (most, most))


def memory_in_use() -> int:
    """Bytes of address space; nothing where the system does not say."""
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * resource.getpagesize()
    return 0


def shut_in(*, readable: Sequence[Path], writable: Sequence[Path] = ()) -> None:
    """From now on Python opens nothing outside of these folders, and nothing else at all.

    For good: such a hook cannot be taken off again.
    """
    read = tuple(os.path.realpath(each) for each in (*readable, *writable))
    write = tuple(os.path.realpath(each) for each in writable)

    def guard(event: str, given: tuple[Any, ...]) -> None:
        if event == "open":
            _guard_open(given, read, write)
        elif event.startswith(FORBIDDEN):
            raise OutOfReachError(f"{event} is out of reach")
        elif event.startswith(CHANGES_FILES) and not _is_inside(given[0], write):
            raise OutOfReachError("files are not changed here")

    sys.addaudithook(guard)


def _guard_open(given: tuple[Any, ...], read: Sequence[str], write: Sequence[str]) -> None:
    path, _, flags = given
    if isinstance(path, int):
        return
    writes = isinstance(flags, int) and flags & WRITES
    if not _is_inside(path, write if writes else read):
        raise OutOfReachError("this file is out of reach")


def _is_inside(path: Any, folders: Sequence[str]) -> bool:
    real = os.path.realpath(os.fsdecode(path))
    return any(real == folder or real.startswith(f"{folder}{os.sep}") for folder in folders)
