"""The markup of one field, joined in Python.

A form of any length is mostly this, and a template for each field, which inherits from two
others, took several times as long as all the rest of drawing it. Whatever a field says passes
`conditional_escape` where it is put in; controls come drawn from `rendering.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Context = Mapping[str, Any]
"""What `rendering.field_context` says about a field."""

NOTHING_TO_CHOOSE = '<p class="maca-quiet">There is nothing to choose from yet.</p>'


def draw(kind: str, context: Context) -> SafeString:
    if kind == "readonly":
        return _safe(_readonly(context))
    inside = PARTS.get(kind, _labelled)(context)
    wrong = " govuk-form-group--error" if context["errors"] else ""
    return _safe(
        f'<div class="govuk-form-group maca-field{wrong}" id="{context["wrapper_id"]}"'
        f"{_follows(context)}>\n{inside}\n</div>\n"
    )


def hint(id_: str, words: Any, more: str = "") -> str:
    return f'<div id="{id_}" class="govuk-hint{more}">{conditional_escape(words)}</div>\n'


def errors(id_: str, lines: Iterable[Any]) -> str:
    said = "".join(
        '<p class="maca-error-line"><span class="govuk-visually-hidden">Error: </span>'
        f"{conditional_escape(line)}</p>"
        for line in lines
    )
    return f'<div id="{id_}" class="govuk-error-message">{said}</div>\n' if said else ""


def _follows(context: Context) -> str:
    rule = context["follows"]
    if not rule:
        return ""
    name, answers = conditional_escape(rule["name"]), conditional_escape(rule["answers"])
    return f' data-maca-follows="{name}" data-maca-answers="{answers}"'


def _words(context: Context) -> str:
    optional = ' <span class="maca-optional">(optional)</span>' if context["optional"] else ""
    return f"{conditional_escape(context['label'])}{optional}"


def _hint_and_errors(context: Context) -> str:
    stem = context["field"].auto_id
    said = hint(f"{stem}_helptext", context["hint"]) if context["hint"] else ""
    return said + errors(f"{stem}_error", context["errors"])


def _labelled(context: Context) -> str:
    field, size = context["field"], context["label_size"]
    return (
        f'<label class="govuk-label govuk-label--{size}" for="{field.id_for_label}">'
        f"{_words(context)}</label>\n{_hint_and_errors(context)}{context['control']}"
    )


def _input(context: Context) -> str:
    before, after = (_beside(context, where) for where in ("prefix", "suffix"))
    if not before and not after:
        return _labelled(context)
    wrapped = f'<div class="govuk-input__wrapper">{before}{context["control"]}{after}</div>'
    return _labelled({**context, "control": wrapped})


def _beside(context: Context, where: str) -> str:
    words = context[where]
    if not words:
        return ""
    return f'<div class="govuk-input__{where}" aria-hidden="true">{conditional_escape(words)}</div>'


def _textarea(context: Context) -> str:
    most = context["max_words"]
    if not most:
        return _labelled(context)
    target = context["field"].id_for_label
    return (
        f'{_labelled(context)}\n<p class="govuk-hint maca-word-count" data-maca-words="{most}"'
        f' data-maca-for="{target}">Up to {most} words</p>'
    )


def _group(context: Context) -> str:
    described = context["described_by"]
    by = f' aria-describedby="{described}"' if described else ""
    return (
        f'<fieldset class="govuk-fieldset"{by}>'
        f'\n<legend class="govuk-fieldset__legend govuk-fieldset__legend--{context["label_size"]}">'
        f"{_words(context)}</legend>\n{_hint_and_errors(context)}{context['control']}\n</fieldset>"
    )


def _choices(name: str) -> Callable[[Context], str]:
    """A group of radio buttons or of checkboxes: both are drawn alike."""

    def drawn(context: Context) -> str:
        items = "\n".join(_choice(name, choice) for choice in context["choices"])
        inline = " maca-choices--inline" if context["inline"] else ""
        control = f'<div class="govuk-{name}{inline}">\n{items or NOTHING_TO_CHOOSE}\n</div>'
        return _group({**context, "control": control})

    return drawn


def _choice(name: str, choice: Any) -> str:
    more = f" govuk-{name}__hint"
    said = hint(f"{choice.id}_hint", choice.hint, more) if choice.hint else ""
    return (
        f'<div class="govuk-{name}__item">{choice.control}'
        f'<label class="govuk-label govuk-{name}__label" for="{choice.id}">'
        f"{conditional_escape(choice.label)}</label>{said}</div>"
    )


def _checkbox(context: Context) -> str:
    """One box: its label stands beside it, what is wrong above both."""
    field = context["field"]
    more = " govuk-checkboxes__hint"
    said = hint(f"{field.auto_id}_helptext", context["hint"], more) if context["hint"] else ""
    return (
        f"{errors(f'{field.auto_id}_error', context['errors'])}"
        f'<div class="govuk-checkboxes"><div class="govuk-checkboxes__item">{context["control"]}'
        f'<label class="govuk-label govuk-checkboxes__label" for="{field.id_for_label}">'
        f"{conditional_escape(context['label'])}</label>{said}</div></div>"
    )


def _readonly(context: Context) -> str:
    size, value = context["label_size"], context["value"] or "Not given"
    return (
        '<div class="govuk-form-group maca-field maca-field--readonly"'
        f' id="{context["wrapper_id"]}" tabindex="-1">\n'
        f'<p class="govuk-label govuk-label--{size}">{conditional_escape(context["label"])}</p>\n'
        f"{_hint_and_errors(context)}"
        f'<div class="maca-readonly">{linebreaksbr(value)}</div>\n</div>\n'
    )


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 - every word in it was escaped where it was put in


PARTS: dict[str, Callable[[Context], str]] = {
    "checkbox": _checkbox,
    "checkboxes": _choices("checkboxes"),
    "group": _group,
    "input": _input,
    "radios": _choices("radios"),
    "textarea": _textarea,
}
