"""Deciding, line by line, about words that may say who somebody is."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField

from agencies.forms import fields
from audits.domain.clearing import Clearing
from audits.domain.screened import Screener, ScreeningDownError
from audits.forms.sent import SentForm
from audits.models import ScreeningDecision
from audits.reading.screening import Line
from audits.screening import Hit
from audits.screening.registry import RULES

Why = ScreeningDecision.Why


def found_in(sent: SentForm, screener: Screener) -> dict[str, list[dict[str, str]]] | None:
    """What stands undecided in each box of prose that was sent, for the page's script.

    None where screening could not run: the words are saved all the same.
    """
    boxes = {
        name: str(sent.form.cleaned_data[name])
        for name, each in sent.named.items()
        if isinstance(each.field, forms.CharField) and name in sent.form.cleaned_data
    }
    try:
        return {name: [_told(hit) for hit in screener.flags(text)] for name, text in boxes.items()}
    except ScreeningDownError:
        return None


def _told(hit: Hit) -> dict[str, str]:
    return {"rule": hit.rule, "words": hit.text, "why": hit.why}


class ConfirmForm(forms.Form):
    """That somebody looked at words beside the box in which they wrote them."""

    rule = forms.ChoiceField(choices=[(code, code) for code in RULES])
    words = forms.CharField(max_length=500)
    why = forms.ChoiceField(choices=Why.choices)


class ClearForm(forms.Form):
    """Two fields a line. A line that nobody chose for stays as it is, unless all are asked for."""

    hide_optional = True

    def __init__(
        self, *args: Any, lines: list[Line], asks_all: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.asks_all = lines, asks_all
        for line in lines:
            self.fields[f"why_{line.key}"] = fields.ChoiceField(
                label=f"What is “{line.words}”?", choices=Why.choices, required=False
            )
            self.fields[f"reason_{line.key}"] = fields.CharField(
                label="What it is, without repeating it",
                required=False,
                max_length=200,
                follows=(f"why_{line.key}", [Why.OTHER]),
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for line in self.lines:
            if self.asks_all and not values.get(f"why_{line.key}"):
                self.add_error(f"why_{line.key}", f"Reword “{line.words}”, or say what it is.")
            reason = values.get(f"reason_{line.key}", "").strip()
            if values.get(f"why_{line.key}") == Why.OTHER and not reason:
                self.add_error(f"reason_{line.key}", f"Say what “{line.words}” is.")
            if line.words.casefold() in reason.casefold():
                self.add_error(
                    f"reason_{line.key}",
                    "Say what it is without these words: the reason is kept, they are not.",
                )
        return values

    def rows(self) -> Iterator[tuple[Line, BoundField, BoundField]]:
        for line in self.lines:
            yield line, self[f"why_{line.key}"], self[f"reason_{line.key}"]

    def clearings(self) -> list[Clearing]:
        said = self.cleaned_data
        return [
            Clearing(
                line.rule, line.words, Why(said[f"why_{line.key}"]), said[f"reason_{line.key}"]
            )
            for line in self.lines
            if said[f"why_{line.key}"]
        ]
