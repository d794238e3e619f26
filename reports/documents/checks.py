"""What somebody should know before a document is approved."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from audits.models import Finding, FindingPlacement, Section
from audits.text import typed_numbers, unknown_codes
from reports.documents.source import DocumentSource
from reports.documents.summary import gap_marks


@dataclass(frozen=True)
class Gap:
    """A gap that no action answers; `marks` are where it prints, such as "3.4.2 b"."""

    finding: Finding
    text: str
    marks: tuple[str, ...]


def gaps_without_action(source: DocumentSource) -> list[Gap]:
    marks = gap_marks(source)
    gaps: dict[UUID, Gap] = {}
    for placement in source.in_printed_order(Section.GAPS):
        finding = placement.finding
        if not finding.actions.all():
            gaps.setdefault(
                finding.pk,
                Gap(finding, source.text(placement), tuple(marks.get(finding.pk, ()))),
            )
    return list(gaps.values())


def remarks(source: DocumentSource) -> list[str]:
    """Sentences about what is open or odd; none of them stops publication."""
    return [*_open_actions(source), *_about_findings(source)]


def _open_actions(source: DocumentSource) -> Iterator[str]:
    for number, action in enumerate(source.actions, start=1):
        missing = [
            word
            for word, value in (("owner", action.owner), ("date", action.due_on))
            if value is None
        ]
        if missing:
            yield (
                f"Action {number} has no {' and no '.join(missing)} yet: "
                "it prints as “to be agreed”."
            )


def _about_findings(source: DocumentSource) -> Iterator[str]:
    for placement in source.placements:
        yield from remarks_about(source, placement)


def remarks_about(source: DocumentSource, placement: FindingPlacement) -> Iterator[str]:
    """Figures the audit does not have, and numbers typed by hand that none of them gives."""
    text = placement.text
    for code in unknown_codes(text, source.values):
        yield f"“{text}” names the figure “{code}”, which this audit does not have."
    values = [source.values.get(figure.code) for figure in placement.finding.figures.all()]
    counts = [
        (value.count.numerator, value.count.denominator)
        for value in values
        if value and value.count
    ]
    for typed in typed_numbers(text, counts):
        yield f"“{text}” says {typed}, which is in none of the finding’s figures."
