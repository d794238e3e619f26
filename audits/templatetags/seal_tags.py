"""What the pages about sealed identities say of one, and where they are linked from."""

from collections.abc import Iterator, Mapping
from datetime import date

from django import template
from django.urls import reverse
from django.utils.dateformat import format as dated

from agencies.models import User
from audits.identity import Identity
from audits.models import Audit, Seal
from audits.reading.seals import spans

register = template.Library()
register.filter(spans)


@register.filter
def facts(identity: Identity, agencies: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is known of a child, under its labels; `agencies` are short names by id."""
    return [(label, value) for label, value in _facts(identity, agencies) if value]


def _facts(identity: Identity, agencies: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "Name", identity.name
    yield "Also known as", identity.other_names
    yield "Date of birth", _day(identity.born_on)
    yield "NHS number", _grouped(identity.nhs_number)
    yield "Address", ", ".join(filter(None, (identity.address, identity.postcode)))
    yield "Siblings and carers", identity.relatives
    for agency, reference in identity.references.items():
        yield f"Reference of {agencies.get(agency, 'an agency')}", reference


def _day(day: date | None) -> str:
    return dated(day, "j F Y") if day else ""


def _grouped(digits: str) -> str:
    """As it is printed on letters: three, three and four."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}".strip()


@register.simple_tag
def look_url(audit: Audit, user: User) -> str:
    """Where this person finds out who the cases are; nothing where there is no such place."""
    seals = Seal.objects.visible_to(user).standing().filter(audit=audit)
    return reverse("identity-reveal", args=[audit.pk]) if seals.exists() else ""
