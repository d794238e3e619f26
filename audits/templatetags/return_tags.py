"""What the pages of returns draw in one go, because there are many of it."""

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from audits.reading.case_returns import CaseReturnPage, Sibling

register = template.Library()

CASE = (
    '<li><a class="maca-cases__case maca-cases__case--{}{}" href="{}cases/{}/"{} title="{}">'
    '<span class="govuk-visually-hidden">Case </span>{}'
    '<span class="govuk-visually-hidden">: {}{}</span></a></li>'
)
MINE = SafeString(" maca-cases__case--mine")
HERE = SafeString(' aria-current="page"')


@register.simple_tag
def case_links(page: CaseReturnPage) -> SafeString:
    """A list item for each case of the return, sixty as quickly as six."""
    row = page.case_return
    base = reverse("agency-return-detail", args=[row.agency_return_id])
    return format_html_join("", CASE, (_link(each, base, row.pk) for each in page.siblings))


def _link(each: Sibling, base: str, here: object) -> tuple[object, ...]:
    return (
        each.stage,
        MINE if each.mine else "",
        base,
        each.id,
        HERE if each.id == here else "",
        each.label,
        each.number,
        each.label.lower(),
        ", yours" if each.mine else "",
    )
