"""HTML in, tagged PDF out. WeasyPrint lives in a process of its own and is never imported here."""

from .process import Renderer, RenderError, RenderTimeout, renderer

__all__ = ["RenderError", "RenderTimeout", "Renderer", "render_pdf", "renderer"]

TIMEOUT = 60.0


def render_pdf(html: str, *, timeout: float = TIMEOUT) -> bytes:
    """Raises RenderTimeout after `timeout` seconds, RenderError when there can be no PDF."""
    return renderer.render(html, timeout=timeout).body
