"""What a person is told who writes into a return that is closed by now."""

from django.contrib import messages
from django.http import HttpRequest

CLOSED = (
    "Nothing was saved: this has been handed in, finished or withdrawn meanwhile. "
    "Ask for it to be reopened if it has to change."
)


def say_closed(request: HttpRequest) -> None:
    """Where the page that answers shows again what was written."""
    messages.error(request, f"{CLOSED} What you wrote still stands below.")
