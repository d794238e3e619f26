"""What a person is told who writes into a return that is closed by now."""

from django.contrib import messages
from django.http import HttpRequest

CLOSED = (
    "Nothing was saved: this has been handed in, finished or withdrawn meanwhile. "
    "Ask for it to be reopened if it has to change; what you wrote still stands below."
)


def say_closed(request: HttpRequest) -> None:
    messages.error(request, CLOSED)
