"""What a person is told when Django's own message would only say that something is wrong.

Django's messages are kept where a form wrote its own. Beside the field the words stand
alone ("Choose an answer"); in the summary they follow the question they belong to.
"""

from collections.abc import Iterator
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.forms import BoundField

from agencies.forms.widgets import field_kind

MISSING = {
    "radios": "Choose an answer",
    "select": "Choose an answer",
    "checkboxes": "Choose at least one",
    "checkbox": "Tick this box to go on",
    "file": "Choose a file",
}
UNREADABLE: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.DateTimeField, "Enter a date and a time, such as 27/3/2026 14:30"),
    (forms.DateField, "Enter a date that exists, such as 27/3/2026"),
    (forms.TimeField, "Enter a time, such as 14:30"),
    (forms.FloatField, "Enter a number, such as 12.5"),
    (forms.DecimalField, "Enter a number, such as 12.5"),
    (forms.IntegerField, "Enter a whole number, such as 12"),
    (forms.EmailField, "Enter an e-mail address, such as name@agency.example"),
    (forms.URLField, "Enter a web address, such as https://agency.example"),
)
LIMITS = {
    "max_length": "Shorten this to {limit_value} characters or fewer: it has {show_value}",
    "min_length": "Write at least {limit_value} characters: there are {show_value}",
    "max_value": "Enter {limit_value} or less",
    "min_value": "Enter {limit_value} or more",
}


def field_errors(bound: BoundField) -> list[tuple[str, bool]]:
    """Each error's words, and whether they only make sense beside their question."""
    return [words for error in bound.errors.as_data() for words in _words(bound, error)]


def with_question(bound: BoundField, text: str) -> str:
    label = str(bound.label).strip()
    if label.endswith(("?", ".", ":")):
        return f"{label} {text}"
    return f"{label}: {text[:1].lower()}{text[1:]}"


def _words(bound: BoundField, error: ValidationError) -> Iterator[tuple[str, bool]]:
    own = _instruction(bound, error)
    if own:
        yield own, True
        return
    for text in error.messages:
        yield text, False


def _instruction(bound: BoundField, error: ValidationError) -> str:
    code = str(error.code or "")
    if code in LIMITS and error.params and code not in bound.field.error_messages:
        return LIMITS[code].format_map(dict(error.params))
    if str(error.message) not in _django_messages():
        return ""
    if code == "required":
        return _missing(bound)
    if code in {"invalid_choice", "invalid_pk_value", "invalid_list"}:
        return "Choose one of the answers offered"
    return next((text for type_, text in UNREADABLE if isinstance(bound.field, type_)), "")


def _missing(bound: BoundField) -> str:
    if isinstance(bound.field, forms.DateField):
        return "Enter a date"
    if isinstance(bound.field.widget, forms.PasswordInput):
        return "Enter your password"
    return MISSING.get(field_kind(bound), "Fill this in")


@cache
def _django_messages() -> frozenset[str]:
    fields: tuple[type[forms.Field], ...] = (
        forms.Field,
        forms.CharField,
        forms.ChoiceField,
        forms.MultipleChoiceField,
        forms.ModelChoiceField,
        forms.ModelMultipleChoiceField,
        *(type_ for type_, _ in UNREADABLE),
    )
    written = {str(text) for type_ in fields for text in type_.default_error_messages.values()}
    return frozenset(written | {str(EmailValidator.message), str(URLValidator.message)})
