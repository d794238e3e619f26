"""The findings in the order in which the summary report prints them, with what they still lack."""

from dataclasses import dataclass, field
from typing import Any

from agencies.models import User
from agencies.roles import Permission
from audits.domain.places import Place, in_order
from audits.models import (
    Audit,
    Figure,
    Finding,
    FindingPlacement,
    GapHeading,
    LeadIn,
    Section,
    Stage,
    StatusChange,
)
from audits.text import HINT, typed_numbers, unknown_codes

NUMBERS = {
    Section.FINDINGS: "3.1",
    Section.WORKING_WELL: "3.2",
    Section.WORRIES: "3.3",
    Section.GAPS: "3.4",
    Section.NEXT_STEPS: "4",
}
LETTERED = {Section.GAPS, Section.NEXT_STEPS}
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Line:
    """One printed line: a placement, or a lead-in with the placements under it.

    `mark` is its letter, empty where the section prints bullets. `parts` is its text cut at
    the figures it names: pairs of words and whether they stand for a figure.
    """

    mark: str
    parts: list[tuple[str, bool]]
    is_first: bool
    is_last: bool
    placement: FindingPlacement | None = None
    lead_in: LeadIn | None = None
    under: list["Line"] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    lacks_action: bool = False

    @property
    def finding(self) -> Finding:
        assert self.placement is not None  # noqa: S101 - asked only of placements
        return self.placement.finding


@dataclass(frozen=True)
class HeadingBlock:
    number: str
    heading: GapHeading
    lines: list[Line]
    is_first: bool
    is_last: bool

    @property
    def place(self) -> str:
        return str(Place(Section.GAPS, self.heading.pk))


@dataclass(frozen=True)
class SectionBlock:
    """`headings` is filled for the gaps, `lines` for every other section."""

    number: str
    section: str
    title: str
    lines: list[Line]
    headings: list[HeadingBlock] = field(default_factory=list)

    @property
    def place(self) -> str:
        return str(Place(self.section))

    @property
    def count(self) -> int:
        blocks = [self.lines, *(block.lines for block in self.headings)]
        return sum(len(line.under) if line.lead_in else 1 for lines in blocks for line in lines)


@dataclass(frozen=True)
class Outline:
    sections: list[SectionBlock]
    unplaced: list[Finding]
    gaps_without_action: list[Finding]


def figure_words(figure: Figure) -> str:
    """What a figure counts, and its count when an agency stated it."""
    who = f" ({figure.agency.short_name})" if figure.agency else ""
    if figure.kind == Figure.Kind.COUNTED:
        asked = f", question {figure.question.number}" if figure.question else ""
        return f"{figure.get_measure_display()}{asked}{who}"
    out_of = f" of {figure.denominator}" if figure.denominator is not None else ""
    count = "" if figure.numerator is None else f"{figure.numerator}{out_of} {figure.unit}".strip()
    return ": ".join(part for part in (figure.label, count) if part) + who


def outline_of(audit: Audit) -> Outline:
    """The same number of queries whatever was written."""
    findings = {
        finding.pk: finding
        for finding in audit.findings.prefetch_related(
            "agencies",
            "learning_themes",
            "figures__agency",
            "figures__question",
            "seen_before",
            "actions",
        )
    }
    placements = list(FindingPlacement.objects.filter(finding__audit=audit))
    for placement in placements:
        placement.finding = findings[placement.finding_id]
    headings = list(audit.gap_headings.select_related("learning_theme"))
    builder = _Builder(placements, list(audit.lead_ins.all()), headings)
    placed = {placement.finding_id for placement in placements}
    gaps = {p.finding_id for p in placements if p.section == Section.GAPS}
    return Outline(
        sections=[builder.section(section) for section in Section],
        unplaced=[finding for finding in findings.values() if finding.pk not in placed],
        gaps_without_action=[
            finding
            for finding in findings.values()
            if finding.pk in gaps and not finding.actions.all()
        ],
    )


