"""The first step of an agency's return as a form: one choice a case, and how it was checked."""

from collections.abc import Iterable
from html import escape
from typing import Any
from uuid import UUID

from django import forms
from django.utils.safestring import SafeString, mark_safe

from agencies.forms import fields
from audits.domain.knowing import Told
from audits.models import CaseReturn, CaseReturnStage, Known

SHORT = {
    Known.CHILD: "The child",
    Known.SIBLING: "A sibling",
    Known.CARER: "A carer",
    Known.NO: "Not known",
    Known.UNSURE: "Can’t tell yet",
}
HOW_CHECKED = (
    "For example: “Searched our records by name and date of birth, both parents included.” "
    "Say how, not who. Asked once, for all of them."
)
OUT_OF_DATE = "This page is out of date. Load it again."


class KnownForm(forms.Form):
    """`known_<number>` and what the page had shown, `seen_<number>`, for each case.

    A case that was not sent stays as it is, so one row can be saved by itself.
    """

    how_checked = fields.TextField(
        label="How did you check those that are not known?",
        help_text=HOW_CHECKED,
        required=False,
        rows=2,
        error_messages={"required": "Say how you checked."},
    )
    hide_optional = True

    def __init__(self, *args: Any, case_returns: Iterable[CaseReturn], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(case_returns)
        for row in self.rows:
            if row.stage != CaseReturnStage.COMPLETE:
                number = row.case.number
                self.fields[f"known_{number}"] = forms.ChoiceField(
                    choices=[("", ""), *Known.choices], required=False, label=str(row.case)
                )
                self.fields[f"seen_{number}"] = forms.ChoiceField(
                    choices=[("", ""), *Known.choices],
                    required=False,
                    widget=forms.HiddenInput,
                    error_messages={"invalid_choice": OUT_OF_DATE},
                )

    def require_how(self) -> None:
        self.fields["how_checked"].required = True

    def told(self) -> dict[UUID, Told]:
        """What was sent, by case return; call when valid."""
        said = self.cleaned_data
        return {
            row.pk: Told(said[f"known_{number}"], said[f"seen_{number}"])
            for row in self.rows
            if f"known_{(number := row.case.number)}" in self.fields
            and (f"known_{number}" in self.data or f"seen_{number}" in self.data)
        }

    @property
    def lines(self) -> list[SafeString]:
        """Each case as a line of choices, joined in Python: forty of them are 200 buttons."""
        return [self._line(row) for row in self.rows]

    def _line(self, row: CaseReturn) -> SafeString:
        number, said = row.case.number, self._said(row)
        done = row.stage == CaseReturnStage.COMPLETE
        target = f' id="id_known_{number}"'
        choices = "".join(
            f'<label class="maca-know__choice maca-know__choice--{value}">'
            f'<input class="maca-know__input" type="radio" name="known_{number}" value="{value}"'
            f"{target if value == Known.CHILD else ''}"
            f"{' checked' if value == said else ''}{' disabled' if done else ''}>"
            f'<span class="maca-know__label">{escape(SHORT[value])}</span></label>'
            for value in Known
        )
        seen = "" if done else f'<input type="hidden" name="seen_{number}" value="{row.known}">'
        return mark_safe(  # noqa: S308 - numbers, codes and the code's own words
            f'<li class="maca-know__line"><fieldset class="maca-know__case" data-maca-known'
            f' id="case-{number}">'
            f'<legend class="maca-know__number">{escape(str(row.case))}</legend>'
            f'{self._error(number)}<div class="maca-know__choices">{choices}</div>{seen}</fieldset>'
            f'<p class="maca-know__state" data-maca-known-state>{self.state_of(row)}</p></li>'
        )

    def _error(self, number: int) -> str:
        wrong = " ".join(map(str, self.errors.get(f"known_{number}", [])))
        return f'<p class="govuk-error-message">{escape(wrong)}</p>' if wrong else ""

    def _said(self, row: CaseReturn) -> str:
        if self.is_bound:
            return str(self.data.get(f"known_{row.case.number}", row.known))
        return row.known

    @staticmethod
    def state_of(row: CaseReturn) -> str:
        """In a few words what follows for the case; empty where that is plain."""
        if row.stage == CaseReturnStage.COMPLETE:
            return "Audit complete"
        if row.stage == CaseReturnStage.NOT_KNOWN:
            return "Returned"
        if row.known == Known.NO:
            return "Say how you checked"
        return "Begun" if row.stage == CaseReturnStage.IN_PROGRESS else ""
