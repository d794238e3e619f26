"""A document's content as the page that is printed."""

from django.template.loader import render_to_string

from .content import Briefing, SummaryReport

# Stored with each published version; raise it when the print templates or styles change.
TEMPLATE_VERSION = "1"


def print_page(document: SummaryReport | Briefing) -> str:
    """The whole HTML page, for `render_pdf`."""
    return render_to_string(document.template, {"document": document})
