"""The counts of one audit as a document prints them: each with its number, or withheld (None).

The tree of an agency's counts, by which `small_numbers` decides:

    cases in the sample
    ├─ audited ─┬─ graded ─┬─ met good ── each good grade
    │           │          └─ below good ── each other grade
    │           ├─ ungraded
    │           └─ for each question: yes ┬ every other answer
    └─ not audited
    contributors asked ─ replied ─ for each question: yes

A count over all agencies is their sum, and so is printed only where every agency's own is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from audits.models import Figure, Question, YesNoAnswer
from reports.figures.counts import AuditCounts
from reports.figures.small_numbers import EVERYTHING, SmallNumbers

Shown = int | None
M = Figure.Measure


@dataclass(frozen=True)
class Ratio:
    """A printed numerator and what it is out of; `out_of` None is withheld or not known."""

    number: Shown
    out_of: Shown = None


WITHHELD = Ratio(None)


@dataclass(frozen=True)
class ShownGrades:
    """Of one agency: its grades in the order of the scale, what met good, all it graded or not."""

    cells: tuple[Shown, ...]
    good: Shown
    graded: Shown
    ungraded: Shown


@dataclass(frozen=True)
class ShownAnswers:
    """Of one agency to one question: the answers in turn, the last without one; and all of it."""

    cells: tuple[Shown, ...]
    yes: Shown
    audited: Shown


class PrintedCounts:
    """`rule` EVERYTHING prints all that is counted."""

    def __init__(self, counts: AuditCounts, rule: SmallNumbers = EVERYTHING) -> None:
        self.counts = counts
        self.rule = rule

    @cached_property
    def sample(self) -> Shown:
        return self.rule.whole(self.counts.sample)

    def audited(self, agency_id: UUID | None) -> Ratio:
        if agency_id is None:
            return Ratio(self._audited_by_any, self.sample)
        return Ratio(self._audited(agency_id), self.sample)

    def _audited(self, agency_id: UUID) -> Shown:
        """The sample is not read where nothing is withheld."""
        number = self.counts.of(agency_id).audited
        if not self.rule.withholds:
            return number
        return self.rule.part(self.sample, number, of=self.counts.sample)

    @property
    def _audited_by_any(self) -> Shown:
        """Cases that agencies share are counted once, so their counts bound this one: it is
        printed only where no case is left over."""
        number = self.counts.audited_cases
        everything = not self.rule.withholds or number == self.counts.sample
        return number if everything and self.sample is not None else None

    def grades(self, agency_id: UUID) -> ShownGrades:
        tally = self.counts.of(agency_id)
        graded, ungraded = self.rule.parts(self._audited(agency_id), (tally.graded, tally.ungraded))
        good = [tally.grades.get(each.pk, 0) for each in self._scale(meets_good=True)]
        below = [tally.grades.get(each.pk, 0) for each in self._scale(meets_good=False)]
        met, not_met = self.rule.parts(graded, (sum(good), sum(below)))
        shown = dict(
            zip(
                [each.pk for each in self._scale(meets_good=True)],
                self.rule.parts(met, good),
                strict=True,
            )
        )
        shown |= zip(
            [each.pk for each in self._scale(meets_good=False)],
            self.rule.parts(not_met, below),
            strict=True,
        )
        cells = tuple(shown[each.pk] for each in self.counts.scale)
        return ShownGrades(cells, met, graded, ungraded)

    def _scale(self, *, meets_good: bool) -> list[Any]:
        return [each for each in self.counts.scale if each.meets_good == meets_good]

    def met_good(self, agency_id: UUID | None) -> Ratio:
        if agency_id is not None:
            shown = self.grades(agency_id)
            return Ratio(shown.good, shown.graded)
        each = [self.grades(pk) for pk in self.counts.tallies]
        return Ratio(total(row.good for row in each), total(row.graded for row in each))

    def answers(self, question: Question, agency_id: UUID) -> ShownAnswers:
        """A follow-up is answered in those cases alone in which the question before it was, so its
        answers are printed only where those of that one are."""
        values = [value for value, _label in question.answers]
        audited = self._audited(agency_id)
        counts = self.counts.answer_counts(question.pk, agency_id, values)
        place = values.index(YesNoAnswer.YES) if YesNoAnswer.YES in values else None
        if not self.rule.withholds:
            return ShownAnswers(counts, None if place is None else counts[place], audited)
        before = question.follows
        if before is not None and None in self.answers(before, agency_id).cells:
            return ShownAnswers((None,) * len(counts), None, audited)
        if place is None:
            return ShownAnswers(self.rule.parts(audited, counts), None, audited)
        others = [*counts[:place], *counts[place + 1 :]]
        yes, rest = self.rule.parts(audited, (counts[place], sum(others)))
        cells = list(self.rule.parts(rest, others))
        return ShownAnswers((*cells[:place], yes, *cells[place:]), yes, audited)

    def answered_yes(self, question: Question, agency_id: UUID | None) -> Ratio:
        if agency_id is not None:
            shown = self.answers(question, agency_id)
            return Ratio(shown.yes, shown.audited)
        each = [self.answers(question, pk) for pk in self.counts.tallies]
        return Ratio(total(row.yes for row in each), total(row.audited for row in each))

    def contributors(self, agency_id: UUID | None) -> Ratio:
        """Who replied, of those who were asked."""
        if agency_id is None:
            each = [self.contributors(pk) for pk in self.counts.contributors]
            return Ratio(total(row.number for row in each), total(row.out_of for row in each))
        asked, replied = self.counts.contributors.get(agency_id, (0, 0))
        whole = self.rule.whole(asked)
        return Ratio(self.rule.part(whole, replied, of=asked), whole)

    def contributors_yes(self, question_id: UUID, agency_id: UUID | None) -> Ratio:
        if agency_id is None:
            each = [self.contributors_yes(question_id, pk) for pk in self.counts.contributors]
            return Ratio(total(row.number for row in each), total(row.out_of for row in each))
        _asked, replied = self.counts.contributors.get(agency_id, (0, 0))
        whole = self.contributors(agency_id).number
        yes = self.counts.contributors_yes.get((question_id, agency_id), 0)
        return Ratio(self.rule.part(whole, yes, of=replied), whole)

    def stated(self, number: int, out_of: int | None) -> Ratio:
        """What an agency stated. What it is out of may be its cases, and so is withheld too where
        few of the sample are left over."""
        if out_of is None or out_of < number:
            return Ratio(self.rule.whole(number))
        whole = self.rule.whole(out_of)
        if self.rule.is_small(self.counts.sample - out_of):
            whole = None
        return Ratio(self.rule.part(whole, number, of=out_of), whole)

    def row(self, counts: Sequence[int]) -> tuple[tuple[Shown, ...], Shown]:
        """Counts that stand for themselves, such as points under a theme, and their sum."""
        whole = self.rule.whole(sum(counts))
        return self.rule.parts(whole, counts), whole


def total(counts: Iterable[Shown]) -> Shown:
    """The sum, if none of what it adds up is withheld."""
    added = list(counts)
    known = [count for count in added if count is not None]
    return sum(known) if len(known) == len(added) else None
