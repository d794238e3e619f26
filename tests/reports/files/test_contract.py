"""Every field of every model is carried by a file, or named with a reason as left out."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from audits.models import Audit
from reports.files import dump, load
from reports.files.carried import FIELDS_LEFT_OUT, MODELS_LEFT_OUT
from tests.reports.files.examples import EVERYTHING, another_database, as_bytes, everything

pytestmark = pytest.mark.django_db

type Snapshot = dict[str, list[str]]


def carried_models() -> list[type[models.Model]]:
    return [
        model
        for app in ("agencies", "audits", "reports")
        for model in apps.get_app_config(app).get_models()
        if label(model) not in MODELS_LEFT_OUT
    ]


def label(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.{model.__name__}"


def carried_fields(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if not field.primary_key and f"{label(model)}.{field.name}" not in FIELDS_LEFT_OUT:
            yield field


def value(row: models.Model, field: models.Field[Any, Any]) -> Any:
    """A field's value, other rows being told by what is written in them."""
    if field.many_to_many:
        return sorted(written(other) for other in getattr(row, field.name).all())
    there = getattr(row, field.name)
    return written(there) if field.is_relation and there is not None else there


def written(row: models.Model) -> str:
    return str(
        [
            (field.name, getattr(row, field.name))
            for field in carried_fields(type(row))
            if not field.is_relation
        ]
    )


def snapshot() -> Snapshot:
    """By field: its value in every row, whatever the order of the rows."""
    found: Snapshot = defaultdict(list)
    for model in carried_models():
        for row in model._default_manager.all():
            for field in carried_fields(model):
                found[f"{label(model)}.{field.name}"].append(str(value(row, field)))
    return {name: sorted(values) for name, values in found.items()}


def successor() -> bytes:
    """A second audit, which names the first as its predecessor."""
    data = everything()
    earlier = {"code": data["audit"]["code"], "title": data["audit"]["title"]}
    return as_bytes(
        {name: data[name] for name in ("format", "partnership", "theme", "toolkit", "agencies")}
        | {"audit": {"code": "2027-01", "title": "Self-neglect 3", "predecessor": earlier}}
    )


def test_every_field_has_a_value_in_the_example_that_is_not_its_default() -> None:
    load(EVERYTHING.read_bytes())
    load(successor())

    plain = [
        f"{label(model)}.{field.name}"
        for model in carried_models()
        for field in carried_fields(model)
        if all(
            value(row, field) in (field.get_default(), None, "", [])
            for row in model._default_manager.all()
        )
    ]

    assert plain == [], "Carry it in the file and in everything.json, or name it in carried.py."


def test_every_field_comes_back_from_a_file_as_it_was() -> None:
    with another_database():
        load(EVERYTHING.read_bytes())
        load(successor())
        before = snapshot()
        files = [dump(audit) for audit in Audit.objects.order_by("code")]

    for content in files:
        load(content)

    assert snapshot() == before


def test_what_is_left_out_exists() -> None:
    fields = {
        f"{label(model)}.{field.name}"
        for model in carried_models()
        for field in model._meta.get_fields()
    }
    models_there = {
        label(model)
        for app in ("agencies", "audits", "reports")
        for model in apps.get_app_config(app).get_models()
    }

    assert set(FIELDS_LEFT_OUT) <= fields
    assert set(MODELS_LEFT_OUT) <= models_there
    assert all({**FIELDS_LEFT_OUT, **MODELS_LEFT_OUT}.values())
