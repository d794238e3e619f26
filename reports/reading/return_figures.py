"""The figures of one agency's return, as the report will count them."""

from dataclasses import dataclass
from functools import cached_property

from audits.models import AgencyReturn, Figure, Question, YesNoAnswer
from audits.questions import asked_of
from reports.figures import AuditCounts, Count, figure_values

M = Figure.Measure
MEASURES = (M.KNOWN, M.AUDITED, M.MET_GOOD)


@dataclass(frozen=True)
class FigureLine:
    """`says` as the report words it; `beside` what the counting rules want beside it."""

    says: str
    beside: str = ""


@dataclass(frozen=True)
class QuestionLine:
    number: int
    text: str
    yes: Count
    beside: str


class ReturnFigures:
    """Before drafting begins complete case returns count too; from then on signed-off ones."""

    def __init__(self, agency_return: AgencyReturn) -> None:
        self.agency_return = agency_return
        self.agency = agency_return.agency
        self.counts = AuditCounts(agency_return.audit)

    @property
    def any(self) -> bool:
        return bool(self.counts.of(self.agency.pk).audited) or self._asks

    @property
    def _asks(self) -> bool:
        return self.agency.coordinates_contributors

    @cached_property
    def lines(self) -> list[FigureLine]:
        measures = [*MEASURES, M.CONTRIBUTORS] if self._asks else list(MEASURES)
        figures = [
            Figure(code=measure.value, measure=measure, kind=Figure.Kind.COUNTED)
            for measure in measures
        ]
        for figure in figures:
            figure.agency = self.agency
        values = figure_values(figures, self.counts)
        return [
            FigureLine(f"{value.count} {value.what}", self._beside(code))
            for code, value in values.items()
        ]

    def _beside(self, code: str) -> str:
        tally = self.counts.of(self.agency.pk)
        if code != M.MET_GOOD or not tally.ungraded:
            return ""
        return f"{tally.ungraded} of the {tally.audited} audited not graded"

    @cached_property
    def questions(self) -> list[QuestionLine]:
        asked = asked_of(self.agency.pk, self.agency_return.audit.toolkit_id)
        yes_no = asked.filter(kind=Question.Kind.YES_NO).order_by("position")
        return [self._question(each) for each in yes_no]

    def _question(self, question: Question) -> QuestionLine:
        values = [value for value in YesNoAnswer if value != YesNoAnswer.YES]
        *others, unanswered = self.counts.answer_counts(
            question.pk, self.agency.pk, [YesNoAnswer.YES.value, *values]
        )[1:]
        words = [
            f"{number} {value.label.lower()}"
            for value, number in zip(values, others, strict=True)
            if number
        ]
        if unanswered:
            words.append(f"{unanswered} without an answer")
        yes = self.counts.answered_yes(question.pk, self.agency.pk)
        return QuestionLine(question.number, question.text, yes, ", ".join(words))
