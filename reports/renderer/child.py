"""The renderer process: `python -m reports.renderer.child`, started by process.py alone.

It holds WeasyPrint and what WeasyPrint needs warm, and nothing of the application: no
settings, no database, no secrets. It has no network, and opens no file but libraries, fonts and
the named assets, should a page ever find its way round the fetcher.
"""

import contextlib
import gc
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from agencies.confined import limits, wire
from reports.renderer import assets

MEMORY_LIMIT = 2 * 1024**3
FILE_LIMIT = 64 * 1024**2
CODE = Path(__file__).resolve().parents[2]
READY = wire.Reply(ok=True, body=b"ready")


class AssetFetcher(URLFetcher):
    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        path = assets.find(url)
        if path is None:
            raise ValueError("only the project's own named assets are served")
        kind = assets.CONTENT_TYPES[path.suffix]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


class Complaints(logging.Handler):
    """What WeasyPrint logged about the page in hand."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage()[:500])

    def take(self) -> tuple[str, ...]:
        lines, self.lines = tuple(self.lines), []
        return lines


def main() -> None:
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # A stray print, from here or from a C library, must not end up inside a PDF.
    os.dup2(2, 1)
    limits.leave_the_network()
    limits.limit(memory=MEMORY_LIMIT, file_size=FILE_LIMIT)
    complaints = listen()
    with tempfile.TemporaryDirectory(prefix="maca-print-") as folder:
        # Where WeasyPrint puts the fonts of a page for pango to find.
        tempfile.tempdir = folder
        fonts, fetcher = FontConfiguration(), AssetFetcher()
        gc.collect()
        gc.freeze()
        limits.shut_in(readable=reachable(), writable=[Path(folder)])
        wire.write_reply(replies, READY)
        while (page := wire.read_request(requests)) is not None:
            with collector_off():
                reply = render(page.decode(), fonts, fetcher, complaints)
                wire.write_reply(replies, reply)


def reachable() -> list[Path]:
    """Python's own libraries, which are imported as a page needs them, and the assets."""
    libraries = {sys.prefix, sys.base_prefix, *(path for path in sys.path if path)}
    libraries -= {str(CODE)}
    code = [CODE / name for name in ("reports/renderer", "agencies/confined")]
    return [*map(Path, libraries), *code, *assets.FILES.values()]


def render(
    html: str, fonts: FontConfiguration, fetcher: AssetFetcher, complaints: Complaints
) -> wire.Reply:
    try:
        pdf = HTML(string=html, url_fetcher=fetcher, base_url=assets.SCHEME).write_pdf(
            font_config=fonts, pdf_variant="pdf/ua-1", finisher=give_headers_scope
        )
    except (Exception, RecursionError, MemoryError) as error:  # noqa: BLE001
        reason = f"{type(error).__name__}: {str(error)[:200]}"
        return wire.Reply(ok=False, body=reason.encode(), warnings=complaints.take())
    return wire.Reply(ok=True, body=pdf, warnings=complaints.take())


@contextlib.contextmanager
def collector_off() -> Iterator[None]:
    """Cycles are collected between documents, while nobody waits, never within one."""
    gc.disable()
    try:
        yield
    finally:
        gc.collect()


def give_headers_scope(_document: object, pdf: Any) -> None:
    """WeasyPrint names the header cells of every cell; readers that look for a scope need it too.

    A header cell in the table's head heads its column, any other its row.
    """
    for cell in pdf.objects:
        if getattr(cell, "get", None) and cell.get("S") == "/TH":
            row = _parent(pdf, cell)
            section = _parent(pdf, row)
            heads_column = section.get("S") == "/THead"
            cell["A"]["Scope"] = "/Column" if heads_column else "/Row"


def _parent(pdf: Any, element: Any) -> Any:
    return pdf.objects[int(element["P"].split()[0])]


def listen() -> Complaints:
    complaints = Complaints()
    for name in ("weasyprint", "fontTools"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [complaints] if name == "weasyprint" else [logging.NullHandler()]
        logger.propagate = False
    return complaints


if __name__ == "__main__":
    main()
