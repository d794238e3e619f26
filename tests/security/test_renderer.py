"""What a document could be made to fetch or to read: sixty ways, and nothing comes of any.

Each way is tried twice: as markup that had got past our templates, straight into the renderer, and
as words in every field that is printed. A real server counts who calls; a real file holds a mark
that must turn up in no document.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pytest
from django.db import transaction
from django.utils.html import escape

from audits.models import Stage
from reports.documents.html import print_page
from reports.domain.printing import draft
from reports.models import Document
from reports.renderer import Renderer, RenderError
from tests.contracts.walking import Walk
from tests.endurance import Figures
from tests.reports import pdf
from tests.security import filling

MARK = "TOPSECRETMARK"
HEAD = '<!DOCTYPE html><html lang="en-GB"><head><title>T</title></head><body>'

_MARKUP = [
    '<img src="{url}" alt="x">',
    '<img srcset="{url} 2x" alt="x">',
    '<img src="x" style="content: url({url})" alt="x">',
    '<picture><source srcset="{url}"><img src="{url}" alt="x"></picture>',
    '<input type="image" src="{url}" alt="x">',
    '<video poster="{url}"></video>',
    '<audio src="{url}"></audio>',
    '<table background="{url}"><tr><td background="{url}">x</table>',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<link rel="icon" href="{url}">',
    '<link rel="import" href="{url}">',
    '<a rel="attachment" href="{url}">x</a>',
    '<a href="{url}" download>x</a>',
    '<base href="{url}/"><img src="x.png" alt="x"><link rel="stylesheet" href="x.css">',
    '<meta http-equiv="refresh" content="0; url={url}">',
    '<object data="{url}" type="text/html">x</object>',
    '<object data="{url}" type="image/svg+xml">x</object>',
    '<embed src="{url}" type="text/html">',
    '<iframe src="{url}"></iframe>',
    '<iframe srcdoc="<img src={url}>"></iframe>',
    '<script src="{url}"></script>',
    '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><image xlink:href="{url}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><use href="{url}#a"/></svg>',
    '<svg width="9" height="9"><style>@import "{url}";</style><text y="9">x</text></svg>',
    '<svg width="9" height="9"><rect fill="url({url}#a)" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><rect filter="url({url}#a)" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><rect mask="url({url}#a)" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><foreignObject><img src="{url}"/></foreignObject></svg>',
    '<?xml-stylesheet href="{url}"?><p>x</p>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]><p>&e;</p>',
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}" parse="text"/>',
    '<img src=" {url} " alt="x">',
    '<img src="&#104;ttp:{url}" alt="x"><img src="{url}" alt="x">',
]
_STYLES = [
    '@import "{url}";',
    "@import url({url}) print;",
    '@font-face {{ font-family: f; src: url("{url}") }} body {{ font-family: f }}',
    '@font-face {{ font-family: f; src: local("{url}"), url("{url}") }} p {{ font: 9pt f }}',
    "body {{ background: url({url}) }}",
    "body {{ background-image: image-set('{url}' 1x) }}",
    "body {{ background: linear-gradient(red, blue), url({url}) }}",
    "p {{ list-style: url({url}); display: list-item }}",
    "p::before {{ content: url({url}) }}",
    "p::marker {{ content: url({url}) }}",
    "p {{ border-image: url({url}) 9 round }}",
    "p {{ cursor: url({url}), auto }}",
    "p {{ mask-image: url({url}) }}",
    "p {{ clip-path: url({url}#a) }}",
    "p {{ filter: url({url}#a) }}",
    "p {{ shape-outside: url({url}); float: left }}",
    "@page {{ background: url({url}) }}",
    "@page {{ @top-left {{ content: url({url}) }} }}",
    "@page :first {{ border-image: url({url}) 9 }}",
    "@namespace x url({url}); p {{ color: red }}",
    "@color-profile --x {{ src: url({url}) }} p {{ color: color(--x 0 0 0) }}",
    "p::before {{ content: target-text(url({url}#a)) }}",
    "p {{ bookmark-label: url({url}) }}",
    "p {{ --x: url({url}); background: var(--x) }}",
    "@supports (display: block) {{ body {{ background: url({url}) }} }}",
]
PAYLOADS = _MARKUP + [f"<style>{each}</style><p>x</p>" for each in _STYLES]
SMALL, LONG = 4, len(PAYLOADS)
BAD = ("fetches", "local reads", "attachments", "unfilled")


def run(rounds: int) -> Figures:
    """So many of the payloads by themselves, and all of them in every field."""
    figures = Figures("renderer", bad=BAD)
    with ground() as (listener, secret, renderer):
        for payload in PAYLOADS[:: max(1, LONG // rounds)][:rounds]:
            for url in (listener.address, secret.as_uri(), str(secret)):
                figures.add("pages that had got past the templates")
                _print(renderer, f"{HEAD}{payload.format(url=url)}</body></html>", figures)
        with transaction.atomic():
            for page in _documents(listener, secret, figures, whole=rounds == LONG):
                _print(renderer, page, figures)
            transaction.set_rollback(True)
        figures.add("fetches", len(listener.asked))
    return figures


def _documents(
    listener: "Listener", secret: Path, figures: Figures, *, whole: bool
) -> Iterator[str]:
    addresses = (listener.address, secret.as_uri())
    payloads = [each.format(url=url) for each in PAYLOADS for url in addresses]
    in_turn = filling.InTurn(payloads)
    for _ in range(0, len(payloads) if whole else 1, 6):
        with transaction.atomic():
            built, filled = filling.build(in_turn)
            missing = filling.FREE_TEXT - filled.fields
            figures.add("unfilled", len(missing))
            audit = Walk(built).scenario.told[Stage.DRAFTING].audit
            pages = [print_page(draft(audit, kind)) for kind in Document.Kind]
            transaction.set_rollback(True)
        figures.add("documents with payloads in every field", len(pages))
        yield from pages


def _print(renderer: Renderer, page: str, figures: Figures) -> None:
    try:
        printed = renderer.render(page, timeout=600).body
    except RenderError:
        figures.add("refused to print")
        return
    figures.add("printed")
    figures.add("local reads", MARK in pdf.words(printed) or MARK.encode() in printed)
    with pikepdf.open(BytesIO(printed)) as document:
        figures.add("attachments", len(document.attachments))


class Listener(HTTPServer):
    """A real server that remembers who called, and has the mark for them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_port}/x.css"


