"""What a person is told who writes where it is closed by now, with nothing typed lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest

from agencies.domain.refusal import RefusedError

CLOSED = (
    "Nothing was saved: this has been handed in, finished or withdrawn meanwhile. "
    "Ask for it to be reopened if it has to change."
)
COPY_IT = (
    "Nothing was saved. What you wrote still stands below: copy it before you leave this page."
)


class Asking(Protocol):
    """A form, or several that are sent together."""

    def add_error(self, field: None, error: str, /) -> None: ...


def say_closed(request: HttpRequest) -> None:
    """Where the page that answers shows again what was written."""
    messages.error(request, f"{CLOSED} What you wrote still stands below.")


@contextmanager
def refused_in(form: Asking) -> Iterator[None]:
    """For a write: a refusal is told in the form, whose page then follows with all its words.

    A page that closed before it was opened sends its reader away; one that closed since must not,
    so it asks about that on GET alone and leaves the rest to the domain.
    """
    try:
        yield
    except RefusedError as error:
        form.add_error(None, f"{error} {COPY_IT}")
