"""Where a finding can be printed: a section, a gap heading in it, a lead-in in either."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from audits.models import Audit, FindingPlacement, LeadIn, Section

Entry = FindingPlacement | LeadIn


@dataclass(frozen=True)
class Place:
    """`str(place)` is its value in a form and `Place.parse` reads it back."""

    section: str
    heading_id: UUID | None = None
    lead_in_id: int | None = None

    def __str__(self) -> str:
        return f"{self.section}:{self.heading_id or ''}:{self.lead_in_id or ''}"

    @classmethod
    def parse(cls, value: str) -> Self:
        section, heading, lead_in = value.split(":")
        return cls(
            str(Section(section)),
            UUID(heading) if heading else None,
            int(lead_in) if lead_in else None,
        )

    @classmethod
    def of(cls, placement: FindingPlacement) -> Self:
        return cls(placement.section, placement.heading_id, placement.lead_in_id)


def siblings(audit: Audit, place: Place) -> list[Entry]:
    """What shares the place's order: placements and lead-ins, or the placements of a lead-in."""
    placements = list(
        FindingPlacement.objects.filter(
            finding__audit=audit,
            section=place.section,
            heading=place.heading_id,
            lead_in=place.lead_in_id,
        )
    )
    if place.lead_in_id is not None:
        return [*placements]
    lead_ins = LeadIn.objects.filter(audit=audit, section=place.section, heading=place.heading_id)
    return in_order([*placements, *lead_ins])


def in_order(entries: list[Entry]) -> list[Entry]:
    """By position; a lead-in goes before a placement that claims the same one."""
    return sorted(
        entries, key=lambda entry: (entry.position, isinstance(entry, FindingPlacement), entry.pk)
    )
