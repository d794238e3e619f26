"""The two printed documents: their content, built from rows, and the pages it is set on."""

from reports.documents.briefing import build_briefing
from reports.documents.content import Audience, Briefing, SummaryReport
from reports.documents.html import TEMPLATE_VERSION, print_page
from reports.documents.imprint import Edition
from reports.documents.source import DocumentSource
from reports.documents.summary import build_summary

__all__ = [
    "TEMPLATE_VERSION",
    "Audience",
    "Briefing",
    "DocumentSource",
    "Edition",
    "SummaryReport",
    "build_briefing",
    "build_summary",
    "print_page",
]
