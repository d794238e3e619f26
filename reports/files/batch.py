"""Rows collected in memory and written together, parents before children."""

from typing import Any

from django.db import models

from agencies.models import Agency, Body, Contributor, Partnership, User
from audits import models as audits
from audits.models import Action, Finding, Point, Question
from reports.models import Prose

ORDER: list[type[models.Model]] = [
    Partnership,
    User,
    Agency,
    Body,
    Contributor,
    audits.LearningTheme,
    audits.Theme,
    audits.Toolkit,
    Question,
    audits.Audit,
    audits.Grade,
    audits.DateMove,
    audits.IdentityNotice,
    audits.Nomination,
    audits.Draw,
    audits.Case,
    audits.AgencyReturn,
    audits.RestorativeAction,
    audits.CaseReturn,
    audits.EngagementEntry,
    audits.Answer,
    audits.ContributorRequest,
    audits.AgreedGrade,
    audits.StatusChange,
    Point,
    audits.PointPlacement,
    audits.Meeting,
    audits.Attendance,
    audits.Discussion,
    audits.Figure,
    audits.GapHeading,
    audits.LeadIn,
    Finding,
    audits.SeenBefore,
    audits.FindingPlacement,
    Action,
    Prose,
    Question.agencies.through,
    Point.learning_themes.through,
    Finding.learning_themes.through,
    Finding.agencies.through,
    Finding.points.through,
    Finding.figures.through,
    Action.findings.through,
]


class Batch:
    def __init__(self) -> None:
        self._rows: dict[type[models.Model], list[models.Model]] = {model: [] for model in ORDER}

    def add[M: models.Model](self, row: M) -> M:
        self._rows[type(row)].append(row)
        return row

    def link(self, through: type[models.Model], **ends: Any) -> None:
        """A row of a many-to-many table, by the ids of both ends."""
        self._rows[through].append(through(**ends))

    def write(self) -> None:
        for model in ORDER:
            model._default_manager.bulk_create(self._rows[model])
