"""The parent's side: one helper process for each web worker, started when first needed."""

import atexit
import contextlib
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO, cast
from weakref import WeakSet

from . import wire

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2]
START_TIMEOUT = 60.0
TO_TIDY_UP = 2.0
# The child needs to find its libraries and fonts, and none of the application's secrets.
PASSED_ON = (
    "PATH",
    "HOME",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "FONTCONFIG_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
)


class HelperError(Exception):
    """There is no answer."""


class HelperTimeoutError(HelperError):
    """It took longer than it may; the process has been stopped and will start afresh."""


class HelperDiedError(HelperError):
    """The process ended while it was at it, most likely at one of its limits."""


class Helper:
    """One child process, `python -m module`, and the lock that gives it one request at a time."""

    def __init__(self, module: str, *, requests_per_process: int) -> None:
        self.module = module
        self.requests_per_process = requests_per_process
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._left = 0
        _helpers.add(self)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def ask(self, body: bytes, *, timeout: float) -> wire.Reply:
        """`timeout` is in seconds, without waiting. Raises HelperError."""
        with self._lock:
            return self._exchange(self._running(), body, timeout)

    def close(self) -> None:
        with self._lock:
            self._stop(gently=True)

    def forget(self) -> None:
        """In a forked child: the process belongs to the parent, whose lock may even be held."""
        self._lock = threading.Lock()
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        self._left -= 1
        if self._process is not None and self._left > 0 and self._process.poll() is None:
            return self._process
        self._stop(gently=True)
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        process = subprocess.Popen(  # noqa: S603
            (sys.executable, "-m", self.module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT,
            env=environment | {"LANG": "C.UTF-8"},
        )
        self._process, self._left = process, self.requests_per_process
        self._exchange(process, None, START_TIMEOUT)
        logger.info("%s started as process %s", self.module, process.pid)
        return process

    def _exchange(
        self, process: subprocess.Popen[bytes], body: bytes | None, timeout: float
    ) -> wire.Reply:
        """Send a request, unless it is only the child's first word that is awaited; read on."""
        overdue = threading.Event()

        def stop() -> None:
            overdue.set()
            process.kill()

        watch = threading.Timer(timeout, stop)
        watch.daemon = True
        watch.start()
        try:
            if body is not None:
                wire.write_request(cast("BinaryIO", process.stdin), body)
            return wire.read_reply(cast("BinaryIO", process.stdout))
        except (EOFError, OSError) as error:
            self._stop()
            if overdue.is_set():
                raise HelperTimeoutError(f"It took longer than {timeout:g} seconds.") from error
            raise HelperDiedError("The process stopped over it.") from error
        finally:
            watch.cancel()
            if overdue.is_set():
                # The answer may have come at the very moment the process was killed.
                self._stop()

    def _stop(self, *, gently: bool = False) -> None:
        """A process that is at nothing ends by itself, and tidies up, when its input does."""
        process, self._process = self._process, None
        if process is None:
            return
        if gently:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                cast("BinaryIO", process.stdin).close()
                process.wait(TO_TIDY_UP)
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            try:
                cast("BinaryIO", stream).close()
            except OSError:
                # What was still to be written to a dead process.
                continue


_helpers: WeakSet[Helper] = WeakSet()


def _close_all() -> None:
    for helper in list(_helpers):
        helper.close()


def _forget_all() -> None:
    for helper in list(_helpers):
        helper.forget()


atexit.register(_close_all)
os.register_at_fork(after_in_child=_forget_all)
