"""Form fields that say how they look.

They are Django's fields with a few more keyword arguments, all optional:

`label_size` s, m or l; `width` 2, 3, 4, 5, 10, 20, 30 (letters) or full; `prefix` and
`suffix` beside an input; `rows` and `max_words` of a text area; `inline` radios or
checkboxes in one row; `choice_hints` a dict of value to a line under that choice;
`hint_from` the same for a model, a function of the object; `follows` a pair (name of
another field, answers that call for this one): it is hidden until then if scripts run,
and always shown if not.

A text area keeps up to its `longest` many characters and says beside it when there are more. Its
`max_length` would have the browser cut off what is pasted.
"""

from typing import TYPE_CHECKING, Any

from django import forms

from agencies.forms import typed

if TYPE_CHECKING:
    _ModelChoice = forms.ModelChoiceField[Any]
    _ModelMultipleChoice = forms.ModelMultipleChoiceField[Any]
else:  # only the type checker knows these as generic
    _ModelChoice = forms.ModelChoiceField
    _ModelMultipleChoice = forms.ModelMultipleChoiceField

LOOK = (
    "label_size",
    "width",
    "prefix",
    "suffix",
    "rows",
    "max_words",
    "inline",
    "choice_hints",
    "hint_from",
    "follows",
)

FIRST_YEAR, LAST_YEAR = 1900, 2199
LONGEST = 20_000
"""Characters of one text: seven pages, where an agency's account of a case takes one or two."""


class Look(forms.Field):
    """Takes the arguments about look off before Django sees the rest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        for name in LOOK:
            if name in kwargs:
                setattr(self, name, kwargs.pop(name))
        super().__init__(*args, **kwargs)


class CharField(Look, forms.CharField):
    pass


class TitleField(CharField):
    """One line that is printed or stands in a mail: looked through for names as prose is."""

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        typed.note(said)
        return said


class EmailField(Look, forms.EmailField):
    pass


class URLField(Look, forms.URLField):
    pass


LARGEST = 2**31 - 1


class IntegerField(Look, forms.IntegerField):
    """No larger than a column of the database holds, unless it is to be smaller."""

    width = "5"

    def __init__(self, *, max_value: int = LARGEST, **kwargs: Any) -> None:
        super().__init__(max_value=max_value, **kwargs)


class DecimalField(Look, forms.DecimalField):
    """Looked through too, as it was typed: numbers say who somebody is."""

    width = "5"

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        typed.note(str(value or "").strip())
        return said


class FileField(Look, forms.FileField):
    pass


class TextField(Look, forms.CharField):
    """Several lines of prose. Whatever is typed into one is looked through for names."""

    widget = forms.Textarea

    def __init__(self, *args: Any, longest: int = LONGEST, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.longest = longest

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.max_length is None and len(value) > self.longest:
            raise forms.ValidationError(
                f"Shorten this to {self.longest:,} characters or fewer: it has {len(value):,}.",
                code="too_long",
            )

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        typed.note(said)
        return said


class DateField(Look, forms.DateField):
    """A day that somebody may mean: the day after the last there is cannot be reckoned with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"])
        super().__init__(*args, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
            # While a year is typed, browsers give what is there so far: the year 20, the year 202.
            raise forms.ValidationError("Give the year in full, such as 2025.")


class DateTimeField(Look, forms.DateTimeField):
    pass


class TimeField(Look, forms.TimeField):
    pass


class BooleanField(Look, forms.BooleanField):
    """One checkbox; `required=True` means that it must be ticked."""


class ChoiceField(Look, forms.ChoiceField):
    """Radio buttons: right for up to about seven choices."""

    widget = forms.RadioSelect


class SelectField(Look, forms.ChoiceField):
    """A drop-down: for long lists only."""


class MultipleChoiceField(Look, forms.MultipleChoiceField):
    """Boxes to tick; one that is said twice is ticked once."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(super().to_python(value)))


class ModelChoiceField(Look, _ModelChoice):
    """A drop-down of objects."""


class ModelRadiosField(Look, _ModelChoice):
    widget = forms.RadioSelect


class ModelMultipleChoiceField(Look, _ModelMultipleChoice):
    widget = forms.CheckboxSelectMultiple
