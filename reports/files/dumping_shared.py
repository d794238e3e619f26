"""Rows of the partnership's own lists, as a file names them."""

from collections.abc import Iterable
from typing import Any

from agencies.models import Agency, Body, Contributor, Partnership, User
from audits.models import LearningTheme, Question, Theme, Toolkit
from reports.files.book import Row
from reports.files.moments import write_moment


def compact(row: Row) -> Row:
    """Without what says nothing; a zero says something."""
    return {name: value for name, value in row.items() if not _says_nothing(value)}


def _says_nothing(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})


def _unless(value: bool, name: str) -> Row:
    """A flag that is true unless the file says otherwise."""
    return {} if value else {name: False}


def partnership_row(partnership: Partnership) -> Row:
    return {
        "short_name": partnership.short_name,
        "name": partnership.name,
        "subject_noun": partnership.subject_noun,
        "subject_noun_plural": partnership.subject_noun_plural,
    }


def agency_rows(agencies: Iterable[Agency]) -> list[Row]:
    return [
        {
            "short_name": agency.short_name,
            "name": agency.name,
            "kind": agency.kind,
            "contributor_noun": agency.contributor_noun,
            "contributor_noun_plural": agency.contributor_noun_plural,
            **_unless(agency.active, "active"),
        }
        for agency in sorted(agencies, key=lambda agency: agency.short_name)
    ]


def body_rows(bodies: Iterable[Body]) -> list[Row]:
    return [
        {"short_name": body.short_name, "name": body.name, **_unless(body.active, "active")}
        for body in sorted(bodies, key=lambda body: body.short_name)
    ]


def contributor_rows(contributors: Iterable[Contributor]) -> list[Row]:
    rows = [
        {
            "agency": contributor.agency.short_name,
            "name": contributor.name,
            "email": contributor.email,
            **_unless(contributor.active, "active"),
        }
        for contributor in contributors
    ]
    for row in rows:
        if not row["email"]:
            del row["email"]
    return sorted(rows, key=lambda row: (str(row["agency"]), str(row["name"])))


def person_rows(people: Iterable[User]) -> list[Row]:
    rows = [{"email": person.email, "name": person.name} for person in people]
    return sorted(rows, key=lambda row: row["email"])


def learning_theme_rows(themes: Iterable[LearningTheme]) -> list[Row]:
    return [
        {
            "code": theme.code,
            "name": theme.name,
            "description": theme.description,
            "position": theme.position,
            **_unless(theme.active, "active"),
        }
        for theme in sorted(themes, key=lambda theme: (theme.position, theme.code))
    ]


def theme_row(theme: Theme) -> Row:
    return {
        "name": theme.name,
        "description": theme.description,
        "priority": theme.priority,
        **_unless(theme.active, "active"),
    }


def toolkit_row(toolkit: Toolkit) -> Row:
    questions = toolkit.questions.select_related("follows").prefetch_related("agencies")
    row = {
        "name": toolkit.name,
        "version": toolkit.version,
        "description": toolkit.description,
        "questions": [
            _question_row(question)
            for question in sorted(questions, key=lambda row: (row.position, row.code))
        ],
    }
    frozen_at = write_moment(toolkit.frozen_at)
    return {**row, "frozen_at": frozen_at} if frozen_at else row


def _question_row(question: Question) -> Row:
    return (
        compact(
            {
                "code": question.code,
                "text": question.text,
                "kind": question.kind,
                "help_text": question.help_text,
                "choices": question.choices,
                "point_kind": question.point_kind,
                "for_contributors": question.for_contributors,
                "follows": question.follows.code if question.follows else None,
                "follows_answers": question.follows_answers,
                "agencies": sorted(agency.short_name for agency in question.agencies.all()),
            }
        )
        | _unless(question.asks_evidence, "asks_evidence")
        | _unless(question.required, "required")
    )
