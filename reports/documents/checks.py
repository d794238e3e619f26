"""What somebody should know before a document is approved."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from audits.models import Finding, Section
from reports.documents.source import DocumentSource
from reports.documents.summary import gap_marks
from reports.documents.typed_numbers import unaccounted_numbers
from reports.figures.wording import PLACE


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
        text = placement.text
        for code in PLACE.findall(text):
            if code not in source.values:
                yield f"“{text}” names the figure “{code}”, which this audit does not have."
        numbers: set[int] = set()
        for figure in placement.finding.figures.all():
            if figure.code in source.values:
                numbers |= source.values[figure.code].numbers
        for number in unaccounted_numbers(text, numbers):
            yield f"“{text}” says {number}, which is in none of the finding’s figures."
