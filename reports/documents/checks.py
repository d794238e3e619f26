"""What somebody should know before a document is approved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from audits.models import Finding, FindingPlacement, PointKind, Section
from audits.text import HINT, NO_COUNT, typed_numbers, unknown_codes
from reports.documents.briefing import CASE_BY_CASE_UP_TO
from reports.documents.source import DocumentSource
from reports.documents.summary import gap_marks
from reports.figures import Count, WithheldCount


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
    values = [source.counted.get(figure.code) for figure in placement.finding.figures.all()]
    counts = [
        (value.count.numerator, value.count.denominator)
        for value in values
        if value and isinstance(value.count, Count)
    ]
    for typed in typed_numbers(text, counts):
        yield f"“{text}” says {typed}, which is in none of the finding’s figures."


# Numbers that count nobody whoever reads them: a case by its number, a question, a gap.
NO_CASES = re.compile(r"\b(?:case|question|gap|step|part|page)s?\s+\d+\b", re.IGNORECASE)
TYPED = re.compile(
    r"(?<![\w.,/–-])(?:\d{1,4}|two|three|four|five|six|seven)(?![\w/%.]*\d)(?!\w)"
    r"(?!\s+(?:hundred|thousand))",
    re.IGNORECASE,
)
WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}


def small_number_remarks(source: DocumentSource) -> list[str]:
    """Numbers in the texts of a document for the public which it withholds where they are counted.

    They warn and stop nothing: “two weeks” counts no child.
    """
    if not source.rule.withholds:
        return []
    hidden = _withheld_numbers(source)
    return [
        f"“{text}” says {number}."
        for text in _typed_texts(source)
        for number in _numbers_in(text)
        if source.rule.is_small(_value(number)) or _value(number) in hidden
    ]


def _withheld_numbers(source: DocumentSource) -> set[int]:
    """What a withheld figure comes to, and what it leaves."""
    counts = [
        source.counted[code].count
        for code, value in source.values.items()
        if isinstance(value.count, WithheldCount)
    ]
    found: set[int] = set()
    for count in counts:
        if isinstance(count, Count):
            found |= {count.numerator, (count.denominator or 0) - count.numerator}
    return {number for number in found if number > 0}


def _typed_texts(source: DocumentSource) -> Iterator[str]:
    """Whatever somebody wrote for this audit and a document prints, each once."""
    yield from dict.fromkeys(filter(None, _all_texts(source)))


def _all_texts(source: DocumentSource) -> Iterator[str]:
    yield from source.prose.values()
    yield from (placement.text for placement in source.placements)
    yield from (lead_in.text for lead_in in source.lead_ins)
    yield from (heading.label for heading in source.gap_headings)
    for action in source.actions:
        yield from (action.text, action.measure_of_success)
    by_case = len(source.cases) <= CASE_BY_CASE_UP_TO
    for (_case, kind), placements in source.agreed.items():
        if by_case or kind == PointKind.GOOD_PRACTICE:
            yield from (placement.point.text for placement in placements)


def _numbers_in(text: str) -> list[str]:
    plain = NO_CASES.sub(" ", NO_COUNT.sub(" ", HINT.sub(" ", text)))
    return list(dict.fromkeys(match[0] for match in TYPED.finditer(plain)))


def _value(number: str) -> int:
    return WORDS.get(number.lower()) or int(number)
