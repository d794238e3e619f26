"""The tags pages are built with: docs/developers/look.md shows each of them in use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.forms.rendering import (
    ErrorLine,
    error_lines,
    form_errors_id,
    formset_errors_id,
    general_errors,
    render_field,
    render_form,
)

register = template.Library()

TONES = {
    "neutral": "planned not_started asked proposed nominated excused not_known nil withdrawn",
    "info": "nominating collecting meeting drafting in_progress open opened agreed selected",
    "good": "active complete completed signed_off published done replied met_good outstanding good",
    "warn": "invited locked sent_back reopened declined due due_soon requires_improvement partly"
    " draft",
    "bad": "expired late overdue inadequate missing refused failed",
    "quiet": "closed passed_over retired superseded ended inactive deactivated",
}
SUMMED_UP = "errors-summed-up"
TONE_OF = {value: tone for tone, values in TONES.items() for value in values.split()}


@dataclass(frozen=True)
class Step:
    """One stage on the tracker; `state` is done, current or ahead."""

    label: str
    state: str
    note: str


@register.simple_tag
def status_tag(label: object, value: object = "", tone: str = "") -> SafeString:
    """A status in words and colour. The tone follows from the stored value unless given."""
    chosen = tone or TONE_OF.get(str(value).replace("-", "_"), "neutral")
    return format_html('<strong class="maca-tag maca-tag--{}">{}</strong>', chosen, label)


@register.inclusion_tag("components/stage_tracker.html")
def stage_tracker(
    choices: Iterable[tuple[object, object]],
    current: object,
    notes: dict[str, object] | None = None,
) -> dict[str, object]:
    """`choices` in order as (value, label); `notes` maps a value to a few words, as a date."""
    pairs = [(str(value), str(label)) for value, label in choices]
    values = [value for value, _ in pairs]
    position = values.index(str(current))
    steps = [
        Step(label, _state(index, position), str((notes or {}).get(value) or ""))
        for index, (value, label) in enumerate(pairs)
    ]
    return {"steps": steps, "number": position + 1, "current": steps[position]}


def _state(index: int, position: int) -> str:
    if index < position:
        return "done"
    return "current" if index == position else "ahead"


@register.inclusion_tag("components/progress.html")
def progress_bar(done: int, total: int, label: str = "", unit: str = "") -> dict[str, object]:
    return {"done": done, "total": max(total, 1), "out_of": total, "label": label, "unit": unit}


@register.simple_block_tag
def table_region(content: str, label: str, tall: bool = False) -> SafeString:
    """A table that scrolls sideways on a narrow screen and can be reached by keyboard.

    `tall`: it scrolls downwards too, and its header stays in view.
    """
    return format_html(
        '<div class="maca-table-region{}" role="region" aria-label="{}" tabindex="0">{}</div>',
        " maca-table-region--tall" if tall else "",
        label,
        content,
    )


@register.inclusion_tag("components/error_summary.html", takes_context=True)
def error_summary(context: Context, *forms: BaseForm | BaseFormSet[Any]) -> dict[str, object]:
    """What is wrong on the page, with a link to each field that has to change.

    Without arguments it speaks for the forms the page's context calls `form`, `formset` and
    `forms`, unless the page's header has done so.
    """
    said = not forms and context.render_context.get(SUMMED_UP)
    return {"lines": [] if said else _errors_on_page(context, forms)}


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    return "Error: " if _errors_on_page(context, ()) else ""


def _errors_on_page(
    context: Context, forms: Sequence[BaseForm | BaseFormSet[Any]]
) -> list[ErrorLine]:
    chosen: list[Any] = list(forms)
    if not chosen:
        chosen = [context.get("form"), context.get("formset"), *(context.get("forms") or ())]
    return [
        line
        for form in chosen
        if isinstance(form, BaseForm | BaseFormSet)
        for line in error_lines(form)
    ]


@register.simple_tag
def field(bound: BoundField, **look: Any) -> SafeString:
    """One field as the design system draws it, its words and look changed for this page.

    `look`: label, hint (False for none), and what a field class may say about itself.
    """
    return render_field(bound, look)


@register.simple_tag
def fields(form: BaseForm, *names: str) -> SafeString:
    """The fields named, or all of them; no form element, no buttons."""
    return render_form(form, names)


@register.inclusion_tag("maca/fields/general_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """What is wrong with the form as a whole; `fields` says it already."""
    return {"errors_id": form_errors_id(form), "general": general_errors(form)}


@register.inclusion_tag("maca/fields/general_errors.html")
def formset_errors(formset: BaseFormSet[Any]) -> dict[str, object]:
    general = [str(text) for text in formset.non_form_errors()]
    return {"errors_id": formset_errors_id(formset), "general": general}


@register.simple_block_tag(takes_context=True)
def page_header(context: Context, content: str, title: object, **parts: object) -> SafeString:
    """The top of a page; its content is the page's actions, as buttons and links.

    `parts`: caption, lead, back_url, back_label, crumbs (label and url each), status. What is
    wrong on the page stands above its heading, and below the link back.
    """
    context.render_context[SUMMED_UP] = True
    shown = {"title": title, "actions": content, "lines": _errors_on_page(context, ())}
    return SafeString(render_to_string("components/page_header.html", parts | shown))


@register.simple_block_tag
def card(
    content: str, title: object = "", url: str = "", level: int = 2, tone: str = ""
) -> SafeString:
    context = {"content": content, "title": title, "url": url, "level": level, "tone": tone}
    return SafeString(render_to_string("components/card.html", context))


@register.simple_block_tag
def chart(content: str, title: object, note: object = "") -> SafeString:
    """A drawing with its title; put `numbers` inside, so that nobody has to read a picture.

    On a phone the drawing keeps a size that can be read, and scrolls.
    """
    context = {"content": content, "title": title, "note": note}
    return SafeString(render_to_string("components/chart.html", context))


@register.simple_block_tag
def numbers(content: str, label: object = "The same numbers in a table") -> SafeString:
    return format_html(
        '<details class="govuk-details maca-numbers"><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        label,
        content,
    )
