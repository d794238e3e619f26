from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from agencies.forms.fields import ChoiceField
from agencies.models import AccessReviewLine
from agencies.reading.access_review import Row

Decision = AccessReviewLine.Decision
KEEP, END = (Decision.CONFIRMED.value, "Keep"), (Decision.ENDED.value, "End")


class AccessReviewForm(forms.Form):
    """A decision about each role; all of them are needed only to complete the review."""

    def __init__(self, *args: Any, rows: Iterable[Row], whole: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[row.key] = ChoiceField(
                label=row.whose,
                choices=[KEEP, END] if row.can_end else [KEEP],
                initial=row.decision,
                required=whole,
                error_messages={
                    "required": f"Decide about {row.whose}.",
                    "invalid_choice": "Only a system administrator can end this role.",
                },
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [{"row": row, "field": self[row.key]} for row in self.rows]

    @property
    def ending(self) -> list[Row]:
        return [row for row in self.rows if self.cleaned_data.get(row.key) == Decision.ENDED]

    @property
    def decisions(self) -> dict[UUID, str]:
        """What was decided, by the id of the role."""
        given = ((row.membership.pk, self.cleaned_data.get(row.key)) for row in self.rows)
        return {pk: decision for pk, decision in given if decision}
