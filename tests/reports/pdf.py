"""Reading a PDF back: its words, its structure tree, its bookmarks."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pypdf import PdfReader


def words(pdf: bytes) -> str:
    """All text with single spaces, running heads and feet included."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """The structure tree in reading order."""
    yield from _below(pdf.Root.StructTreeRoot.K)


def _below(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from _below(kid)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from _below(node.K)


def tags(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element.S).lstrip("/") for element in elements(pdf)]


def bookmarks(pdf: pikepdf.Pdf) -> list[tuple[int, str]]:
    """Every bookmark with its depth."""
    with pdf.open_outline() as outline:
        return list(_titles(outline.root, 1))


def _titles(items: list[pikepdf.OutlineItem], depth: int) -> Iterator[tuple[int, str]]:
    for item in items:
        yield depth, item.title
        yield from _titles(item.children, depth + 1)
