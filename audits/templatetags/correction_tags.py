"""Corrections on the pages of a return: the way to make one, and those that were made."""

from collections.abc import Sequence

from django import template
from django.template import Context
from django.urls import reverse

from audits.domain import corrections
from audits.models import AgencyReturn, CaseReturn, Correction

register = template.Library()


@register.simple_tag(takes_context=True)
def correct_url(context: Context, thing: AgencyReturn | CaseReturn) -> str:
    """Where this person corrects a case return or a summative report; empty if they cannot."""
    user = context["request"].user
    if isinstance(thing, AgencyReturn):
        may = corrections.can_correct(thing, user)
        return reverse("summative-correct", args=[thing.pk]) if may else ""
    may = corrections.can_correct(thing.agency_return, user, thing)
    return reverse("case-return-correct", args=[thing.agency_return_id, thing.pk]) if may else ""


@register.simple_tag
def corrections_of(thing: AgencyReturn | CaseReturn) -> Sequence[Correction]:
    """Of a case return its own; of an agency's return all of them; the last first."""
    made = Correction.objects.with_names()
    if isinstance(thing, AgencyReturn):
        return list(made.filter(agency_return=thing))
    return list(made.filter(case_return=thing))
