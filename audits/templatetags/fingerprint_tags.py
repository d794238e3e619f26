"""Whether what was signed off is still what was signed."""

from django import template

from audits.domain import fingerprints
from audits.domain.fingerprints import Standing
from audits.models import AgencyReturn

register = template.Library()


@register.simple_tag
def fingerprint_of(agency_return: AgencyReturn) -> Standing | None:
    return fingerprints.standing(agency_return)
