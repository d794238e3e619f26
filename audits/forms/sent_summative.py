"""A few texts of the summative report, as its page's script sends them."""

import re
from collections.abc import Mapping
from copy import deepcopy

from django.http import QueryDict

from audits.domain import restorative
from audits.domain.restorative import RestorativeDraft
from audits.domain.summative import Saved, SummativeDraft
from audits.forms.agency_return import OverviewForm, RestorativeActionForm
from audits.forms.sent import Named, SentForm, fields_of

ROW = re.compile(r"actions-(\d+)-(pk|text|owner|due_on|measure)")
PARTS = ("text", "owner", "due_on", "measure")
SAY_IT = "Say what will be done, or clear the line."


class SentSummative(SentForm):
    """A new action's line has no key until it is saved; `named` tells the page its number."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        found = {int(match[1]) for name in data if (match := ROW.fullmatch(name))}
        self.rows = {number: self._pk(number) for number in sorted(found)}

    def _pk(self, number: int) -> int | None:
        raw = self.data.get(f"actions-{number}-pk", "")
        return int(raw) if raw.isdecimal() and len(raw) < 18 else None

    def _key(self, number: int) -> str:
        pk = self.rows[number]
        return f"row:{number}" if pk is None else restorative.key_of(pk)

    def summative_draft(self) -> SummativeDraft:
        self.bind(self._named_overview() | self.named_points() | self._named_actions())
        self._check_actions()
        good = self.good
        there, begun = self.points(good)
        draft = SummativeDraft(
            overview=good.get("overview", ""),
            points=there,
            begun=begun,
            actions=self._actions(),
            only={self.named[name].key for name in good},
        )
        self.said = draft.texts()
        return draft

    def _named_overview(self) -> dict[str, Named]:
        if "overview" not in self.data:
            return {}
        return {"overview": Named("overview", deepcopy(OverviewForm.base_fields["overview"]))}

    def _named_actions(self) -> dict[str, Named]:
        return {
            f"actions-{number}-{part}": Named(
                self._key(number), deepcopy(RestorativeActionForm.base_fields[part])
            )
            for number in self.rows
            for part in PARTS
        }

    def _check_actions(self) -> None:
        said = self.form.cleaned_data
        for number in self.rows:
            about = [said.get(f"actions-{number}-{part}") for part in PARTS]
            if any(about[1:]) and not about[0]:
                self.form.add_error(f"actions-{number}-text", SAY_IT)

    def _drafts(self) -> dict[int, RestorativeDraft]:
        good = self.good
        return {
            number: RestorativeDraft(pk, *(good[f"actions-{number}-{part}"] for part in PARTS))
            for number, pk in self.rows.items()
            if f"actions-{number}-text" in good
        }

    def refuse(self, refused: Mapping[str, str]) -> None:
        super().refuse(refused)
        self.strange = self.strange | {
            f"actions-{number}-text": refused[restorative.row_of(draft)]
            for number, draft in self._drafts().items()
            if draft.pk is None and restorative.row_of(draft) in refused
        }

    def _actions(self) -> list[RestorativeDraft]:
        return list(self._drafts().values())

    def values_of(self, key: str, words: str) -> dict[str, str]:
        return (
            self.boxes_of(key, words)
            if key.startswith("action:")
            else super().values_of(key, words)
        )

    def boxes_of(self, key: str, words: str) -> dict[str, str]:
        """What the fields of a text would hold if it said this, sent or not; none for an action
        whose line the page does not have."""
        if not key.startswith("action:"):
            return fields_of(key, words, {})
        values = RestorativeDraft.parse(None, words).values()
        return {
            f"actions-{number}-{name}": str(values[name] or "")
            for number in self.rows
            if self._key(number) == key
            for name in PARTS
        }

    def made(self, saved: Saved) -> dict[str, int]:
        """The number each new line got, by the line's place on the page."""
        by_words = {
            each.words: int(each.key.partition(":")[2])
            for each in saved.said
            if each.key.startswith("action:") and not each.shape
        }
        there = {each.words: key for key, each in saved.texts.items() if key.startswith("action:")}
        by_words |= {words: int(key.partition(":")[2]) for words, key in there.items()}
        return {
            str(number): by_words[str(draft)]
            for number, draft in self._drafts().items()
            if draft.pk is None and str(draft) in by_words
        }
