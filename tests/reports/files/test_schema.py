"""The schema's lists of values and lengths are the models'."""

import json
from typing import Any

import pytest
from django.db import models

from agencies.models import Agency
from audits.models import (
    Action,
    AgencyReturn,
    Attendance,
    Audit,
    CaseReturn,
    ContributorRequest,
    DateMove,
    Figure,
    Nomination,
    PointKind,
    Question,
)
from reports.files.schema import FILE
from reports.models import Prose

SCHEMA = json.loads(FILE.read_text())
DEFINITIONS = SCHEMA["$defs"]
RETURN_CASES = DEFINITIONS["caseReturn"]["properties"]


def part(*path: str) -> Any:
    here = DEFINITIONS
    for step in path:
        here = here[step]
    return here


def column(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


@pytest.mark.parametrize(
    ("model", "field", "path"),
    [
        (Agency, "kind", ("agency", "properties", "kind")),
        (Question, "kind", ("questionRow", "properties", "kind")),
        (Question, "point_kind", ("questionRow", "properties", "point_kind")),
        (Audit, "kind", ("audit", "properties", "kind")),
        (Audit, "stage", ("audit", "properties", "stage")),
        (DateMove, "field", ("dateMove", "properties", "field")),
        (Nomination, "stage", ("nomination", "properties", "stage")),
        (AgencyReturn, "stage", ("return", "properties", "stage")),
        (CaseReturn, "stage", ("caseReturn", "properties", "stage")),
        (CaseReturn, "known", ("caseReturn", "properties", "known")),
        (
            ContributorRequest,
            "stage",
            ("caseReturn", "properties", "contributors", "items", "properties", "stage"),
        ),
        (
            Attendance,
            "state",
            ("meeting", "properties", "attendance", "items", "properties", "state"),
        ),
        (Figure, "kind", ("figure", "properties", "kind")),
        (Figure, "measure", ("figure", "properties", "measure")),
        (Action, "progress", ("action", "properties", "progress")),
    ],
)
def test_choices_are_those_of_the_model(
    model: type[models.Model], field: str, path: tuple[str, ...]
) -> None:
    choices = column(model, field).choices or []

    assert part(*path)["enum"] == [value for value, _ in choices if value]


def test_kinds_of_points_and_passages_are_those_of_the_models() -> None:
    assert set(part("points", "properties")) == {*PointKind, "unplaced"}
    assert set(SCHEMA["properties"]["prose"]["properties"]) == set(Prose.Passage)


@pytest.mark.parametrize(
    ("definition", "model", "names"),
    [
        ("agency", Agency, ["short_name", "name", "contributor_noun"]),
        ("audit", Audit, ["code", "title"]),
        ("figure", Figure, ["code", "label", "unit", "stated_by"]),
        ("action", Action, ["code"]),
    ],
)
def test_no_text_is_longer_than_its_column(
    definition: str, model: type[models.Model], names: list[str]
) -> None:
    for name in names:
        assert part(definition, "properties", name)["maxLength"] == column(model, name).max_length
