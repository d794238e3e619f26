"""A hundred scripts in every field that somebody types into: on every page, and in print, words.

Fields are filled as their rows are made; pages are those of everybody who sees most and of the
agencies; forms are sent back to whoever typed into them. A page is read as a browser reads it: no
mark may stand where it would run.
"""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from audits.models import Stage
from reports.documents.html import print_page
from reports.domain.printing import draft
from reports.models import Document
from reports.renderer import renderer
from tests.contracts.walking import Walk
from tests.endurance import Figures
from tests.endurance.forms_found import forms_of, pages_seen
from tests.endurance.lasting import quiet
from tests.endurance.nonsense import Form, Sent
from tests.endurance.test_bad_input import multipart
from tests.reports import pdf
from tests.security import filling
from tests.security.script_payloads import MARK, PAYLOADS
from tests.support.undone import undone

# In so many, the shortest field with the fewest rows has held each payload that fits into it.
SMALL, LONG = 1, 25

RUNS = ("javascript:", "data:", "vbscript:")
ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href", "srcdoc", "poster"}
TYPED_KINDS = {"text", "textarea", "search", "email", "number", "hidden", "tel"}
# A few pages of each kind; the long run opens all of them.
SHOWN = {
    "action-list",
    "audit-detail",
    "case-return-detail",
    "case-return-edit",
    "document-preview",
    "document-detail",
    "finding-list",
    "meeting-detail",
    "nomination-list",
    "question-update",
    "theme-list",
    "toolkit-detail",
}


def run(rounds: int) -> Figures:
    """Each round goes on where the last one left each field, until all have held all payloads."""
    figures = Figures("scripts", bad=("unescaped on a page", "unescaped in print", "unfilled"))
    figures.add("payloads", len(PAYLOADS))
    in_turn = filling.InTurn(PAYLOADS)
    for number in range(rounds):
        with quiet(), undone():
            _round(in_turn, PAYLOADS[number::rounds], figures, whole=rounds > SMALL)
    figures.add("payloads that a field has held", sum(map(len, in_turn.tried.values())))
    if rounds >= LONG:
        figures.bad += ("untried",)
        figures.add("untried", len(in_turn.untried()))
    return figures


def _round(in_turn: filling.InTurn, typed: list[str], figures: Figures, *, whole: bool) -> None:
    built, filled = filling.build(in_turn)
    walk = Walk(built)
    if "fields" not in figures.counts:
        figures.add("fields", len(filled.fields))
        figures.add("unfilled", len(filling.FREE_TEXT - filled.fields))
    only = None if whole else SHOWN
    pages = list(pages_seen(walk, only))
    for _role, _address, source in pages:
        figures.add("pages")
        figures.add("payloads on pages", source.count(MARK))
        figures.add("unescaped on a page", len(list(unescaped(source))))
    for form in forms_of(walk, pages, only):
        if form.method == "post":
            _send_back(walk, form, "\n".join(typed), figures)
    _print(walk, figures, Document.Kind if whole else [Document.Kind.BRIEFING])


def _send_back(walk: Walk, form: Form, typed: str, figures: Figures) -> None:
    pairs = [(each.name, typed if each.kind in TYPED_KINDS else each.value) for each in form.fields]
    body, kind = multipart(Sent(pairs=pairs))
    with undone():
        answer: Any = walk.clients[form.role].generic("POST", form.action, body, content_type=kind)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        figures.add("forms sent back")
        figures.add("unescaped on a page", len(list(unescaped(answer.content.decode()))))


def _print(walk: Walk, figures: Figures, kinds: Iterable[Document.Kind]) -> None:
    for kind in kinds:
        page = print_page(draft(walk.scenario.told[Stage.DRAFTING].audit, kind))
        figures.add("unescaped in print", len(list(unescaped(page))))
        printed = renderer.render(page, timeout=600).body
        figures.add("payloads in print", pdf.words(printed).count(MARK))
        figures.add("unescaped in print", len(list(active(printed))))


def active(printed: bytes) -> Iterator[str]:
    """What would do something when the document is opened: pdf 32000-1, 12.6.4."""
    with pikepdf.open(BytesIO(printed)) as document:
        for each in document.objects:
            if isinstance(each, pikepdf.Dictionary):
                kinds = {str(each.get("/S", "")), *each.keys()}
                yield from kinds & {
                    "/JavaScript",
                    "/JS",
                    "/Launch",
                    "/EmbeddedFiles",
                    "/SubmitForm",
                }
                if "/URI" in each and MARK in str(each.get("/URI")):
                    yield "/URI"


class _Reader(HTMLParser):
    """Finds marks in whatever is no text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        leads_away = tag == "meta" and any(name == "http-equiv" for name, _ in attrs)
        active = tag in {"base", "embed", "iframe", "object", "svg", "math"}
        self._look(active or leads_away, str(attrs))
        for name, value in attrs:
            plain = "".join((value or "").split()).lower()
            runs = name.startswith(("on", "hx-", "data-hx", "style", "srcdoc"))
            leads = name in ADDRESSES and plain.startswith(RUNS)
            self._look(runs or leads, value or "")
            self._look(MARK in name, f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        self._look(self.cdata_elem is not None, data)

    def handle_comment(self, data: str) -> None:
        self._look(MARK in data, data)

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def _look(self, dangerous: bool, text: str) -> None:
        if dangerous and MARK in text:
            self.found.append(text)


WITH_SIGNS = [each for each in PAYLOADS if "<" in each or '"' in each or "'" in each]


def unescaped(source: str) -> Iterator[str]:
    """Places where a payload stands as it was typed, or where it would run."""
    yield from (each for each in WITH_SIGNS if each in source)
    yield from _Reader(source).found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_that_got_through_would_be_found(payload: str) -> None:
    in_text = f"<!doctype html><title>x</title><p>{payload}</p>"
    assert payload in PAYLOADS[-6:-4] or list(unescaped(in_text))
    assert list(unescaped(f'<a href="{payload}">x</a>'))


@pytest.mark.django_db
def test_scripts_stay_words() -> None:
    figures = run(SMALL)
    assert figures.held, str(figures)
    assert len(PAYLOADS) == 100
    assert figures.counts["payloads on pages"] > 1000
    assert figures.counts["payloads in print"] > 5
