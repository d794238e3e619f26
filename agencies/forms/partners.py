from typing import Any

from django import forms

from agencies.forms.fields import CharField, ChoiceField, SelectField
from agencies.models import Agency, Body, Partnership


class ShortNameForm(forms.Form):
    """Names of an agency or a body; the short one is used once in its partnership."""

    model: type[Agency] | type[Body]

    name = CharField(max_length=200, width="full")
    short_name = CharField(
        max_length=40,
        width="10",
        help_text="What everybody calls it: it stands in tables and charts. For example “Police”.",
    )

    def __init__(
        self, *args: Any, partnership: Partnership, row: Agency | Body | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.row = row
        if row is not None:
            self.initial = {name: getattr(row, name) for name in self.fields}

    def clean_short_name(self) -> str:
        short_name: str = self.cleaned_data["short_name"]
        others = self.model._default_manager.filter(
            partnership=self.partnership, short_name__iexact=short_name
        )
        if self.row is not None:
            others = others.exclude(pk=self.row.pk)
        if others.exists():
            raise forms.ValidationError("This short name is taken. Choose another.")
        return short_name


class AgencyForm(ShortNameForm):
    model = Agency

    kind = SelectField(choices=[("", "Choose one"), *Agency.Kind.choices])
    contributor_noun = CharField(
        label="What its contributors are called",
        max_length=60,
        width="20",
        required=False,
        help_text="Only for an agency that gathers answers from many like it: for example "
        "“GP practice” or “school”.",
    )
    contributor_noun_plural = CharField(
        label="The same in the plural", max_length=60, width="20", required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        one, many = cleaned.get("contributor_noun"), cleaned.get("contributor_noun_plural")
        if one and not many:
            self.add_error("contributor_noun_plural", "Give the plural too: for example “schools”.")
        if many and not one:
            self.add_error("contributor_noun", "Give the singular too: for example “school”.")
        return cleaned


class BodyForm(ShortNameForm):
    model = Body

    STATES = [("yes", "In use"), ("no", "No longer in use")]

    active = ChoiceField(
        label="State",
        choices=STATES,
        inline=True,
        help_text="One no longer in use keeps its actions but is not offered for new ones.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row is None:
            del self.fields["active"]
        else:
            self.initial["active"] = "yes" if self.row.active else "no"

    def clean_active(self) -> bool:
        return bool(self.cleaned_data["active"] == "yes")