class Answer(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f'body::before {{ content: "{MARK}" }}'.encode())

    do_HEAD = do_POST = do_GET  # noqa: N815 - the server's names for them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


@contextmanager
def ground() -> Iterator[tuple[Listener, Path, Renderer]]:
    listener, renderer = Listener(), Renderer()
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    with TemporaryDirectory() as folder:
        secret = Path(folder) / "secret.css"
        secret.write_text(f'body::before {{ content: "{MARK}" }}')
        try:
            yield listener, secret, renderer
        finally:
            renderer.close()
            listener.shutdown()
            thread.join()
            listener.server_close()


@pytest.mark.django_db
def test_nothing_is_fetched_and_nothing_is_read() -> None:
    figures = run(SMALL)
    assert figures.held, str(figures)
    assert figures.counts["printed"] > SMALL
    assert len(PAYLOADS) == 60


def test_as_words_all_are_printed_and_nothing_is_complained_of() -> None:
    words = [payload.format(url="file:///etc/passwd") for payload in PAYLOADS]
    page = "".join(f"<p>{escape(each)}</p>" for each in words)
    with ground() as (_listener, _secret, renderer):
        reply = renderer.render(f"{HEAD}{page}</body></html>", timeout=600)
    printed = "".join(pdf.words(reply.body).split())
    assert reply.warnings == ()
    assert [each for each in words if "".join(each.split()) not in printed] == []


def test_whoever_called_would_have_been_noticed() -> None:
    with ground() as (listener, secret, _renderer):
        with closing(HTTPConnection("127.0.0.1", listener.server_port, timeout=60)) as link:
            link.request("GET", "/x.css")
            assert link.getresponse().read() == secret.read_bytes()
        assert listener.asked == ["/x.css"]


def test_a_document_beyond_the_limits_is_refused_and_the_next_one_printed() -> None:
    """Its memory is limited and so is its time; what is left over is a new process."""
    renderer = Renderer()
    monster = f"{HEAD}<table>{'<tr><td>x' * 400_000}</table></body></html>"
    with pytest.raises(RenderError):
        renderer.render(monster, timeout=2)
    assert pdf.words(renderer.render(f"{HEAD}next</body></html>", timeout=600).body) == "next"
    renderer.close()
