"""The parent's side: pages in, PDF out, in a helper process that is started when first needed."""

from agencies.confined import Helper, HelperError, HelperTimeoutError, wire

MAX_HTML = 20 * 1024**2
# Pango and fontconfig keep a little of every page; a new process now and then gives it back.
PAGES_PER_PROCESS = 200


class RenderError(Exception):
    """The page did not become a PDF; the message is fit for a log and for an officer."""


class RenderTimeout(RenderError):  # noqa: N818 - a time-out is what it is called
    """The page took longer than it may; the renderer has been stopped and will start afresh."""


class Renderer:
    def __init__(self) -> None:
        self._helper = Helper("reports.renderer.child", requests_per_process=PAGES_PER_PROCESS)

    @property
    def pid(self) -> int | None:
        return self._helper.pid

    def render(self, html: str, *, timeout: float) -> wire.Reply:
        """The PDF and what the engine complained about; `timeout` is in seconds, without waiting.

        Raises RenderTimeout, or RenderError when the page is refused or the process dies.
        """
        if len(html) > MAX_HTML:
            raise RenderError("The document is too long to print.")
        try:
            reply = self._helper.ask(html.encode("utf-8", "replace"), timeout=timeout)
        except HelperTimeoutError as error:
            raise RenderTimeout(f"Printing took longer than {timeout:g} seconds.") from error
        except HelperError as error:
            raise RenderError("The PDF renderer stopped while it was printing.") from error
        if not reply.ok:
            raise RenderError(f"The document could not be printed ({reply.body.decode()}).")
        return reply

    def close(self) -> None:
        self._helper.close()


renderer = Renderer()
