"""The frame findings are printed in: gap headings, lead-ins, and the order of everything."""

from django.db import transaction

from agencies.domain import activity
from agencies.models import User
from audits.domain.places import Entry, Place, siblings
from audits.domain.writing import MEETING_AND_DRAFTING, fresh, hold, renumber, swapped
from audits.models import (
    Audit,
    FindingPlacement,
    GapHeading,
    LeadIn,
    LearningTheme,
    Section,
)


@transaction.atomic
def move(*, entry: Entry, up: bool, by: User) -> None:
    """One place up or down among its siblings."""
    if isinstance(entry, LeadIn):
        owner, place = entry.audit, Place(entry.section, entry.heading_id)
    else:
        owner, place = entry.finding.audit, Place.of(entry)
    audit = hold(owner, MEETING_AND_DRAFTING)
    renumber(swapped(siblings(audit, place), entry, up=up))
    _record("moved what is printed", audit, entry, by)


@transaction.atomic
def add_lead_in(
    *, audit: Audit, section: str, heading: GapHeading | None, text: str, by: User
) -> LeadIn:
    held = hold(audit, MEETING_AND_DRAFTING)
    place = Place(section, heading.pk if heading else None)
    lead_in = LeadIn.objects.create(
        audit=held,
        section=section,
        heading=heading,
        text=text,
        position=len(siblings(held, place)),
    )
    _record("wrote a lead-in", held, lead_in, by)
    return lead_in


@transaction.atomic
def revise_lead_in(*, lead_in: LeadIn, text: str, revision: int, by: User) -> LeadIn:
    audit = hold(lead_in.audit, MEETING_AND_DRAFTING)
    stored = fresh(lead_in, revision)
    stored.text = text
    stored.revision += 1
    stored.save(update_fields=["text", "revision"])
    _record("revised a lead-in", audit, stored, by)
    return stored


@transaction.atomic
def remove_lead_in(*, lead_in: LeadIn, by: User) -> None:
    """Take a lead-in away; the findings under it stay, in its place and order."""
    audit = hold(lead_in.audit, MEETING_AND_DRAFTING)
    rows = siblings(audit, Place(lead_in.section, lead_in.heading_id))
    index = next(i for i, row in enumerate(rows) if isinstance(row, LeadIn) and row == lead_in)
    under: list[Entry] = [*lead_in.placements.all()]
    FindingPlacement.objects.filter(lead_in=lead_in).update(lead_in=None)
    _record("removed a lead-in", audit, lead_in, by)
    lead_in.delete()
    renumber([*rows[:index], *under, *rows[index + 1 :]])


@transaction.atomic
def add_heading(*, audit: Audit, label: str, learning_theme: LearningTheme, by: User) -> GapHeading:
    held = hold(audit, MEETING_AND_DRAFTING)
    heading = GapHeading.objects.create(
        audit=held,
        label=label,
        learning_theme=learning_theme,
        position=held.gap_headings.count(),
    )
    _record("added a gap heading", held, heading, by)
    return heading


@transaction.atomic
def revise_heading(
    *, heading: GapHeading, label: str, learning_theme: LearningTheme, by: User
) -> GapHeading:
    audit = hold(heading.audit, MEETING_AND_DRAFTING)
    heading.label, heading.learning_theme = label, learning_theme
    heading.save(update_fields=["label", "learning_theme"])
    _record("revised a gap heading", audit, heading, by)
    return heading


@transaction.atomic
def move_heading(*, heading: GapHeading, up: bool, by: User) -> None:
    audit = hold(heading.audit, MEETING_AND_DRAFTING)
    renumber(swapped(list(audit.gap_headings.all()), heading, up=up))
    _record("moved a gap heading", audit, heading, by)


@transaction.atomic
def remove_heading(*, heading: GapHeading, by: User) -> None:
    """Take a heading away with its lead-ins; findings that stood under it are not printed there."""
    audit = hold(heading.audit, MEETING_AND_DRAFTING)
    _record("removed a gap heading", audit, heading, by)
    FindingPlacement.objects.filter(heading=heading, section=Section.GAPS).delete()
    heading.delete()
    renumber(list(audit.gap_headings.all()))


def _record(verb: str, audit: Audit, subject: object, by: User) -> None:
    activity.record(
        verb, by=by, partnership=audit.partnership_id, subject=subject, audit_id=audit.pk
    )
