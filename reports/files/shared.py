"""Rows a file shares with others: found and compared, or made.

A key that the file leaves out is not compared; where the row is made it takes its default.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from agencies.models import Agency, Body, Contributor, Partnership, User
from audits.models import FROM_COLLECTING, LearningTheme, Question, Theme, Toolkit
from reports.files.batch import Batch
from reports.files.book import Row
from reports.files.dumping_shared import toolkit_row
from reports.files.faults import Fault, Path, fault
from reports.files.moments import read_moment

LEFT_OUT: dict[type[models.Model], Row] = {Agency: {"kind": Agency.Kind.OTHER}}
"""What the format says of a key that is left out, where the model has no default of its own."""

QUESTION_DEFAULTS: Row = {
    "kind": "yes_no",
    "help_text": "",
    "choices": [],
    "point_kind": "",
    "asks_evidence": True,
    "for_contributors": False,
    "required": True,
    "follows": None,
    "follows_answers": [],
    "agencies": [],
}


@dataclass
class Shared:
    """What the file's names stand for, and where they disagree with what is kept here."""

    partnership: Partnership
    theme: Theme
    toolkit: Toolkit
    agencies: dict[str, Agency] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    contributors: dict[tuple[str, str], Contributor] = field(default_factory=dict)
    learning_themes: dict[str, LearningTheme] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def settle(data: Row, batch: Batch) -> Shared:
    """Needs a file without faults; adds to the batch what does not exist yet."""
    found: list[Fault] = []
    settler = _Settler(batch, found)
    row = data["partnership"]
    kept = Partnership.objects.filter(short_name=row["short_name"])
    partnership = settler.one(Partnership, kept.first(), row, ("partnership",))
    theme = settler.one(
        Theme,
        Theme.objects.filter(partnership=partnership, name=data["theme"]["name"]).first(),
        data["theme"],
        ("theme",),
        partnership=partnership,
    )
    shared = Shared(partnership, theme, Toolkit(), faults=found)
    shared.agencies = settler.named(Agency, data.get("agencies", []), "short_name", partnership)
    shared.bodies = settler.named(Body, data.get("bodies", []), "short_name", partnership)
    shared.learning_themes = settler.named(
        LearningTheme,
        _with_positions(data.get("learning_themes", []), partnership),
        "code",
        partnership,
    )
    _people(shared, data.get("people", []), settler)
    _contributors(shared, data.get("contributors", []), settler)
    _toolkit(shared, data, settler)
    return shared


class _Settler:
    def __init__(self, batch: Batch, faults: list[Fault]) -> None:
        self.batch = batch
        self.faults = faults

    def one[M: models.Model](
        self, model: type[M], kept: M | None, row: Row, path: Path, **more: Any
    ) -> M:
        if kept is None:
            return self.batch.add(model(**(LEFT_OUT.get(model, {}) | row), **more))
        self.compare({name: getattr(kept, name) for name in row}, row, path, str(kept))
        return kept

    def compare(self, kept: Row, row: Row, path: Path, what: str) -> None:
        for name, value in row.items():
            if kept.get(name) != value:
                words = f"“{what}” is kept here already with “{kept.get(name)}” for this."
                self.faults.append(fault((*path, name), words))

    def named[M: models.Model](
        self, model: type[M], rows: list[Row], key: str, partnership: Partnership
    ) -> dict[str, M]:
        """The rows of one of the partnership's own lists, by their key."""
        rows_kept = model._default_manager.filter(partnership=partnership)
        kept = {getattr(row, key): row for row in rows_kept}
        list_name = "learning_themes" if model is LearningTheme else _plural(model)
        return {
            row[key]: self.one(
                model, kept.get(row[key]), row, (list_name, index), partnership=partnership
            )
            for index, row in enumerate(rows)
        }


def _plural(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name_plural)


