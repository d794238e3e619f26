"""How gunicorn serves the application; bin/demo and docs/operators/install.md both use it."""

import os
from typing import Any

from gunicorn.glogging import Logger

from maca.logs import JsonLines


class StructuredLogger(Logger):
    """gunicorn's own words in the form of all others; of a broken request it repeats none."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        if os.environ.get("MACA_ENV") == "production":
            for handler in self.error_log.handlers:
                handler.setFormatter(JsonLines())


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

# Each request has its line from the application, which knows the route and who asked.
accesslog = None
logger_class = StructuredLogger


def post_worker_init(_worker: Any) -> None:
    """Mail and jobs do not wait for the first visitor."""
    from agencies import embedded

    embedded.start()
