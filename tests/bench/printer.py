"""A process that prints pages over and over: `python -m tests.bench.printer bare|defaults`.

It speaks the renderer's own language (agencies/confined/wire.py), but answers how many seconds
`write_pdf` took. `bare` prints as the renderer does and does nothing else. `defaults` is
WeasyPrint as it comes: its own fetcher, fonts looked up for each page, the collector on.
"""

import gc
import sys
import time

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from agencies.confined import wire
from reports.renderer import assets
from reports.renderer.child import AssetFetcher, collector_off, listen


def bare(html: str, fonts: FontConfiguration, fetcher: AssetFetcher) -> float:
    with collector_off():
        began = time.perf_counter()
        HTML(string=html, url_fetcher=fetcher, base_url=assets.SCHEME).write_pdf(
            font_config=fonts, pdf_variant="pdf/ua-1"
        )
        return time.perf_counter() - began


def defaults(html: str) -> float:
    """The same page with its assets as files, which is where the default fetcher looks."""
    began = time.perf_counter()
    HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
    return time.perf_counter() - began


def main(way: str) -> None:
    listen()
    fonts, fetcher = FontConfiguration(), AssetFetcher()
    if way == "bare":
        gc.collect()
        gc.freeze()
    while (page := wire.read_request(sys.stdin.buffer)) is not None:
        html = page.decode()
        taken = bare(html, fonts, fetcher) if way == "bare" else defaults(html)
        wire.write_reply(sys.stdout.buffer, wire.Reply(ok=True, body=str(taken).encode()))


if __name__ == "__main__":
    main(sys.argv[1])