class _Builder:
    def __init__(
        self,
        placements: list[FindingPlacement],
        lead_ins: list[LeadIn],
        headings: list[GapHeading],
    ) -> None:
        self.placements = placements
        self.lead_ins = lead_ins
        self.headings = headings
        self.numbers = {
            heading.pk: f"{NUMBERS[Section.GAPS]}.{index}"
            for index, heading in enumerate(headings, start=1)
        }

    def section(self, section: Section) -> SectionBlock:
        headings = self.headings if section == Section.GAPS else []
        return SectionBlock(
            number=NUMBERS[section],
            section=str(section),
            title=str(section.label),
            lines=[] if section == Section.GAPS else self._lines(Place(section)),
            headings=[
                HeadingBlock(
                    number=self.numbers[heading.pk],
                    heading=heading,
                    lines=self._lines(Place(section, heading.pk)),
                    is_first=index == 0,
                    is_last=index == len(headings) - 1,
                )
                for index, heading in enumerate(headings)
            ],
        )

    def _lines(self, place: Place) -> list[Line]:
        entries = in_order(
            [
                *(each for each in self.placements if Place.of(each) == place),
                *(
                    each
                    for each in self.lead_ins
                    if place.lead_in_id is None and Place(each.section, each.heading_id) == place
                ),
            ]
        )
        lettered = place.section in LETTERED and place.lead_in_id is None
        return [
            self._line(entry, letter(index) if lettered else "", index, len(entries))
            for index, entry in enumerate(entries)
        ]

    def _line(self, entry: Any, mark: str, index: int, of: int) -> Line:
        first, last = index == 0, index == of - 1
        if isinstance(entry, LeadIn):
            under = self._lines(Place(entry.section, entry.heading_id, entry.pk))
            return Line(mark, [(entry.text, False)], first, last, lead_in=entry, under=under)
        finding = entry.finding
        figures = list(finding.figures.all())
        return Line(
            mark,
            text_parts(entry.text, {figure.code: figure_words(figure) for figure in figures}),
            first,
            last,
            placement=entry,
            warnings=warnings_about(entry.text, figures),
            elsewhere=self._elsewhere(entry),
            lacks_action=entry.section == Section.GAPS and not finding.actions.all(),
        )

    def _elsewhere(self, placement: FindingPlacement) -> list[str]:
        return sorted(
            self.numbers[other.heading_id] if other.heading_id else NUMBERS[Section(other.section)]
            for other in self.placements
            if other.finding_id == placement.finding_id and other.pk != placement.pk
        )


def letter(index: int) -> str:
    """The mark of the line at this place, counted from 0: a, b … z, aa, ab."""
    mark = ""
    index += 1
    while index:
        index, place = divmod(index - 1, len(ALPHABET))
        mark = ALPHABET[place] + mark
    return mark


def text_parts(text: str, figures: dict[str, str]) -> list[tuple[str, bool]]:
    parts = []
    for index, piece in enumerate(HINT.split(text)):
        if index % 2:
            parts.append((figures.get(piece.strip(), f"unknown figure “{piece}”"), True))
        elif piece:
            parts.append((piece, False))
    return parts


def warnings_about(text: str, figures: list[Figure]) -> list[str]:
    """What somebody should look at again: figures that do not exist, numbers typed by hand."""
    codes = {figure.code for figure in figures}
    counts = [(figure.numerator, figure.denominator) for figure in figures]
    unknown = [f"No figure has the code “{code}”." for code in unknown_codes(text, codes)]
    typed = typed_numbers(text, counts)
    if typed:
        unknown.append("Typed by hand, from no figure: " + ", ".join(typed) + ".")
    return unknown


def chairs_comments(audit: Audit, user: User) -> StatusChange | None:
    """What the chair said on sending the draft back, for those who write it.

    It stands until the officer asks for approval again.
    """
    drafts = user.may(Permission.DRAFT, audit.partnership_id)
    if not drafts or audit.stage != Stage.DRAFTING or audit.awaiting_approval:
        return None
    latest = (
        audit.status_changes.filter(
            transition__in=["ask-for-approval", "send-back-draft"],
            agency_return=None,
            case_return=None,
        )
        .select_related("by")
        .last()
    )
    return latest if latest and latest.transition == "send-back-draft" else None


def place_choices(audit: Audit) -> list[tuple[str, str]]:
    """Everywhere a finding of this audit can print, in printed order, with its number."""
    headings = list(audit.gap_headings.all())
    lead_ins = list(audit.lead_ins.all())
    choices = []
    for section in Section:
        places = (
            [
                (Place(section, heading.pk), f"{NUMBERS[section]}.{index} {heading.label}")
                for index, heading in enumerate(headings, start=1)
            ]
            if section == Section.GAPS
            else [(Place(section), f"{NUMBERS[section]} {section.label}")]
        )
        for place, label in places:
            choices.append((str(place), label))
            choices += [
                (
                    str(Place(place.section, place.heading_id, lead_in.pk)),
                    f"{label.split(' ')[0]} under “{lead_in.text}”",
                )
                for lead_in in lead_ins
                if (lead_in.section, lead_in.heading_id) == (place.section, place.heading_id)
            ]
    return choices
