"""Figures, findings and actions, as a file has them."""

from typing import Any

from audits.models import Audit, Finding, FindingPlacement, LeadIn, Section
from reports.files.book import UNPLACED, Row
from reports.files.dumping_shared import compact
from reports.files.index import Index
from reports.files.moments import write_day

type Place = tuple[str, Any]
"""A section and the id of its gap heading, or None."""


def figure_rows(audit: Audit, index: Index) -> list[Row]:
    return [
        compact(
            {
                "code": figure.code,
                "kind": figure.kind,
                "measure": figure.measure,
                "agency": index.agency(figure.agency),
                "question": figure.question.code if figure.question else None,
                "label": figure.label,
                "numerator": figure.numerator,
                "denominator": figure.denominator,
                "unit": figure.unit,
                "stated_by": figure.stated_by,
            }
        )
        for figure in sorted(
            audit.figures.select_related("agency", "question"), key=lambda row: row.code
        )
    ]


def section_rows(audit: Audit, index: Index) -> Row:
    return _Sections(audit, index).rows()


class _Sections:
    """Writes each finding where it first stands and names it from then on."""

    def __init__(self, audit: Audit, index: Index) -> None:
        self._audit = audit
        self._index = index
        self._written: set[Any] = set()
        self._findings: dict[Any, Finding] = {
            finding.pk: finding
            for finding in Finding.objects.filter(audit=audit).prefetch_related(
                "learning_themes", "agencies", "points", "figures", "seen_before"
            )
        }
        self._placements = list(
            FindingPlacement.objects.filter(finding__audit=audit).order_by("position", "pk")
        )
        self._lead_ins = list(LeadIn.objects.filter(audit=audit).order_by("position", "pk"))

    def rows(self) -> Row:
        first = {
            section: self._entries(section, None)
            for section in (Section.FINDINGS, Section.WORKING_WELL, Section.WORRIES)
        }
        gaps = [
            compact(
                {
                    "heading": heading.label,
                    "learning_theme": self._index.learning_theme(heading.learning_theme),
                    "findings": self._entries(Section.GAPS, heading.pk),
                }
            )
            for heading in sorted(
                self._audit.gap_headings.select_related("learning_theme"),
                key=lambda row: (row.position, row.label),
            )
        ]
        rest = {Section.NEXT_STEPS: self._entries(Section.NEXT_STEPS, None)}
        unplaced = [
            self._written_here(finding, "")
            for finding in sorted(self._findings.values(), key=lambda row: row.code)
            if finding.pk not in self._written
        ]
        rows = {**first, Section.GAPS: gaps, **rest}
        return compact({**{str(name): row for name, row in rows.items()}, UNPLACED: unplaced})

    def _entries(self, section: str, heading_id: Any) -> list[Row]:
        """Placements and lead-ins that stand side by side, in order."""
        siblings: list[tuple[int, int, int, FindingPlacement | LeadIn]] = [
            (row.position, 0, row.pk, row)
            for row in self._placements
            if (row.section, row.heading_id, row.lead_in_id) == (section, heading_id, None)
        ]
        siblings += [
            (row.position, 1, row.pk, row)
            for row in self._lead_ins
            if (row.section, row.heading_id) == (section, heading_id)
        ]
        return [self._entry(row) for *_, row in sorted(siblings, key=lambda row: row[:3])]

    def _entry(self, row: FindingPlacement | LeadIn) -> Row:
        if isinstance(row, FindingPlacement):
            return self._placement(row)
        under = [
            self._placement(placement)
            for placement in self._placements
            if placement.lead_in_id == row.pk
        ]
        return compact({"lead_in": row.text, "findings": under})

    def _placement(self, row: FindingPlacement) -> Row:
        finding = self._findings[row.finding_id]
        if finding.pk not in self._written:
            return self._written_here(finding, row.wording)
        return compact({"finding": finding.code, "wording": row.wording})

    def _written_here(self, finding: Finding, wording: str) -> Row:
        self._written.add(finding.pk)
        index = self._index
        return compact(
            {
                "code": finding.code,
                "text": finding.text,
                "wording": wording,
                "learning_themes": index.learning_themes(finding.learning_themes),
                "agencies": sorted(str(index.agency(agency)) for agency in finding.agencies.all()),
                "points": index.point_keys(finding.points),
                "figures": sorted(figure.code for figure in finding.figures.all()),
                "for_scrutiny": finding.for_scrutiny,
                "seen_before": [
                    compact({"code": earlier.audit_code, "title": earlier.audit_title})
                    for earlier in sorted(
                        finding.seen_before.all(),
                        key=lambda row: (row.audit_code, row.audit_title),
                    )
                ],
            }
        )


def action_rows(audit: Audit, index: Index) -> list[Row]:
    actions = audit.actions.select_related(
        "owner_agency", "owner_body", "carried_over_by"
    ).prefetch_related("findings")
    return [
        compact(
            {
                "code": action.code,
                "text": action.text,
                "findings": sorted(finding.code for finding in action.findings.all()),
                "owner_agency": index.agency(action.owner_agency),
                "owner_body": index.body(action.owner_body),
                "due_on": write_day(action.due_on),
                "measure_of_success": action.measure_of_success,
                "progress": action.progress,
                "evidence": action.evidence,
                "impact": action.impact,
                "carried_over_by": index.person(action.carried_over_by),
                "carried_over_reason": action.carried_over_reason,
            }
        )
        for action in sorted(actions, key=lambda row: (row.position, row.code))
    ]
