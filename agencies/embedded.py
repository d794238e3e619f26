"""A worker inside each web process, so that a small installation needs no second service.

It is a thread, begun in the process that serves (a thread does not survive a fork) and stopped
with it. Several of them do no harm: each message and each job is taken by one.
"""

import atexit
import os
from threading import Lock, Thread

from django.conf import settings
from django.core.signals import request_started

from agencies.worker import Worker

# What is being sent is finished before the process ends; a mail server may take its 20 seconds.
FAREWELL = 25.0


class Embedded:
    def __init__(self) -> None:
        self._lock = Lock()
        self._process = 0
        self._worker: Worker | None = None
        self._thread: Thread | None = None

    def start(self, **_signal: object) -> None:
        """Begin, unless this process has begun already or others do the work."""
        if self._process == os.getpid() or settings.WORKER != "embedded":
            return
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self._worker = Worker(embedded=True)
            self._thread = Thread(target=self._worker.run, name="worker", daemon=True)
            self._thread.start()
            atexit.register(self.stop)

    def stop(self) -> None:
        if self._process == os.getpid() and self._worker and self._thread:
            self._worker.stopping.set()
            self._thread.join(FAREWELL)


_embedded = Embedded()
start = _embedded.start
stop = _embedded.stop


def start_with_first_request() -> None:
    request_started.connect(start, dispatch_uid="embedded worker")
