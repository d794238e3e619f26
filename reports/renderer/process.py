"""The parent's side: one renderer process for each web worker, started when first needed."""

import atexit
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO, cast

from . import wire

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "reports.renderer.child")
START_TIMEOUT = 60.0
MAX_HTML = 20 * 1024**2
# Pango and fontconfig keep a little of every page; a new process now and then gives it back.
PAGES_PER_PROCESS = 200
# The child needs to find its libraries and fonts, and none of the application's secrets.
PASSED_ON = (
    "PATH",
    "HOME",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "FONTCONFIG_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
)


class RenderError(Exception):
    """The page did not become a PDF; the message is fit for a log and for an officer."""


class RenderTimeout(RenderError):  # noqa: N818 - a time-out is what it is called
    """The page took longer than it may; the renderer has been stopped and will start afresh."""


class Renderer:
    """One child process and the lock that gives it one page at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._left = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def render(self, html: str, *, timeout: float) -> wire.Reply:
        """The PDF and what the engine complained about; `timeout` is in seconds, without waiting.

        Raises RenderTimeout, or RenderError when the page is refused or the process dies.
        """
        if len(html) > MAX_HTML:
            raise RenderError("The document is too long to print.")
        with self._lock:
            process = self._running()
            reply = self._exchange(process, html, timeout)
        if not reply.ok:
            raise RenderError(f"The document could not be printed ({reply.body.decode()}).")
        return reply

    def close(self) -> None:
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """In a forked child: the process belongs to the parent, whose lock may even be held."""
        self._lock = threading.Lock()
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        self._left -= 1
        if self._process is not None and self._left > 0 and self._process.poll() is None:
            return self._process
        self._stop()
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        process = subprocess.Popen(  # noqa: S603
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT,
            env=environment | {"LANG": "C.UTF-8"},
        )
        self._process, self._left = process, PAGES_PER_PROCESS
        self._exchange(process, None, START_TIMEOUT)
        logger.info("PDF renderer started as process %s", process.pid)
        return process

    def _exchange(
        self, process: subprocess.Popen[bytes], html: str | None, timeout: float
    ) -> wire.Reply:
        """Send a page, unless it is only the child's first word that is awaited, and read on."""
        overdue = threading.Event()

        def stop() -> None:
            overdue.set()
            process.kill()

        watch = threading.Timer(timeout, stop)
        watch.daemon = True
        watch.start()
        try:
            if html is not None:
                wire.write_request(cast("BinaryIO", process.stdin), html)
            return wire.read_reply(cast("BinaryIO", process.stdout))
        except (EOFError, OSError) as error:
            self._stop()
            if overdue.is_set():
                raise RenderTimeout(f"Printing took longer than {timeout:g} seconds.") from error
            raise RenderError("The PDF renderer stopped while it was printing.") from error
        finally:
            watch.cancel()
            if overdue.is_set():
                # The answer may have come at the very moment the process was killed.
                self._stop()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            try:
                cast("BinaryIO", stream).close()
            except OSError:
                # What was still to be written to a dead process.
                continue


renderer = Renderer()
atexit.register(renderer.close)
os.register_at_fork(after_in_child=renderer.forget)
