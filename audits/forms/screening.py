"""Deciding, line by line, about words that may say who somebody is."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from agencies.forms import fields
from agencies.models import User
from audits.domain.clearing import Clearing, is_certain
from audits.domain.screened import AT_ONCE, Screener, ScreeningDownError
from audits.domain.telling import hits_for
from audits.forms.answers import as_stored
from audits.forms.sent import SentForm
from audits.models import ScreeningDecision
from audits.reading.screening import Line
from audits.screening import Hit
from audits.screening.numbers import as_typed
from audits.screening.registry import RULES

Why = ScreeningDecision.Why
IN_PASSING = [choice for choice in Why.choices if choice[0] != Why.OTHER]
ALONE = [("", "Nobody has decided"), (Why.OTHER.value, "Something else, which I say here")]


@dataclass(frozen=True)
class Reader:
    """Who is told what was found."""

    user: User
    may_look: bool
    """At the identities of the audit, now."""


def found_in(
    sent: SentForm, standing: Collection[str], screener: Screener, reader: Reader
) -> dict[str, list[dict[str, Any]]] | None:
    """What stands undecided in each box of prose or of a number, for the page's script.

    Only of texts that now stand in the return, whose keys are `standing`: nobody is told of words
    that were not saved. None where screening could not run: the words are saved all the same.
    """
    boxes = {
        name: _words(sent.form.cleaned_data[name])
        for name, each in sent.named.items()
        if isinstance(each.field, forms.CharField | forms.DecimalField)
        and name in sent.form.cleaned_data
        and each.key in standing
    }
    if sum(map(len, boxes.values())) > AT_ONCE:
        return None
    return _heard(boxes, screener, reader)


def standing_in(
    texts: Iterable[Mapping[str, str]], screener: Screener, reader: Reader
) -> dict[str, list[dict[str, Any]]] | None:
    """The same for a page that was just opened: of what stands, each text as the words in its
    boxes, as far as one request screens."""
    boxes: dict[str, str] = {}
    left = AT_ONCE
    for text in texts:
        said = {name: words for name, words in text.items() if words}
        left -= sum(map(len, said.values()))
        if left >= 0:
            boxes |= said
    return _heard(boxes, screener, reader)


def _heard(
    boxes: Mapping[str, str], screener: Screener, reader: Reader
) -> dict[str, list[dict[str, Any]]] | None:
    try:
        hearing = screener if reader.may_look else screener.without_names()
        found = hits_for(hearing, boxes, by=reader.user)
    except ScreeningDownError:
        return None
    return {name: [_told(hit, reader) for hit in hits] for name, hits in found.items()}


def _words(value: object) -> str:
    return as_typed(as_stored(value)) if isinstance(value, Decimal) else as_stored(value)


def _told(hit: Hit, reader: Reader) -> dict[str, Any]:
    certain = is_certain(hit.rule, may_look=reader.may_look)
    return {"rule": hit.rule, "words": hit.text, "why": hit.why, "certain": certain}


class ConfirmForm(forms.Form):
    """That somebody looked at words beside the box in which they wrote them."""

    rule = forms.ChoiceField(choices=[(code, code) for code in RULES])
    words = forms.CharField(max_length=500)
    why = forms.ChoiceField(choices=IN_PASSING)


class ClearForm(forms.Form):
    """Two fields a line. A line that nobody chose for stays as it is, unless all are asked for.

    One that is certain has them for whoever `answers` for the words, and needs a reason.
    """

    hide_optional = True

    def __init__(
        self,
        *args: Any,
        lines: list[Line],
        answers: bool = True,
        asks_all: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shown, self.asks_all = lines, asks_all
        self.lines = [line for line in lines if answers or not line.is_certain]
        for line in self.lines:
            self.fields[f"why_{line.key}"] = fields.ChoiceField(
                label=f"What is “{line.words}”?",
                choices=ALONE if line.is_certain else Why.choices,
                required=False,
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

    def rows(self) -> Iterator[tuple[Line, BoundField | None, BoundField | None]]:
        for line in self.shown:
            asked = line in self.lines
            why, reason = f"why_{line.key}", f"reason_{line.key}"
            yield line, self[why] if asked else None, self[reason] if asked else None

    @staticmethod
    def reasons_in(sent: Mapping[str, str]) -> list[str]:
        """Whatever was typed, also of lines that are no longer asked about."""
        reasons = (words.strip() for name, words in sent.items() if name.startswith("reason_"))
        return list(filter(None, reasons))

    def clearings(self) -> list[Clearing]:
        said = self.cleaned_data
        return [
            Clearing(
                line.rule, line.words, Why(said[f"why_{line.key}"]), said[f"reason_{line.key}"]
            )
            for line in self.lines
            if said[f"why_{line.key}"]
        ]