def _with_positions(rows: list[Row], partnership: Partnership) -> list[Row]:
    """Learning themes that are new and give no place stand after those there are."""
    kept = LearningTheme.objects.filter(partnership=partnership)
    codes = set(kept.values_list("code", flat=True))
    last = kept.aggregate(last=models.Max("position"))["last"]
    free = 0 if last is None else last + 1
    return [
        row if "position" in row or row["code"] in codes else {**row, "position": free + index}
        for index, row in enumerate(rows)
    ]


def _people(shared: Shared, rows: list[Row], settler: _Settler) -> None:
    kept = {user.email: user for user in User.objects.filter(email__in=_addresses(rows))}
    for index, given in enumerate(rows):
        row = {**given, "email": given["email"].lower()}
        user = settler.one(User, kept.get(row["email"]), row, ("people", index))
        if user.email not in kept:
            user.is_active = False
            user.set_unusable_password()
        shared.people[row["email"]] = user


def _addresses(rows: Iterable[Row]) -> list[str]:
    return [row["email"].lower() for row in rows]


def _contributors(shared: Shared, rows: list[Row], settler: _Settler) -> None:
    kept = {
        (contributor.agency_id, contributor.name): contributor
        for contributor in Contributor.objects.filter(agency__partnership=shared.partnership)
    }
    for index, row in enumerate(rows):
        agency = shared.agencies[row["agency"]]
        rest = {name: value for name, value in row.items() if name != "agency"}
        shared.contributors[row["agency"], row["name"]] = settler.one(
            Contributor,
            kept.get((agency.pk, row["name"])),
            rest,
            ("contributors", index),
            agency=agency,
        )


def _toolkit(shared: Shared, data: Row, settler: _Settler) -> None:
    row = data.get("toolkit") or {"name": data["audit"]["title"]}
    version = row.get("version", 1)
    kept = Toolkit.objects.filter(
        partnership=shared.partnership, name=row["name"], version=version
    ).first()
    given: str | None = row.get("frozen_at")
    frozen_at = read_moment(given)
    if frozen_at is None and data["audit"].get("stage") in FROM_COLLECTING:
        frozen_at = timezone.now()
    if kept is None:
        shared.toolkit = settler.batch.add(
            Toolkit(
                partnership=shared.partnership,
                name=row["name"],
                version=version,
                description=row.get("description", ""),
                frozen_at=frozen_at,
            )
        )
        _make_questions(shared, row.get("questions", []), settler.batch)
        return
    shared.toolkit = kept
    shared.questions = {question.code: question for question in kept.questions.all()}
    _compare_toolkit(kept, row, settler)
    if kept.frozen_at is None and frozen_at is not None:
        Toolkit.objects.filter(pk=kept.pk).update(frozen_at=frozen_at)


def _compare_toolkit(kept: Toolkit, row: Row, settler: _Settler) -> None:
    there = toolkit_row(kept)
    if "description" in row:
        settler.compare(
            {"description": kept.description},
            {"description": row["description"]},
            ("toolkit",),
            str(kept),
        )
    if "questions" not in row:
        return
    here, theirs = row["questions"], there.get("questions", [])
    if len(here) != len(theirs):
        words = f"“{kept}” is kept here already with {len(theirs)} questions."
        settler.faults.append(fault(("toolkit", "questions"), words))
        return
    for index, (question, other) in enumerate(zip(here, theirs, strict=True)):
        settler.compare(
            _complete(other), _complete(question), ("toolkit", "questions", index), str(kept)
        )


def _complete(question: Row) -> Row:
    whole = {**QUESTION_DEFAULTS, **question}
    return {**whole, "agencies": sorted(whole["agencies"])}


def _make_questions(shared: Shared, rows: list[Row], batch: Batch) -> None:
    for position, given in enumerate(rows):
        row = _complete(given)
        agencies = row.pop("agencies")
        follows = shared.questions.get(row.pop("follows") or "")
        question = batch.add(
            Question(toolkit=shared.toolkit, position=position, follows=follows, **row)
        )
        shared.questions[question.code] = question
        for name in agencies:
            batch.link(
                Question.agencies.through,
                question_id=question.pk,
                agency_id=shared.agencies[name].pk,
            )
