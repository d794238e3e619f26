"""What is measured, and against what."""

import os
import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from django.urls import reverse

from audits.reading.case_returns import CaseReturnPage
from reports.documents.html import print_page
from reports.domain.printing import draft
from reports.models import Document
from tests.bench import grid, memory, printing
from tests.bench.pages import Site, Work, queries, ratios, seconds, session_of
from tests.bench.partnership import LARGE, ORDINARY, SMALL, Ground, Size


class Sheet(Protocol):
    """Where figures are written down."""

    def add(self, measure: str, figure: float, target: float | None, unit: str = "") -> None: ...

    def holds(self, measure: str, figure: str, target: str, *, met: bool) -> None: ...


@dataclass(frozen=True)
class Pages:
    """The pages that are measured, by the size of their audit; paths and sessions."""

    site: Site
    ground: Ground
    chair: str
    officer: str
    auditor: str

    def least(self, route: str) -> tuple[str, str]:
        audit = self.ground.measured[ORDINARY].audit
        return reverse(route, args=[audit.pk]), self.chair

    def dashboard(self, size: Size) -> tuple[str, str]:
        audit = self.ground.measured[size].audit
        return reverse("audit-dashboard", args=[audit.pk]), self.chair

    def form(self, size: Size) -> tuple[str, str]:
        row = self.ground.measured[size].form
        return reverse("case-return-edit", args=[row.agency_return_id, row.pk]), self.auditor

    def autosave(self, size: Size) -> Work:
        row = self.ground.measured[size].form
        row.refresh_from_db()
        address = reverse("case-return-save", args=[row.agency_return_id, row.pk])
        basis = CaseReturnPage(row, self.ground.auditor).basis
        return self.site.autosave(address, self.auditor, "engagement_past", basis)

    def pdf(self, size: Size) -> tuple[str, str]:
        audit = self.ground.measured[size].audit
        address = reverse("document-draft-pdf", args=[audit.pk, Document.Kind.SUMMARY_REPORT])
        return address, self.officer

    def work(self, page: tuple[str, str]) -> Work:
        return self.site.page(*page)


def measure(ground: Ground, sheet: Sheet, *, rounds: int) -> None:
    pages = Pages(
        site=Site(),
        ground=ground,
        chair=session_of(ground.chair),
        officer=session_of(ground.officer),
        auditor=session_of(ground.auditor),
    )
    count_queries(pages, sheet)
    time_pages(pages, sheet, rounds)
    time_grid(ground, sheet, rounds)
    time_pdf(pages, sheet, max(3, rounds // 12))
    weigh(pages, sheet)


def count_queries(pages: Pages, sheet: Sheet) -> None:
    for name, page, most in (
        ("Dashboard of one audit", pages.dashboard, 12),
        ("Return form", pages.form, 8),
    ):
        for size in (SMALL, ORDINARY, LARGE):
            pages.work(page(size))()
        small, ordinary, large = (queries(pages.work(page(s))) for s in (SMALL, ORDINARY, LARGE))
        sheet.add(f"{name}, {ORDINARY}: queries", ordinary, most)
        sheet.holds(
            f"{name}: queries at {SMALL} and {LARGE}",
            f"{small} and {large}",
            "equal",
            met=small == large,
        )
    save = pages.autosave(ORDINARY)
    save()
    sheet.add("Saving one text while writing: queries", queries(save), 10)


def time_pages(pages: Pages, sheet: Sheet, rounds: int) -> None:
    works = {
        "t1": pages.work(pages.least("bench-one-row")),
        "no template": pages.work(pages.least("bench-no-template")),
        "dashboard": pages.work(pages.dashboard(ORDINARY)),
        "form": pages.work(pages.form(ORDINARY)),
        "autosave": pages.autosave(ORDINARY),
        "large dashboard": pages.work(pages.dashboard(LARGE)),
    }
    sheet.add("t1 itself", 1000 * median(seconds(works["t1"]) for _ in range(rounds)), None, " ms")
    found = ratios(works, to="t1", rounds=rounds)
    sheet.add("The same without a template", found["no template"], None, " t1")
    sheet.add(f"Dashboard of one audit, {ORDINARY}", found["dashboard"], 4.5, " t1")
    sheet.add(f"Return form, {ORDINARY}", found["form"], 3.5, " t1")
    sheet.add(f"Saving one text while writing, {ORDINARY}", found["autosave"], 2.5, " t1")
    sheet.add(f"Dashboard of one audit, {LARGE}", found["large dashboard"], None, " t1")


def time_grid(ground: Ground, sheet: Sheet, rounds: int) -> None:
    works = grid.both(ground.measured[LARGE].audit, ground.chair)
    found = ratios(works, to="plain", rounds=rounds, clock=time.process_time)
    sheet.add(f"Grid, {LARGE}, to a plain join of strings", found["grid"], 2)


def time_pdf(pages: Pages, sheet: Sheet, rounds: int) -> None:
    html = print_page(draft(pages.ground.measured[ORDINARY].audit, Document.Kind.SUMMARY_REPORT))
    found = printing.compare(pages.work(pages.pdf(ORDINARY)), html, rounds)
    sheet.add("PDF endpoint", found.seconds, None, " s")
    sheet.add("PDF endpoint, to a bare write_pdf", found.to_bare, 1.10)
    sheet.add("PDF endpoint, to WeasyPrint's defaults", found.to_defaults, 0.80)
    sheet.holds(
        "WeasyPrint in the process that served all this",
        "yes" if "weasyprint" in sys.modules else "no",
        "no",
        met="weasyprint" not in sys.modules,
    )


def weigh(pages: Pages, sheet: Sheet) -> None:
    asked = [pages.dashboard(ORDINARY), pages.form(ORDINARY), pages.dashboard(LARGE)]
    asked += [(reverse("audit-list"), pages.chair), (reverse("home"), pages.officer)]
    ours, prints = memory.weight("maca.wsgi", asked)
    # A project of its own knows nothing of what this one's web processes begin with.
    bare, _ = memory.weight("tests.bench.bare", [("/", "")] * len(asked), os.devnull)
    sheet.add("A web worker's memory", ours / 1024, None, " MiB")
    sheet.add("A bare Django worker's memory", bare / 1024, None, " MiB")
    sheet.add("A web worker's memory, to a bare Django one's", ours / bare, 1.6)
    sheet.holds("WeasyPrint in the web worker", "yes" if prints else "no", "no", met=not prints)
