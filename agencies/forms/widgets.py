"""Small corrections to Django's own widgets, made just before they are drawn."""

import re
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_LABEL
from django.forms import BoundField
from django.forms.models import ModelChoiceField

CHOOSE = "Choose one"
# The input type of each of Django's moments, and the only text such an input can show.
MOMENTS: dict[
    type[forms.DateInput | forms.DateTimeInput | forms.TimeInput], tuple[str, str, str]
] = {
    forms.DateInput: ("date", "%Y-%m-%d", r"\d{4}-\d{2}-\d{2}"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M", r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"),
    forms.TimeInput: ("time", "%H:%M", r"\d{2}:\d{2}"),
}

# What each widget is drawn as; the first that fits counts.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.MultiWidget, "group"),
)


def field_kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if bound.field.disabled:
        return "readonly"
    return next((kind for type_, kind in KINDS if isinstance(widget, type_)), "input")


def prepare(bound: BoundField) -> None:
    """Each form owns copies of its widgets, so changing them here touches no other page."""
    widget = bound.field.widget
    # A placeholder that repeats the label looks like an answer already given.
    if widget.attrs.get("placeholder") == bound.label:
        del widget.attrs["placeholder"]
    if isinstance(widget, forms.NumberInput):
        _as_digits(widget, bound.field)
    elif type(widget) in MOMENTS:
        _as_picker(bound, widget)
    elif isinstance(widget, forms.Select):
        _name_blank_choice(bound.field, widget)
    elif isinstance(widget, forms.Textarea):
        widget.attrs["rows"] = getattr(bound.field, "rows", None) or _rows(widget)
        widget.attrs.pop("cols", None)
    elif isinstance(widget, forms.MultiWidget):
        for number, part in enumerate(widget.widgets, start=1):
            part.attrs.setdefault("aria-label", f"{bound.label}, part {number}")


def is_django_blank(label: object) -> bool:
    """Forms and models have a different idea of what to call no answer."""
    return str(label) in {"---------", str(BLANK_CHOICE_LABEL)}


def _rows(widget: forms.Textarea) -> int:
    """Django's default of ten rows is a wall; four invite an answer and grow with it."""
    rows = int(widget.attrs.get("rows") or 4)
    return 4 if rows == 10 else rows


def _as_digits(widget: forms.NumberInput, field: forms.Field) -> None:
    """A text input keeps what was typed and does not change when the page is scrolled."""
    widget.input_type = "text"
    whole = isinstance(field, forms.IntegerField) and not isinstance(
        field, forms.FloatField | forms.DecimalField
    )
    widget.attrs.setdefault("inputmode", "numeric" if whole else "decimal")
    widget.attrs.setdefault("autocomplete", "off")
    for name in ("min", "max", "step"):
        widget.attrs.pop(name, None)


def _as_picker(bound: BoundField, widget: Any) -> None:
    """The browser's own picker, unless it could not show what was typed: nothing is lost."""
    input_type, shape, pattern = MOMENTS[type(widget)]
    widget.format = shape
    shown = widget.format_value(bound.value())
    showable = not shown or re.fullmatch(pattern, str(shown))
    widget.input_type = input_type if showable else "text"
    if not showable:
        widget.attrs["class"] = "maca-width-20"


def _name_blank_choice(field: forms.Field, widget: forms.Select) -> None:
    if isinstance(field, ModelChoiceField):
        if is_django_blank(field.empty_label):
            field.empty_label = CHOOSE
        return
    choices = list(widget.choices)
    if choices and choices[0][0] == "" and is_django_blank(choices[0][1]):
        widget.choices = [("", CHOOSE), *choices[1:]]
