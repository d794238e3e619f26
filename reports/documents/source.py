"""The rows of one audit that both documents are made from, read in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from audits.models import (
    Action,
    AgencyReturn,
    Audit,
    Case,
    Figure,
    Finding,
    FindingPlacement,
    GapHeading,
    LeadIn,
    Meeting,
    PointKind,
    PointPlacement,
    Question,
    Section,
)
from reports.documents.content import Audience
from reports.figures import (
    EVERYTHING,
    AuditCounts,
    FigureValue,
    Part,
    PrintedCounts,
    SmallNumbers,
    figure_values,
    printed_parts,
    printed_values,
)


@dataclass(frozen=True)
class Sibling:
    """What stands on one level of a section: a lead-in with its placements, or one placement."""

    lead_in: LeadIn | None
    placements: tuple[FindingPlacement, ...]


class DocumentSource:
    """`audit` with everything its documents say to an audience; each property is read once."""

    def __init__(self, audit: Audit, audience: Audience = Audience.BOARD) -> None:
        self.audit = audit
        self.audience = audience

    def told_to(self, audience: Audience) -> "DocumentSource":
        """The same audit for these readers."""
        return self if audience is self.audience else DocumentSource(self.audit, audience)

    @property
    def is_public(self) -> bool:
        return self.audience is Audience.PUBLIC

    @cached_property
    def rule(self) -> SmallNumbers:
        if not self.is_public:
            return EVERYTHING
        return SmallNumbers(self.audit.partnership.small_numbers_below)

    @cached_property
    def counts(self) -> AuditCounts:
        return AuditCounts(self.audit)

    @cached_property
    def printed(self) -> PrintedCounts:
        """The counts that these readers are told."""
        return PrintedCounts(self.counts, self.rule)

    @cached_property
    def counted(self) -> dict[str, FigureValue]:
        """Every figure with its number, whoever reads."""
        figures = Figure.objects.filter(audit=self.audit).select_related("agency", "question")
        return figure_values(figures, self.counts)

    @cached_property
    def values(self) -> dict[str, FigureValue]:
        """Every figure as these readers are told it."""
        if not self.is_public:
            return self.counted
        return printed_values(self.counted.values(), self.printed)

    @property
    def agency_returns(self) -> list[AgencyReturn]:
        return self.counts.agency_returns

    @cached_property
    def meeting(self) -> Meeting | None:
        return (
            Meeting.objects.filter(audit=self.audit)
            .prefetch_related("attendance__agency", "attendance__body")
            .first()
        )

    @cached_property
    def placements(self) -> list[FindingPlacement]:
        findings = Finding.objects.prefetch_related(
            "agencies", "figures", "seen_before", "learning_themes", "actions"
        )
        return list(
            FindingPlacement.objects.filter(finding__audit=self.audit)
            .prefetch_related(Prefetch("finding", queryset=findings))
            .order_by("position", "pk")
        )

    @cached_property
    def lead_ins(self) -> list[LeadIn]:
        return list(self.audit.lead_ins.all())

    @cached_property
    def gap_headings(self) -> list[GapHeading]:
        return list(self.audit.gap_headings.all())

    def siblings(self, section: Section, heading: GapHeading | None = None) -> list[Sibling]:
        """What a section, or one gap heading, prints, in order; an empty lead-in does not."""
        heading_id = heading.pk if heading else None
        here = [
            placement
            for placement in self.placements
            if placement.section == section and placement.heading_id == heading_id
        ]
        led: defaultdict[int, list[FindingPlacement]] = defaultdict(list)
        ordered: list[tuple[int, int, int, Sibling]] = []
        for placement in here:
            if placement.lead_in_id is None:
                ordered.append((placement.position, 1, placement.pk, Sibling(None, (placement,))))
            else:
                led[placement.lead_in_id].append(placement)
        for lead_in in self.lead_ins:
            if lead_in.pk in led:
                sibling = Sibling(lead_in, tuple(led[lead_in.pk]))
                ordered.append((lead_in.position, 0, lead_in.pk, sibling))
        return [sibling for *_order, sibling in sorted(ordered, key=lambda row: row[:3])]

    def parts(self, placement: FindingPlacement) -> list[Part]:
        """A finding as it prints in this place, cut at its figures."""
        codes = [figure.code for figure in placement.finding.figures.all()]
        return printed_parts(placement.text, codes, self.values)

    def text(self, placement: FindingPlacement) -> str:
        return "".join(words for words, _is_figure in self.parts(placement))

    def lead_in_text(self, lead_in: LeadIn) -> str:
        """A lead-in rests on no figures, but may name them."""
        return "".join(words for words, _ in printed_parts(lead_in.text, (), self.values))

    @property
    def cases(self) -> list[Case]:
        return self.counts.cases

    @cached_property
    def agreed(self) -> dict[tuple[object, str], list[PointPlacement]]:
        """Placements the meeting agreed, by case id (None: the whole audit) and kind."""
        rows = (
            PointPlacement.objects.filter(
                agreed=True, point__audit=self.audit, point__case__withdrawn_at=None
            )
            .select_related("point", "point__case")
            .order_by("position", "pk")
        )
        grouped: defaultdict[tuple[object, str], list[PointPlacement]] = defaultdict(list)
        for row in rows:
            grouped[row.point.case_id, row.kind].append(row)
        return dict(grouped)

    def agreed_points(self, case: Case | None, kind: PointKind) -> list[PointPlacement]:
        return self.agreed.get((case.pk if case else None, kind), [])

    @cached_property
    def actions(self) -> list[Action]:
        return list(
            self.audit.actions.select_related("owner_agency", "owner_body").prefetch_related(
                "findings"
            )
        )

    @cached_property
    def questions(self) -> list[Question]:
        """In printed order; what one follows is another of them, so nothing is joined."""
        questions = list(Question.objects.filter(toolkit=self.audit.toolkit_id))
        known = {question.pk: question for question in questions}
        for question in questions:
            if question.follows_id in known:
                question.follows = known[question.follows_id]
        return questions

    @cached_property
    def prose(self) -> dict[str, str]:
        return {row.passage: row.text for row in self.audit.prose.all()}

    def in_printed_order(self, section: Section) -> list[FindingPlacement]:
        """Every placement of a section, lead-ins and headings resolved."""
        headings = self.gap_headings if section == Section.GAPS else [None]
        return [
            placement
            for heading in headings
            for sibling in self.siblings(section, heading)
            for placement in sibling.placements
        ]
