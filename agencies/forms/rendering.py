"""How a form field becomes a piece of the design system.

Any Django field can be drawn: what a field says about its look (see `fields.py`) is read
with defaults, so forms made from models need nothing special. Words that come from a
database – labels, hints, choices, errors – reach the page escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BaseFormSet, BoundField
from django.forms.boundfield import BoundWidget
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from agencies.forms import drawing
from agencies.forms.messages import field_errors, with_question
from agencies.forms.widgets import field_kind, is_django_blank, prepare

CLASSES = {
    "input": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "radios": "govuk-radios__input",
    "checkboxes": "govuk-checkboxes__input",
    "checkbox": "govuk-checkboxes__input",
    "group": "govuk-input",
}


@dataclass(frozen=True)
class ErrorLine:
    """One line of the error summary; `target` is the id to go to."""

    text: str
    target: str


@dataclass(frozen=True)
class Choice:
    """One radio button or checkbox, drawn, with the words that belong to it."""

    control: SafeString
    label: str
    hint: str
    id: str


def error_lines(form: BaseForm | BaseFormSet[Any]) -> list[ErrorLine]:
    if isinstance(form, BaseFormSet):
        return _formset_error_lines(form)
    if not form.errors:
        return []
    general = [
        ErrorLine(_of_whom(form, str(text)), form_errors_id(form))
        for text in form.non_field_errors()
    ]
    return general + [
        ErrorLine(
            _of_whom(form, with_question(bound, text) if needs_question else text),
            error_target(bound),
        )
        for bound in form
        for text, needs_question in field_errors(bound)
    ]


def _of_whom(form: BaseForm, text: str) -> str:
    """With what the form speaks of before it, where a page has many of a kind: `speaks_of`."""
    what = getattr(form, "speaks_of", "")
    if not what:
        return text
    starts_a_word = text[1:2].islower() or text[1:2].isspace()
    return f"{what}: {text[:1].lower() if starts_a_word else text[:1]}{text[1:]}"


def _formset_error_lines(formset: BaseFormSet[Any]) -> list[ErrorLine]:
    general = [
        ErrorLine(str(text), formset_errors_id(formset)) for text in formset.non_form_errors()
    ]
    return general + [line for form in formset.forms for line in error_lines(form)]


def form_errors_id(form: BaseForm) -> str:
    return f"id_{form.prefix}-form_errors" if form.prefix else "id_form_errors"


def formset_errors_id(formset: BaseFormSet[Any]) -> str:
    return f"id_{formset.prefix}-formset_errors"


def error_target(bound: BoundField) -> str:
    """The id of the first thing a person can act on: the first radio button, not its group."""
    if bound.is_hidden:
        return form_errors_id(bound.form)
    if field_kind(bound) == "readonly":
        return wrapper_id(bound)
    if field_kind(bound) in {"radios", "checkboxes"}:
        ids = [choice.id_for_label for choice in bound.subwidgets]
        return ids[0] if ids else wrapper_id(bound)
    if field_kind(bound) == "group":
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def wrapper_id(bound: BoundField) -> str:
    return f"{bound.auto_id}_field"


def render_field(bound: BoundField, overrides: Mapping[str, Any] | None = None) -> SafeString:
    kind = field_kind(bound)
    if kind == "hidden":
        return bound.as_widget()
    return drawing.draw(kind, field_context(bound, kind, overrides or {}))


def render_form(form: BaseForm, names: Sequence[str] = ()) -> SafeString:
    chosen = [form[name] for name in names] or list(form)
    context = {
        "form": form,
        "errors_id": form_errors_id(form),
        "general": general_errors(form) if not names else [],
        "drawn": [render_field(bound) for bound in chosen],
    }
    return SafeString(render_to_string("maca/fields/form.html", context))


def general_errors(form: BaseForm) -> list[str]:
    """Errors of the whole form, and those of hidden fields, which have no place of their own."""
    hidden = [str(text) for bound in form.hidden_fields() for text in bound.errors]
    return [*(str(text) for text in form.non_field_errors()), *hidden]


def field_context(bound: BoundField, kind: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
    def look(name: str, default: Any = "") -> Any:
        return overrides.get(name) or getattr(bound.field, name, default)

    hint = overrides.get("hint", bound.help_text) or ""
    bound.help_text = hint  # Django describes a control by its hint wherever there is one.
    errors = [text for text, _ in field_errors(bound)]
    described_by = " ".join(
        [f"{bound.auto_id}_helptext"] * bool(hint) + [f"{bound.auto_id}_error"] * bool(errors)
    )
    context = {
        "field": bound,
        "wrapper_id": wrapper_id(bound),
        "label": overrides.get("label") or bound.label,
        "label_size": look("label_size", "s"),
        "hint": hint,
        "errors": errors,
        "described_by": described_by,
        "optional": _is_marked_optional(bound, kind),
        "inline": bool(look("inline")),
        "prefix": look("prefix"),
        "suffix": look("suffix"),
        "max_words": look("max_words"),
        "follows": _follows(bound),
    }
    return context | _control(bound, kind, described_by, str(look("width")))


def _control(bound: BoundField, kind: str, described_by: str, width: str) -> dict[str, Any]:
    if kind == "readonly":
        return {"value": display_value(bound)}
    prepare(bound)
    if kind in {"radios", "checkboxes"}:
        return {"choices": list(_choices(bound, kind))}
    return {"control": _widget(bound, kind, described_by, width)}


def _is_marked_optional(bound: BoundField, kind: str) -> bool:
    if bound.field.required or kind in {"checkbox", "readonly"}:
        return False
    return not getattr(bound.form, "hide_optional", False)


def _follows(bound: BoundField) -> dict[str, str] | None:
    """The name of the question this one follows, and the answers that call for it."""
    rule = getattr(bound.field, "follows", None)
    if not rule:
        return None
    name, answers = rule
    return {"name": bound.form.add_prefix(name), "answers": "|".join(map(str, answers))}


def _widget(bound: BoundField, kind: str, described_by: str, width: str) -> SafeString:
    widget = bound.field.widget
    classes = [CLASSES[kind], str(widget.attrs.get("class", ""))]
    if bound.errors:
        classes.append(f"{CLASSES[kind]}--error")
    if width:
        classes.append(f"maca-width-{width}")
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    if described_by:
        attrs["aria-describedby"] = described_by
    if kind == "textarea":
        attrs["data-maca-grow"] = True
    if type(widget) is forms.Textarea:
        return _textarea(bound, widget, attrs)
    return bound.as_widget(attrs=attrs)


def _textarea(bound: BoundField, widget: forms.Textarea, attrs: dict[str, Any]) -> SafeString:
    """As Django draws it, but without a template for each: a long form is made of them."""
    attrs = {**widget.attrs, **bound.build_widget_attrs(attrs, widget)}
    attrs.setdefault("id", bound.auto_id)
    words = widget.format_value(bound.value())
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        bound.html_name,
        attributes(attrs),
        "" if words is None else words,
    )


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """The same as Django's `flatatt`, which calls `format_html` for every one."""
    valued, bare = [], []
    for name, value in sorted(attrs.items()):
        if value is True:
            bare.append(f" {name}")
        elif value is not False and value is not None:
            valued.append(f' {name}="{conditional_escape(value)}"')
    return mark_safe("".join(valued + bare))  # noqa: S308 - every value was escaped above


