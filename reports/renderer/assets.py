"""The only files a document may load, by the name it calls them: `asset:print.css`."""

from pathlib import Path

SCHEME = "asset:"
STATIC = Path(__file__).resolve().parents[2] / "static"

STYLES = {"print.css": STATIC / "css" / "print.css"}
FONTS = {path.name: path for path in sorted((STATIC / "fonts").glob("*.woff2"))}
FILES = STYLES | FONTS

CONTENT_TYPES = {".css": "text/css", ".woff2": "font/woff2"}


def find(url: str) -> Path | None:
    """The file behind an address, or None for every address but the listed ones."""
    if not url.startswith(SCHEME):
        return None
    return FILES.get(url.removeprefix(SCHEME))
