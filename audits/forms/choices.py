from typing import Any, cast

from django import forms
from django.db.models import QuerySet


def choose_from(form: forms.Form, name: str, queryset: QuerySet[Any]) -> None:
    """Narrow a field's choices to rows of the partnership or the audit at hand."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = queryset
