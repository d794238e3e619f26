"""The chronology of a case return as a form: its lines, those begun, and an empty one."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms import BoundField

from agencies.forms import fields
from audits.domain.engagement import Line
from audits.models import EngagementEntry

PARTS = ("began", "ended", "words")
BACKWARDS = "The end must not come before the beginning."
SENT = re.compile(r"entry_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_words")
MOST = 200
"""Lines that one page may begin: more is no chronology but a mistake."""


def entry_fields() -> dict[str, forms.Field]:
    return {
        "began": fields.DateField(label="From", required=False),
        "ended": fields.DateField(label="Until", required=False),
        "words": fields.TextField(label="What you did", required=False, rows=1),
    }


def entry_name(pk: UUID, part: str) -> str:
    return f"entry_{pk}_{part}"


class ChronologyForm(forms.Form):
    """`entries` are those that are there, in order. An empty line waits below them."""

    hide_optional = True

    def __init__(self, *args: Any, entries: Sequence[EngagementEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = {each.pk: Line.of(each) for each in entries}
        self.there = set(there)
        self.lines: dict[UUID, Line] = {**there, **dict.fromkeys(self._begun(there), Line())}
        if not self.is_bound or len(self.lines) == len(there):
            self.lines[uuid4()] = Line()
        for pk, line in self.lines.items():
            self._add(pk, line)

    def _begun(self, there: Mapping[UUID, Line]) -> list[UUID]:
        """Lines that the page began, under ids of its own."""
        found = [UUID(match[1]) for name in self.data if (match := SENT.fullmatch(name))]
        return [pk for pk in found if pk not in there][:MOST]

    def _add(self, pk: UUID, line: Line) -> None:
        values = (line.began, line.ended, line.words)
        for (part, field), value in zip(entry_fields().items(), values, strict=True):
            self.fields[entry_name(pk, part)] = field
            self.initial[entry_name(pk, part)] = value

    def clean(self) -> None:
        for pk in self.lines:
            began = self.cleaned_data.get(entry_name(pk, "began"))
            ended = self.cleaned_data.get(entry_name(pk, "ended"))
            if began and ended and ended < began:
                self.add_error(entry_name(pk, "ended"), BACKWARDS)

    @property
    def boxes(self) -> list[tuple[UUID, bool, list[BoundField]]]:
        """Id, whether it is there already, and the three fields of each line."""
        return [
            (pk, pk in self.there, [self[entry_name(pk, part)] for part in PARTS])
            for pk in self.lines
        ]

    def drafts(self) -> dict[UUID, Line]:
        """What was typed; call when valid. A line that was not sent at all is left alone."""
        said = self.cleaned_data
        return {
            pk: Line(*(said[entry_name(pk, part)] for part in PARTS))
            for pk in self.lines
            if entry_name(pk, "words") in self.data
        }
