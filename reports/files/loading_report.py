"""Figures, findings, actions and prose of a file."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from audits.models import (
    Action,
    Figure,
    Finding,
    FindingPlacement,
    GapHeading,
    LeadIn,
    Section,
    SeenBefore,
)
from reports.files.book import Row, written_findings
from reports.files.moments import read_day
from reports.files.shelf import Shelf
from reports.models import Prose

PLAIN_SECTIONS = (Section.FINDINGS, Section.WORKING_WELL, Section.WORRIES, Section.NEXT_STEPS)
ACTION_TEXTS = (
    "text",
    "measure_of_success",
    "progress",
    "evidence",
    "impact",
    "carried_over_reason",
)


def add_report(data: Row, shelf: Shelf) -> None:
    for row in data.get("figures", []):
        shelf.figures[row["code"]] = shelf.batch.add(_figure(row, shelf))
    _write_findings(data, shelf)
    _place_findings(data.get("sections", {}), shelf)
    _actions(data.get("actions", []), shelf)
    for passage, text in data.get("prose", {}).items():
        shelf.batch.add(Prose(audit=shelf.audit, passage=passage, text=text))


def _figure(row: Row, shelf: Shelf) -> Figure:
    code = row.get("question")
    return Figure(
        audit=shelf.audit,
        code=row["code"],
        kind=row.get("kind", "counted" if row.get("measure") else "stated"),
        measure=row.get("measure", ""),
        agency=shelf.agency(row.get("agency")),
        question=shelf.shared.questions[code] if code else None,
        label=row.get("label", ""),
        numerator=row.get("numerator"),
        denominator=row.get("denominator"),
        unit=row.get("unit", ""),
        stated_by=row.get("stated_by", ""),
    )


def _write_findings(data: Row, shelf: Shelf) -> None:
    rows = [row for _, row in written_findings(data)]
    free = _free_codes("finding", rows)
    for row in rows:
        finding = shelf.batch.add(
            Finding(
                audit=shelf.audit,
                code=row.get("code") or next(free),
                text=row["text"],
                for_scrutiny=row.get("for_scrutiny", False),
            )
        )
        row["finding"] = shelf.findings[finding.code] = finding
        _rest(finding, row, shelf)


def _free_codes(word: str, rows: Iterable[Row]) -> Iterator[str]:
    taken = {row.get("code") for row in rows}
    return (f"{word}-{n}" for n in count(1) if f"{word}-{n}" not in taken)


def _rest(finding: Finding, row: Row, shelf: Shelf) -> None:
    """What the finding is coded to and rests on."""
    links: list[tuple[Any, str, str, dict[str, Any]]] = [
        (Finding.learning_themes, "learning_themes", "learningtheme_id", shelf.learning_themes),
        (Finding.agencies, "agencies", "agency_id", shelf.agencies),
        (Finding.points, "points", "point_id", shelf.points),
        (Finding.figures, "figures", "figure_id", shelf.figures),
    ]
    for relation, key, column, kept in links:
        for name in dict.fromkeys(row.get(key, [])):
            shelf.batch.link(relation.through, finding_id=finding.pk, **{column: kept[name].pk})
    for earlier in row.get("seen_before", []):
        shelf.batch.add(
            SeenBefore(
                finding=finding,
                audit_code=earlier.get("code", ""),
                audit_title=earlier["title"],
            )
        )


def _place_findings(sections: Row, shelf: Shelf) -> None:
    for section in PLAIN_SECTIONS:
        _place(sections.get(section, []), shelf, section=section, heading=None)
    for position, gap in enumerate(sections.get(Section.GAPS, [])):
        heading = shelf.batch.add(
            GapHeading(
                audit=shelf.audit,
                learning_theme=shelf.learning_themes[gap["learning_theme"]],
                label=gap["heading"],
                position=position,
            )
        )
        _place(gap.get("findings", []), shelf, section=Section.GAPS, heading=heading)


def _place(items: list[Any], shelf: Shelf, **place: Any) -> None:
    for position, item in enumerate(items):
        if isinstance(item, dict) and "lead_in" in item:
            lead_in = shelf.batch.add(
                LeadIn(audit=shelf.audit, text=item["lead_in"], position=position, **place)
            )
            _place(item.get("findings", []), shelf, lead_in=lead_in, **place)
            continue
        shelf.batch.add(
            FindingPlacement(
                finding=_finding(item, shelf),
                position=position,
                wording=item.get("wording", "") if isinstance(item, dict) else "",
                **place,
            )
        )


def _finding(item: Any, shelf: Shelf) -> Finding:
    named = item["finding"] if isinstance(item, dict) else item
    return named if isinstance(named, Finding) else shelf.findings[named]


def _actions(rows: list[Row], shelf: Shelf) -> None:
    free = _free_codes("action", rows)
    for position, row in enumerate(rows):
        action = shelf.batch.add(
            Action(
                audit=shelf.audit,
                code=row.get("code") or next(free),
                owner_agency=shelf.agency(row.get("owner_agency")),
                owner_body=shelf.body(row.get("owner_body")),
                due_on=read_day(row.get("due_on")),
                carried_over_by=shelf.person(row.get("carried_over_by")),
                position=position,
                **{name: row[name] for name in ACTION_TEXTS if name in row},
            )
        )
        for code in dict.fromkeys(row.get("findings", [])):
            shelf.batch.link(
                Action.findings.through,
                action_id=action.pk,
                finding_id=shelf.findings[code].pk,
            )
