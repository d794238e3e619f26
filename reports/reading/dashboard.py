"""One audit for the chair and the officer: its grid, grades, answers and points."""

from dataclasses import dataclass

from agencies.models import User
from audits.models import AgencyReturn, Audit, Stage
from reports.documents import content
from reports.documents.annex import (
    answers_by_question,
    counted_returns,
    grades_by_agency,
    points_by_theme,
)
from reports.documents.source import DocumentSource
from reports.reading.grid import Grid, grid


@dataclass(frozen=True)
class Dashboard:
    grid: Grid
    agency_returns: list[AgencyReturn]
    cases: int
    grades: content.Grades | None
    questions: tuple[content.QuestionAnswers, ...]
    points: content.ThemePoints | None
    points_are_agreed: bool

    @property
    def settled(self) -> int:
        return sum(agency_return.is_settled for agency_return in self.agency_returns)


def dashboard(audit: Audit, user: User) -> Dashboard:
    source = DocumentSource(audit)
    counted = counted_returns(source)
    agreed = audit.has_reached(Stage.DRAFTING)
    return Dashboard(
        grid=grid(
            audit,
            user,
            cases=source.cases,
            agency_returns=source.agency_returns,
            scale=source.counts.scale,
        ),
        agency_returns=source.agency_returns,
        cases=len(source.cases),
        grades=grades_by_agency(source, counted),
        questions=answers_by_question(source, counted),
        points=points_by_theme(source, agreed=agreed),
        points_are_agreed=agreed,
    )
