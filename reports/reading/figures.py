"""The figures of an audit with their numbers, and its findings as they will print."""

from dataclasses import dataclass

from audits.models import Audit, Figure, FindingPlacement, Section
from audits.reading.findings import NUMBERS
from reports.documents.checks import remarks_about
from reports.documents.source import DocumentSource
from reports.figures import Part


@dataclass(frozen=True)
class FigureRow:
    """`says`: "48 of 56 cases met good (Police)"; `findings`: how many rest on it."""

    figure: Figure
    says: str
    findings: int


@dataclass(frozen=True)
class PrintedFinding:
    placement: FindingPlacement
    parts: list[Part]
    remarks: list[str]


@dataclass(frozen=True)
class PrintedSection:
    number: str
    title: str
    findings: list[PrintedFinding]


@dataclass(frozen=True)
class FiguresInPrint:
    figures: list[FigureRow]
    sections: list[PrintedSection]


def figures_in_print(audit: Audit) -> FiguresInPrint:
    source = DocumentSource(audit)
    resting = {(p.finding_id, f.code) for p in source.placements for f in p.finding.figures.all()}
    codes = [code for _finding, code in resting]
    return FiguresInPrint(
        figures=[
            FigureRow(value.figure, value.text, codes.count(code))
            for code, value in source.values.items()
        ],
        sections=[
            PrintedSection(NUMBERS[section], section.label, findings)
            for section in Section
            if (findings := _findings(source, section))
        ],
    )


def _findings(source: DocumentSource, section: Section) -> list[PrintedFinding]:
    return [
        PrintedFinding(placement, source.parts(placement), list(remarks_about(source, placement)))
        for placement in source.in_printed_order(section)
    ]
