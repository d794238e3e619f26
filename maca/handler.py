"""How a request is read, before anything of the application sees it."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """Read as UTF-8 whatever it says it is, for some of what can be said breaks the reading.

    `CharsetMiddleware` answers those that say something else.
    """

    def _set_content_type_params(self, meta: dict[str, str]) -> None:
        said = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        self.content_type, self.content_params = said


class Application(WSGIHandler):
    request_class = Request
