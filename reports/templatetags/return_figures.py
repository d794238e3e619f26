"""Figures beside what an agency writes about them: a page of `audits` asks for them by this tag,
since counting belongs to `reports`."""

from django import template

from audits.models import AgencyReturn
from reports.reading.return_figures import ReturnFigures

register = template.Library()


@register.inclusion_tag("reports/_return_figures.html")
def return_figures(agency_return: AgencyReturn) -> dict[str, object]:
    return {"figures": ReturnFigures(agency_return)}
