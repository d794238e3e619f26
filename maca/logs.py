"""What goes into the log: that something happened, where and to whom by number; never words.

In production each line is a JSON object. What this project says itself is written in full; what
a library says only as far as it cannot hold anything that somebody typed. An error is told by its
kinds and by the lines of code it passed, without its message and without any value.
"""

import json
import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

# A link that lets somebody in without a password is a secret for as long as it works.
LINK = re.compile(r"(/key/|/invitations/|/contribute/links/)[^/\s]+")
# Mail servers name the mailbox in what they refuse.
ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")

OURS = {"agencies", "audits", "reports", "maca"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
PROJECT = Path(__file__).resolve().parents[1]
LEFT_OUT = "…"
FRAMES = 40

request_id: ContextVar[str] = ContextVar("request_id", default="")


def mask(text: str) -> str:
    return ADDRESS.sub("…@…", LINK.sub(r"\1…", text))


class MaskLinks(logging.Filter):
    """Keeps the secret part of one-time links out of the log, and mailboxes."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = mask(record.getMessage())
        record.args = ()
        return True


class JsonLines(logging.Formatter):
    """A line, a JSON object; `fields` given as an extra stand beside the event."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "event": event(record),
        }
        if known := request_id.get():
            line["request_id"] = known
        line |= getattr(record, "fields", {})
        if record.name.split(".")[0] not in OURS:
            line["at"] = f"{_short(record.pathname)}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = [_told(each) for each in _chain(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False)


def event(record: logging.LogRecord) -> str:
    """What happened, in words that were written by programmers and not by people."""
    origin = record.name.split(".")[0]
    starting = origin == "gunicorn" and record.levelno <= logging.INFO
    if origin in OURS or starting:
        return mask(record.getMessage())
    if not record.args or not isinstance(record.msg, str):
        return LEFT_OUT
    try:
        return mask(record.msg % _without_words(record.args))
    except (TypeError, ValueError, KeyError):
        return mask(record.msg)


def _without_words(given: Any) -> Any:
    if isinstance(given, dict):
        return {name: _without_words(value) for name, value in given.items()}
    if isinstance(given, tuple):
        return tuple(_without_words(value) for value in given)
    return given if isinstance(given, int | float | UUID) else LEFT_OUT


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what it came from, and so on back; a circle is left after one round."""
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        yield step
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)


def _told(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    at = [f"{_short(each.filename)}:{each.lineno} {each.name}" for each in frames]
    return {"kind": kind.removeprefix("builtins."), "at": at}


def _short(path: str) -> str:
    """From the project's folder on, or from the folder of the libraries."""
    inside = path.removeprefix(f"{PROJECT}/")
    return inside.rpartition("/site-packages/")[2]


class RequestLogMiddleware:
    """One line a request, by the name of its route: an address may be wrong, and then be words.

    The number of the request goes out with the answer, so that who reports an error can name it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        token = request_id.set(uuid4().hex)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id.get()
            _log_request(request, response, round((perf_counter() - began) * 1000))
        finally:
            request_id.reset(token)
        return response


def _log_request(request: HttpRequest, response: HttpResponse, took: int) -> None:
    method = request.method if request.method in METHODS else "other"
    route = _route(request)
    fields = {"method": method, "route": route, "status": response.status_code, "ms": took}
    # Who it is, if anything has asked: asking here would cost each request a query.
    user = vars(request).get("_cached_user")
    if user is not None and user.is_authenticated:
        fields["user"] = str(user.pk)
    words = f"{method} {route} {response.status_code}"
    logger.info(words, extra={"fields": fields})


def _route(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "nowhere"


def configuration(*, production: bool, level: str) -> dict[str, Any]:
    """The setting `LOGGING`. No report of an error is mailed, and no query is ever logged."""
    console = {
        "class": "logging.StreamHandler",
        "formatter": "json" if production else "line",
        "filters": [] if production else ["links"],
    }
    quiet = {"handlers": ["console"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {"()": "maca.logs.JsonLines"},
        },
        "filters": {"links": {"()": "maca.logs.MaskLinks"}},
        "handlers": {"console": console},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": quiet,
            "django.server": quiet,
            # What was not found or not allowed has its line as a request already.
            **({"django.request": {"level": "ERROR"}} if production else {}),
            # Django's own server for development says as much.
            **({} if production else {__name__: {"level": "WARNING"}}),
            # gunicorn warns of every HEAD request, which Django answers as it should.
            "gunicorn.http.wsgi": {"level": "ERROR"},
            "weasyprint": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }
