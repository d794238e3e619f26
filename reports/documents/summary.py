"""The summary report's content, from the rows of an audit."""

from collections import defaultdict
from dataclasses import replace
from uuid import UUID

from audits.models import Action, FindingPlacement, Section
from reports.documents import content
from reports.documents.annex import build_annex
from reports.documents.default_prose import passage
from reports.documents.imprint import Edition, imprint
from reports.documents.source import DocumentSource, Sibling
from reports.documents.withholding import fewer_than, withheld_note
from reports.models import Prose

P = Prose.Passage


def build_summary(source: DocumentSource, edition: Edition) -> content.SummaryReport:
    return content.SummaryReport(
        imprint=imprint(source.audit, edition),
        meeting_on=source.meeting.held_on if source.meeting else None,
        facts=_facts(source),
        background=content.prose(passage(source, P.BACKGROUND)),
        methodology=content.prose(passage(source, P.METHODOLOGY)),
        findings=_items(source, source.siblings(Section.FINDINGS)),
        working_well=_one_group(source, Section.WORKING_WELL),
        worries=_one_group(source, Section.WORRIES),
        gaps=tuple(
            content.Group(
                heading=heading.label, items=_items(source, source.siblings(Section.GAPS, heading))
            )
            for heading in source.gap_headings
        ),
        next_steps=_items(source, source.siblings(Section.NEXT_STEPS)),
        actions=_actions(source),
        thanks=content.prose(passage(source, P.THANKS)),
        annex=build_annex(source),
        withheld=withheld_note(source),
    )


def _one_group(source: DocumentSource, section: Section) -> tuple[content.Group, ...]:
    return (content.Group(items=_items(source, source.siblings(section))),)


def _items(source: DocumentSource, siblings: list[Sibling]) -> tuple[content.Item, ...]:
    items: list[content.Item] = []
    for sibling in siblings:
        below = tuple(_item(source, placement) for placement in sibling.placements)
        if sibling.lead_in is None:
            items.extend(below)
        else:
            items.append(_led(source.lead_in_text(sibling.lead_in), below))
    return tuple(items)


def _led(text: str, below: tuple[content.Item, ...]) -> content.Item:
    """A lead-in with its findings; what all of them share of earlier audits it says itself."""
    seen = below[0].seen_before
    if seen and all(item.seen_before == seen for item in below):
        unmarked = tuple(replace(item, seen_before=()) for item in below)
        return content.Item(text=text, items=unmarked, seen_before=seen)
    return content.Item(text=text, items=below)


def _item(source: DocumentSource, placement: FindingPlacement) -> content.Item:
    finding = placement.finding
    return content.Item(
        text=source.text(placement),
        agencies=tuple(agency.name for agency in finding.agencies.all()),
        seen_before=tuple(
            content.EarlierAudit(code=seen.audit_code, title=seen.audit_title)
            for seen in finding.seen_before.all()
        ),
        for_scrutiny=finding.for_scrutiny and not source.is_public,
    )


def _facts(source: DocumentSource) -> tuple[content.Fact, ...]:
    returns = source.agency_returns
    returned = sum(each.stage in ("signed_off", "nil") for each in returns)
    gaps = source.in_printed_order(Section.GAPS)
    facts = [
        _sample(source),
        content.Fact(value=f"{returned} of {len(returns)}", label="agencies sent a return"),
        _number(len(gaps), "gap identified", "gaps identified"),
        _number(len(source.actions), "action agreed", "actions agreed"),
    ]
    return tuple(facts if returns else facts[2:] if not source.cases else [facts[0], *facts[2:]])


def _sample(source: DocumentSource) -> content.Fact:
    if source.rule.is_small(len(source.cases)):
        return content.Fact(value=fewer_than(source).capitalize(), label="cases in the sample")
    return _number(len(source.cases), "case in the sample", "cases in the sample")


def _number(number: int, one: str, many: str) -> content.Fact:
    return content.Fact(value=str(number), label=one if number == 1 else many)


def gap_marks(source: DocumentSource) -> dict[UUID, list[str]]:
    """Where each finding prints among the gaps, such as "3.4.2 b", by finding id."""
    marks: defaultdict[UUID, list[str]] = defaultdict(list)
    for number, heading in enumerate(source.gap_headings, start=1):
        for index, sibling in enumerate(source.siblings(Section.GAPS, heading)):
            for placement in sibling.placements:
                marks[placement.finding_id].append(f"3.4.{number} {content.letter(index)}")
    return dict(marks)


def _actions(source: DocumentSource) -> tuple[content.Action, ...]:
    marks = gap_marks(source)
    return tuple(_action(action, marks) for action in source.actions)


def _action(action: Action, marks: dict[UUID, list[str]]) -> content.Action:
    return content.Action(
        text=action.text,
        owner=action.owner.name if action.owner else "",
        due=action.due_on,
        success=action.measure_of_success,
        answers=_answered(action, marks),
    )


def _answered(action: Action, marks: dict[UUID, list[str]]) -> tuple[str, ...]:
    """In printed order, each once: findings under one lead-in share its letter."""
    own = {mark for finding in action.findings.all() for mark in marks.get(finding.pk, [])}
    return tuple(sorted(own, key=_printed_place))


def _printed_place(mark: str) -> tuple[int, int, str]:
    number, letter = mark.removeprefix("3.4.").split()
    return int(number), len(letter), letter
