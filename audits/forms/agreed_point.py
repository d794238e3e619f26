from typing import Any

from django import forms

from agencies.forms import fields
from audits.domain.points import as_lines
from audits.forms.choices import choose_from
from audits.forms.revisioned import RevisionedForm
from audits.models import Case, PointKind


class NewPointsForm(forms.Form):
    """What is said at the meeting, one point a line."""

    case = forms.ModelChoiceField(
        queryset=Case.objects.none(), required=False, widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(choices=PointKind, widget=forms.HiddenInput)
    text = fields.TextField(
        label="New point", error_messages={"required": "Type what was said, one point a line."}
    )

    def __init__(self, *args: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "case", cases)

    def clean_text(self) -> list[str]:
        lines = as_lines(self.cleaned_data["text"])
        if not lines:
            raise forms.ValidationError("Type what was said, one point a line.")
        return lines

    def room(self) -> tuple[Case | None, str]:
        """The case, or None for the audit as a whole, and the kind; also of a form with errors."""
        self.full_clean()
        kind = self.cleaned_data.get("kind", PointKind.WENT_WELL)
        return self.cleaned_data.get("case"), str(kind)

    def complaint(self) -> str:
        return " ".join(str(text) for texts in self.errors.values() for text in texts)


class PlacePointForm(forms.Form):
    """One press of a button on a point: what to do with it, under which kind."""

    DOES = [(name, name) for name in ("adopt", "take-out", "up", "down")]

    do = forms.ChoiceField(choices=DOES)
    kind = forms.ChoiceField(choices=PointKind)


class AdoptAllForm(forms.Form):
    case = forms.ModelChoiceField(queryset=Case.objects.none(), required=False)
    kind = forms.ChoiceField(choices=PointKind)

    def __init__(self, *args: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "case", cases)


class RewordPointForm(RevisionedForm):
    text = fields.TextField(label="Point", error_messages={"required": "Write the point."})
