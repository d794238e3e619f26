"""Picking points of the case returns for the summative report."""

from typing import Any

from django import forms

from agencies.forms import fields
from audits.models import PointKind
from audits.reading.picking import PickingPage

KINDS = [
    (PointKind.WENT_WELL.value, "Works well"),
    (PointKind.CAN_BE_IMPROVED.value, "Needs to improve"),
]


class NarrowForm(forms.Form):
    """Which points are shown; lives in the address."""

    hide_optional = True
    kind = fields.SelectField(label="Kind", required=False)
    theme = fields.SelectField(label="Learning theme", required=False)
    case = fields.SelectField(label="Case", required=False)

    def __init__(self, *args: Any, page: PickingPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("kind", page.kinds), ("theme", page.themes), ("case", page.cases)):
            field = self.fields[name]
            if isinstance(field, fields.SelectField):
                field.choices = [("", "All"), *choices]


class PickForm(forms.Form):
    """The points ticked, by id, and the list they go to."""

    points = forms.TypedMultipleChoiceField(
        error_messages={"required": "Tick at least one point."},
    )
    to = forms.ChoiceField(choices=KINDS)

    def __init__(self, *args: Any, page: PickingPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [str(row.point.pk) for block in page.blocks for row in block.rows]
        points = self.fields["points"]
        if isinstance(points, forms.MultipleChoiceField):
            points.choices = [(pk, pk) for pk in ids]
