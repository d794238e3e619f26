"""Two versions of the same text, side by side, for the writer to choose from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.forms import BoundField

from agencies.forms.rendering import error_target
from audits.domain.drafts import Conflict

TAKE = "take"


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    target: str
    mine: str
    theirs: str


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
    )


def _in_words(field: BoundField, value: str) -> str:
    """A code as the page says it; words stay as they are."""
    labels = {str(code): str(label) for code, label in getattr(field.field, "choices", ())}
    return labels.get(value, value)
