"""Two versions of the same text, side by side, for the writer to choose from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from agencies.forms.rendering import error_target
from audits.domain.drafts import Conflict
from audits.forms.sent import SentForm

TAKE = "take"


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    target: str
    mine: str
    theirs: str
    gone_name: str = ""
    """The field to send mine in once more, where its own box left the page with the other's."""


def choices_between(
    conflicts: Iterable[Conflict], field_for: Callable[[str], BoundField]
) -> list[Choice]:
    return [_choice(conflict, field_for(conflict.key)) for conflict in conflicts]


def _choice(conflict: Conflict, field: BoundField) -> Choice:
    mine = field.value()
    return Choice(
        conflict.key,
        str(field.label),
        error_target(field),
        _in_words(field, str(mine or "")),
        _in_words(field, conflict.theirs),
        field.html_name if conflict.gone else "",
    )


def _in_words(field: BoundField, value: str) -> str:
    """A code as the page says it; words stay as they are."""
    labels = {str(code): str(label) for code, label in getattr(field.field, "choices", ())}
    return labels.get(value, value)


def told(conflict: Conflict, sent: SentForm, writers: Mapping[str, str]) -> dict[str, Any]:
    """A conflict as the page's script draws it beside its field; `fields` would say theirs."""
    names = sent.names_of(conflict.key)
    choice = _choice(conflict, sent.form[names[0]])
    in_one_box = len(names) == 1
    is_prose = isinstance(sent.form.fields[names[-1]].widget, forms.Textarea)
    return {
        "key": conflict.key,
        "names": names,
        "name": names[0],
        "label": choice.label,
        "mine": choice.mine if in_one_box else str(sent.said.get(conflict.key, "")),
        "theirs": choice.theirs,
        "fields": sent.values_of(conflict.key, conflict.theirs),
        "by": writers.get(conflict.key, ""),
        "gone": conflict.gone,
        "mergeable": in_one_box and is_prose and not conflict.gone,
    }
