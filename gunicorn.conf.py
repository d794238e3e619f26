"""How gunicorn serves the application; bin/demo and docs/operators/install.md both use it."""

import os
from typing import Any

from gunicorn.glogging import Logger

from maca.logs import mask


class AccessLogger(Logger):
    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(*args, **kwargs)
        return {**atoms, "U": mask(atoms["U"] or "")}


wsgi_app = "maca.wsgi"
bind = os.environ.get("MACA_BIND", "127.0.0.1:8000")

# Whole processes: two of them serve more pages on two cores than any number of threads.
workers = int(os.environ.get("WEB_CONCURRENCY", max(2, os.cpu_count() or 1)))
worker_class = "sync"
timeout = 60
max_requests = 2000
max_requests_jitter = 200
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True

# The path without its query: what somebody searched for stays out of the log.
accesslog = os.environ.get("MACA_ACCESS_LOG") or None
access_log_format = "%(t)s %(h)s %(m)s %(U)s %(s)s %(M)sms"
logger_class = AccessLogger


def post_worker_init(_worker: Any) -> None:
    """Mail and jobs do not wait for the first visitor."""
    from agencies import embedded

    embedded.start()
