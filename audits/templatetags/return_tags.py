"""What the pages of returns draw in one go, because there are many of it."""

from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from audits.forms import drawing, drawn_lists
from audits.reading.case_returns import CaseReturnPage, Sibling

register = template.Library()
register.simple_tag(drawing.question)
register.simple_tag(drawn_lists.points_editor)
register.simple_tag(drawn_lists.chronology)

HERE = ' aria-current="page"'


@register.simple_tag
def case_links(page: CaseReturnPage) -> SafeString:
    """A list item for each case of the return, sixty as quickly as six."""
    row = page.case_return
    base = reverse("agency-return-detail", args=[row.agency_return_id])
    return mark_safe(  # noqa: S308 - stages and their labels are the code's own, ids are UUIDs
        "".join(_link(each, base, here=each.id == row.pk) for each in page.siblings)
    )


def _link(each: Sibling, base: str, *, here: bool) -> str:
    return (
        f'<li><a class="maca-cases__case maca-cases__case--{each.stage}'
        f'{" maca-cases__case--mine" if each.mine else ""}" href="{base}cases/{each.id}/"'
        f'{HERE if here else ""} title="{escape(each.label)}">'
        f'<span class="govuk-visually-hidden">Case </span>{each.number}'
        f'<span class="govuk-visually-hidden">: {escape(each.label.lower())}'
        f"{', yours' if each.mine else ''}</span></a></li>"
    )
