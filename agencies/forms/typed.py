"""What somebody typed into boxes of prose, titles and numbers during one request, for whoever looks
it through.

Every such box is a `fields.TextField`, a `fields.TitleField` or a `fields.DecimalField`, so nothing
that is added later can be forgotten. What comes in a file is noted by who takes it over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_typed: ContextVar[list[str] | None] = ContextVar("typed", default=None)


def note(text: str) -> None:
    texts = _typed.get()
    if texts is not None and text:
        texts.append(text)


@contextmanager
def collecting() -> Iterator[list[str]]:
    """The texts that made sense to their forms while this lasts."""
    texts: list[str] = []
    token = _typed.set(texts)
    try:
        yield texts
    finally:
        _typed.reset(token)
