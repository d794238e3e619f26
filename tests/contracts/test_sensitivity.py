"""Every field of every model is declared identifying, free text or safe."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import models

from agencies.models import User
from agencies.sensitivity import Declaration, Sensitivity

APPS = ("agencies", "audits", "reports")
MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
names = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


def fields_of(model: type[models.Model]) -> dict[str, models.Field[object, object]]:
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return {field.name: field for field in fields}


def declared(model: type[models.Model]) -> Declaration:
    home = import_module(f"{model._meta.app_label}.sensitivity")
    declaration: Declaration = home.FIELDS.get(model.__name__, {})
    return declaration


@names
def test_every_field_is_declared_and_no_other(model: type[models.Model]) -> None:
    assert set(declared(model)) == set(fields_of(model)), (
        f"Declare the fields of {model.__name__} in {model._meta.app_label}/sensitivity.py."
    )


@names
def test_long_texts_are_never_safe(model: type[models.Model]) -> None:
    texts = [
        name for name, field in fields_of(model).items() if isinstance(field, models.TextField)
    ]
    assert [name for name in texts if declared(model)[name] == Sensitivity.SAFE] == []


@names
def test_whatever_points_to_a_person_is_identifying(model: type[models.Model]) -> None:
    pointing = [name for name, field in fields_of(model).items() if field.related_model is User]
    others = [name for name in pointing if declared(model)[name] != Sensitivity.IDENTIFYING]
    assert others == []


@pytest.mark.parametrize("app", APPS)
def test_no_declaration_outlives_its_model(app: str) -> None:
    known = {model.__name__ for model in apps.get_app_config(app).get_models()}
    assert set(import_module(f"{app}.sensitivity").FIELDS) == known
