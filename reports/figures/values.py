"""What a figure comes to, and how it is said."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from audits.models import Figure
from reports.figures.counts import AuditCounts, Count
from reports.figures.printed import PrintedCounts, Ratio

M = Figure.Measure
WITHHELD = "[withheld]"


@dataclass(frozen=True)
class WithheldCount:
    """A count that this document does not print; what it is out of may be withheld too."""

    denominator: int | None
    unit: str

    def __str__(self) -> str:
        if self.denominator is None:
            return f"{WITHHELD} {self.unit}"
        return f"{WITHHELD} of {self.denominator} {self.unit}"


@dataclass(frozen=True)
class FigureValue:
    """A figure with its number. `count` is None where an agency gave words and no number."""

    figure: Figure
    count: Count | WithheldCount | None
    what: str
    """What was counted, in the past tense that follows the number: "met good"."""

    @property
    def agency(self) -> str:
        return self.figure.agency.name if self.figure.agency else ""

    @property
    def text(self) -> str:
        """As it stands in a sentence: "48 of 56 cases met good (Police)"."""
        words = " ".join(part for part in (str(self.count or ""), self._what_follows) if part)
        return f"{words} ({self.agency})" if self.agency else words

    @property
    def _what_follows(self) -> str:
        """What was counted; a label that begins with the unit does not say it again."""
        unit = f"{self.count.unit} " if self.count else ""
        if unit and self.what.lower().startswith(unit.lower()):
            return self.what[len(unit) :]
        return self.what


def figure_values(figures: Iterable[Figure], counts: AuditCounts) -> dict[str, FigureValue]:
    """Values by code; figures come with agency and question loaded."""
    return {figure.code: _value(figure, counts) for figure in figures}


def _value(figure: Figure, counts: AuditCounts) -> FigureValue:
    if figure.kind == Figure.Kind.STATED:
        count = (
            None
            if figure.numerator is None
            else Count(figure.numerator, figure.denominator, figure.unit)
        )
        return FigureValue(figure, count, figure.label)
    count, what = _counted(figure, counts)
    return FigureValue(figure, count, figure.label or what)


def _counted(figure: Figure, counts: AuditCounts) -> tuple[Count, str]:
    agency_id = figure.agency_id
    match figure.measure:
        case M.KNOWN:
            return counts.known(agency_id), "known"
        case M.AUDITED:
            return counts.audited(agency_id), "audited"
        case M.MET_GOOD:
            return counts.met_good(agency_id), "met good"
        case M.QUESTION if figure.question is not None:
            number = figure.question.number
            return (
                counts.answered_yes(figure.question.pk, agency_id),
                f"answered yes to question {number}",
            )
        case M.CONTRIBUTORS:
            return counts.contributors_replied(agency_id, _unit(figure)), "replied"
        case M.CONTRIBUTORS_YES if figure.question is not None:
            number = figure.question.number
            return (
                counts.contributors_answered_yes(figure.question.pk, agency_id, _unit(figure)),
                f"that replied answered yes to question {number}",
            )
    raise ValueError(f"Figure {figure.code} names no measure that can be counted.")


def _unit(figure: Figure) -> str:
    """Contributors are counted in their agency's own word for them."""
    return (figure.agency.contributor_noun_plural if figure.agency else "") or "contributors"


def printed_values(values: Iterable[FigureValue], printed: PrintedCounts) -> dict[str, FigureValue]:
    """The same figures as a document prints them: some of their numbers are withheld."""
    return {value.figure.code: _printed(value, printed) for value in values}


def _printed(value: FigureValue, printed: PrintedCounts) -> FigureValue:
    if not isinstance(value.count, Count):
        return value
    ratio = _ratio(value.figure, value.count, printed)
    if ratio.number is not None:
        return value
    return replace(value, count=WithheldCount(ratio.out_of, value.count.unit))


def _ratio(figure: Figure, count: Count, printed: PrintedCounts) -> Ratio:
    agency_id = figure.agency_id
    if figure.kind == Figure.Kind.STATED:
        return printed.stated(count.numerator, count.denominator)
    match figure.measure:
        case M.MET_GOOD:
            return printed.met_good(agency_id)
        case M.QUESTION if figure.question is not None:
            return printed.answered_yes(figure.question, agency_id)
        case M.CONTRIBUTORS:
            return printed.contributors(agency_id)
        case M.CONTRIBUTORS_YES if figure.question is not None:
            return printed.contributors_yes(figure.question.pk, agency_id)
    return printed.audited(agency_id)
