"""A scenario in which every field that somebody types into holds words of a check's choosing.

The fields are found from the models and from what each app declares in its `sensitivity.py`, so
one that is added tomorrow is filled too. They are filled as their rows are made, before anything
is frozen, signed off or hashed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.signals import pre_save

from agencies.sensitivity import Sensitivity
from audits.models import Grade, Question
from tests import scenario
from tests.scenario import Scenario

APPS = ("agencies", "audits", "reports")
# Declared as identifying or safe, and typed all the same.
NAMES = {"name", "label", "title", "job_title", "owner", "introduced_by", "unit", "seed"}
# Words of a list that an audit keeps, and what is made from other rows.
FROM_A_LIST = {
    ("Question", "choices"),
    ("Answer", "value"),
    ("ContributorAnswer", "value"),
    ("Document", "title"),
    ("Document", "content"),
    ("Document", "pdf"),
    ("OutboxMessage", "subject"),
    ("TimetableEntry", "name"),
    ("Worker", "name"),
}
Words = Callable[[str, int], str]
"""The words for a field (`Model.field`) of so many letters."""
UNLIMITED = 600


def typed_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    declared = import_module(f"{model._meta.app_label}.sensitivity").FIELDS[model.__name__]
    return [
        each
        for each in model._meta.concrete_fields
        if isinstance(each, models.CharField | models.TextField)
        and not each.choices
        and (model.__name__, each.name) not in FROM_A_LIST
        and (declared[each.name] == Sensitivity.FREE_TEXT or each.name in NAMES)
    ]


TYPED = {
    model: typed_fields(model) for app in APPS for model in apps.get_app_config(app).get_models()
}
FREE_TEXT = {
    f"{model.__name__}.{each.name}"
    for model, fields in TYPED.items()
    for each in fields
    if each.name not in NAMES
}


@dataclass
class Filled:
    words: Words
    fields: set[str] = field(default_factory=set)
    """Those that were filled at least once."""
    count: int = 0

    def fill(self, sender: type[models.Model], instance: models.Model, **_signal: object) -> None:
        if not instance._state.adding:
            return
        for each in TYPED.get(sender, []):
            self._put(instance, each)
        if isinstance(instance, Question) and instance.choices:
            instance.choices = [self.words("Question.choices", 60) for _ in instance.choices]
        open_answer = getattr(instance, "question", None)
        if open_answer is not None and open_answer.kind == Question.Kind.TEXT:
            self._put(instance, instance._meta.get_field("value"))

    def _put(self, instance: models.Model, each: Any) -> None:
        name, room = f"{type(instance).__name__}.{each.name}", each.max_length or UNLIMITED
        words = self.words(name, room - 8)
        if isinstance(each, models.CharField):
            words = " ".join(words.split())
        if each.name in NAMES:
            # Some of them may stand in a list only once.
            self.count += 1
            words = f"{words} {self.count}"
        setattr(instance, each.name, words[:room])
        self.fields.add(name)


@contextmanager
def filled_with(words: Words) -> Iterator[Filled]:
    filled = Filled(words)
    pre_save.connect(filled.fill, weak=False, dispatch_uid="filled")
    try:
        yield filled
    finally:
        pre_save.disconnect(dispatch_uid="filled")


def build(words: Words) -> tuple[Scenario, Filled]:
    with filled_with(words) as filled:
        built = scenario.build()
        # Made in one statement, past the signal.
        for grade in Grade.objects.all():
            description = words("Grade.description", UNLIMITED)
            Grade.objects.filter(pk=grade.pk).update(description=description)
        filled.fields.add("Grade.description")
    return built, filled


class InTurn:
    """As many of the payloads as fit into a field, going on where its last row ended."""

    def __init__(self, payloads: list[str]) -> None:
        self.payloads = payloads
        self.at: dict[str, int] = {}
        self.room: dict[str, int] = {}
        self.tried: dict[str, set[str]] = {}

    def __call__(self, name: str, room: int) -> str:
        # Each begins elsewhere, so that one row of every field has met most of the payloads.
        self.at.setdefault(name, 7 * len(self.at))
        self.room[name] = room
        fitting = self._fitting(name) or [min(self.payloads, key=len)[:room]]
        taken: list[str] = []
        while len(taken) < len(fitting):
            following = fitting[self.at[name] % len(fitting)]
            if len("\n".join([*taken, following])) > room:
                break
            taken.append(following)
            self.at[name] += 1
        self.tried.setdefault(name, set()).update(taken)
        return "\n".join(taken)

    def _fitting(self, name: str) -> list[str]:
        return [each for each in self.payloads if len(each) <= self.room[name]]

    def untried(self) -> list[tuple[str, str]]:
        """Field and payload that would have fitted into it."""
        return [
            (name, payload)
            for name, tried in self.tried.items()
            for payload in self._fitting(name)
            if payload not in tried
        ]
