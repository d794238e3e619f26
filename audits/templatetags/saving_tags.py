"""What a form needs so that its page saves it while somebody writes."""

import json
from typing import TYPE_CHECKING
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audits.forms.sent import names_to_keys

if TYPE_CHECKING:
    from audits.reading.agency_returns import AgencyReturnPage
    from audits.reading.case_returns import CaseReturnPage

register = template.Library()


@register.simple_tag
def saves_case_return(
    page: "CaseReturnPage", conflicts: object = None, came_back: object = False
) -> SafeString:
    """Attributes of the form. While somebody chooses between two versions nothing is saved by
    itself: the page then only warns before it is left. A page that came back with mistakes
    shows words that were not saved."""
    ids = [page.case_return.agency_return_id, page.case_return.pk]
    names = names_to_keys(page.questions)
    return _attributes("case-return", ids, names, conflicts, came_back)


@register.simple_tag
def saves_summative(
    page: "AgencyReturnPage", conflicts: object = None, came_back: object = False
) -> SafeString:
    names = {"overview": "overview"}
    return _attributes("summative", [page.agency_return.pk], names, conflicts, came_back)


def _attributes(
    route: str, ids: list[UUID], names: dict[str, str], conflicts: object, came_back: object
) -> SafeString:
    if conflicts:
        return SafeString("data-maca-unsaved")
    return format_html(
        'data-maca-autosave="{}" data-maca-presence="{}" data-maca-screened-at="{}"'
        ' data-maca-names="{}" data-maca-screening="{}"{}',
        reverse(f"{route}-save", args=ids),
        reverse(f"{route}-presence", args=ids),
        reverse(f"{route}-screened", args=ids),
        json.dumps(names, separators=(",", ":")),
        reverse("return-screening-confirm", args=ids[:1]),
        SafeString(" data-maca-all-unsaved") if came_back else "",
    )
