"""Writing findings, and placing them where they print."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from agencies.domain import activity
from agencies.models import Agency, User
from audits.domain.places import Place, siblings
from audits.domain.writing import MEETING_AND_DRAFTING, fresh, hold, renumber
from audits.models import (
    Audit,
    Figure,
    Finding,
    FindingPlacement,
    LearningTheme,
    Point,
    PointKind,
    Section,
    SeenBefore,
)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a form says about a finding; `seen_before` holds code (or "") and title."""

    text: str
    learning_themes: Iterable[LearningTheme] = ()
    agencies: Iterable[Agency] = ()
    points: Iterable[Point] = ()
    figures: Iterable[Figure] = ()
    for_scrutiny: bool = False
    seen_before: Iterable[tuple[str, str]] = ()
    places: list[Place] = field(default_factory=list)


def next_code(codes: Iterable[str], stem: str) -> str:
    """The next free code such as “finding-7”; codes say nothing about what is written."""
    taken = set(codes)
    number = len(taken) + 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


@transaction.atomic
def write_finding(*, audit: Audit, draft: Draft, by: User) -> Finding:
    held = hold(audit, MEETING_AND_DRAFTING)
    codes = held.findings.values_list("code", flat=True)
    finding = Finding.objects.create(
        audit=held,
        code=next_code(codes, "finding"),
        text=draft.text,
        for_scrutiny=draft.for_scrutiny,
    )
    _write_links(held, finding, draft)
    _record("wrote a finding", finding, held, by)
    return finding


@transaction.atomic
def revise_finding(*, finding: Finding, draft: Draft, revision: int, by: User) -> Finding:
    """Raises StaleError when it was saved since the form was opened."""
    audit = hold(finding.audit, MEETING_AND_DRAFTING)
    stored = fresh(finding, revision)
    stored.text, stored.for_scrutiny = draft.text, draft.for_scrutiny
    stored.revision += 1
    stored.save()
    _write_links(audit, stored, draft)
    _record("revised a finding", stored, audit, by)
    return stored


@transaction.atomic
def remove_finding(*, finding: Finding, by: User) -> None:
    audit = hold(finding.audit, MEETING_AND_DRAFTING)
    places = {Place.of(placement) for placement in finding.placements.all()}
    _record("removed a finding", finding, audit, by)
    finding.delete()
    for place in places:
        renumber(siblings(audit, place))


@transaction.atomic
def begin_working_well(*, audit: Audit, by: User) -> int:
    """Begin section 3.2 from what each agency's summative report says works well.

    Agency by agency, after whatever is there already; a point on which a finding of that
    section rests is left out, so doing it twice adds nothing, and so is what is not handed in.
    Returns how many were added.
    """
    held = hold(audit, MEETING_AND_DRAFTING)
    used = Finding.objects.filter(audit=held, placements__section=Section.WORKING_WELL)
    points = (
        Point.objects.to_build_on()
        .filter(
            Q(placements__kind=PointKind.WENT_WELL, placements__agreed=False),
            audit=held,
            origin=Point.Origin.SUMMATIVE,
        )
        .exclude(findings__in=used)
        .select_related("agency")
        .prefetch_related("learning_themes")
        .order_by("agency__name", "placements__position", "written_at", "pk")
    )
    begun = list(points)
    for point in begun:
        write_finding(
            audit=held,
            by=by,
            draft=Draft(
                text=point.text,
                learning_themes=point.learning_themes.all(),
                agencies=[point.agency] if point.agency else [],
                points=[point],
                places=[Place(Section.WORKING_WELL)],
            ),
        )
    return len(begun)


@transaction.atomic
def place(
    *, finding: Finding, place: Place, by: User, wording: str = "", position: int | None = None
) -> FindingPlacement:
    """Print a finding in one more place, last or at the position given."""
    audit = hold(finding.audit, MEETING_AND_DRAFTING)
    placement = _place(audit, finding, place, wording, position)
    _record("placed a finding", finding, audit, by)
    return placement


@transaction.atomic
def take_out(*, placement: FindingPlacement, by: User) -> None:
    """Stop printing a finding in this place; the finding itself stays."""
    finding = placement.finding
    audit = hold(finding.audit, MEETING_AND_DRAFTING)
    left = Place.of(placement)
    placement.delete()
    renumber(siblings(audit, left))
    _record("took a finding out of a section", finding, audit, by)


@transaction.atomic
def word_placement(
    *, placement: FindingPlacement, wording: str, revision: int, by: User
) -> FindingPlacement:
    """Give a finding its own words in this place; without any its own text prints again."""
    audit = hold(placement.finding.audit, MEETING_AND_DRAFTING)
    stored = fresh(placement, revision)
    stored.wording = wording
    stored.revision += 1
    stored.save(update_fields=["wording", "revision"])
    _record("worded a finding for one section", stored.finding, audit, by)
    return stored


def _write_links(audit: Audit, finding: Finding, draft: Draft) -> None:
    finding.learning_themes.set(draft.learning_themes)
    finding.agencies.set(draft.agencies)
    finding.points.set(draft.points)
    finding.figures.set(draft.figures)
    finding.seen_before.all().delete()
    SeenBefore.objects.bulk_create(
        SeenBefore(finding=finding, audit_code=code, audit_title=title)
        for code, title in dict.fromkeys(draft.seen_before)
    )
    _write_places(audit, finding, draft.places)


def _write_places(audit: Audit, finding: Finding, places: list[Place]) -> None:
    there = {Place.of(placement): placement for placement in finding.placements.all()}
    for gone in there.keys() - set(places):
        finding.placements.filter(
            section=gone.section, heading=gone.heading_id, lead_in=gone.lead_in_id
        ).delete()
        renumber(siblings(audit, gone))
    for new in dict.fromkeys(places):
        if new not in there:
            _place(audit, finding, new, "", None)


def _place(
    audit: Audit, finding: Finding, place: Place, wording: str, position: int | None
) -> FindingPlacement:
    rows = siblings(audit, place)
    placement = FindingPlacement.objects.create(
        finding=finding,
        section=place.section,
        heading_id=place.heading_id,
        lead_in_id=place.lead_in_id,
        wording=wording,
        position=len(rows),
    )
    rows.insert(len(rows) if position is None else position, placement)
    renumber(rows)
    return placement


def _record(verb: str, finding: Finding, audit: Audit, by: User) -> None:
    activity.record(
        verb, by=by, partnership=audit.partnership_id, subject=finding, audit_id=audit.pk
    )