def _choices(bound: BoundField, kind: str) -> Iterable[Choice]:
    hints = getattr(bound.field, "choice_hints", None) or {}
    hint_from = getattr(bound.field, "hint_from", None)
    for option in bound.subwidgets:
        value = option.data["value"]
        if str(value) == "" and bound.field.required:
            continue
        hint = str(hints.get(value) or hints.get(str(value)) or "")
        if hint_from and getattr(value, "instance", None) is not None:
            hint = str(hint_from(value.instance) or "")
        yield _choice(option, kind, hint)


def _choice(option: BoundWidget, kind: str, hint: str) -> Choice:
    id_ = str(option.id_for_label)
    attrs = {**option.data["attrs"], "class": CLASSES[kind]}
    # The group carries both: screen readers would repeat them at every button.
    for name in ("aria-invalid", "required", "aria-describedby"):
        attrs.pop(name, None)
    if hint:
        attrs["aria-describedby"] = f"{id_}_hint"
    # Django would render a template for each button, which is most of a long form's time.
    control = format_html(
        '<input type="{}" name="{}" value="{}"{}>',
        option.data["type"],
        option.data["name"],
        option.data["value"],
        attributes(attrs),
    )
    label = "No answer" if is_django_blank(option.choice_label) else str(option.choice_label)
    return Choice(control, label, hint, id_)


def display_value(bound: BoundField) -> str:
    """What a field that cannot be changed says, in words."""
    value = bound.value()
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return "Yes" if value else "No"
    if isinstance(bound.field.widget, forms.Select | forms.RadioSelect):
        chosen = [str(o.data["label"]) for o in _options(bound) if o.data["selected"]]
        return ", ".join(chosen)
    shown = bound.field.widget.format_value(value)
    return "" if shown is None else str(shown)


def _options(bound: BoundField) -> list[BoundWidget]:
    return [option for option in bound.subwidgets if str(option.data["value"]) != ""]
