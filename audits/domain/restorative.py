"""What an agency will put right itself: each action a text of several lines, written as one."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.utils.formats import date_format

from audits.domain.drafts import Text, raise_revision
from audits.domain.revisions import Kept
from audits.models import AgencyReturn, RestorativeAction

DAY = "j F Y"
WRITTEN = re.compile(
    r"(?P<text>.*?)(\nBy whom: (?P<owner>[^\n]*))?(\nBy when: (?P<due_on>\d+ \w+ \d{4}))?"
    r"(\nHow we will know: (?P<measure>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True)
class RestorativeDraft:
    """`pk` is None for a new one; empty text with a pk takes it out."""

    pk: int | None
    text: str
    owner: str = ""
    due_on: date | None = None
    measure: str = ""

    def values(self) -> dict[str, Any]:
        """As the row holds it, by the names of its fields."""
        return {
            "text": self.text.strip(),
            "owner": self.owner.strip(),
            "due_on": self.due_on,
            "measure": self.measure.strip(),
        }

    def __str__(self) -> str:
        """As one text, for conflicts and revisions; none without something to do."""
        if not self.text.strip():
            return ""
        lines = [self.text.strip()]
        if self.owner.strip():
            lines.append(f"By whom: {self.owner.strip()}")
        if self.due_on:
            lines.append(f"By when: {date_format(self.due_on, DAY)}")
        if self.measure.strip():
            lines.append(f"How we will know: {self.measure.strip()}")
        return "\n".join(lines)

    @classmethod
    def of(cls, action: RestorativeAction) -> Self:
        return cls(action.pk, action.text, action.owner, action.due_on, action.measure)

    @classmethod
    def parse(cls, pk: int | None, words: str) -> Self:
        """What `str` wrote."""
        found = WRITTEN.fullmatch(words)
        said = found.groupdict(default="") if found else {"text": words}
        due_on = said.get("due_on")
        return cls(
            pk,
            said["text"],
            said.get("owner", ""),
            datetime.strptime(due_on, "%d %B %Y").date() if due_on else None,  # noqa: DTZ007
            said.get("measure", ""),
        )


def key_of(pk: int | None) -> str:
    return f"action:{pk}"


def row_of(draft: RestorativeDraft) -> str:
    """The key of a new one, which has no number yet."""
    return f"row:{draft}"


def texts(actions: Iterable[RestorativeAction]) -> dict[str, Text]:
    return {
        key_of(each.pk): Text(str(RestorativeDraft.of(each)), each.revision) for each in actions
    }


def words_after(
    drafts: Iterable[RestorativeDraft], there: Mapping[int, RestorativeAction]
) -> dict[int, str]:
    """What those that stay say once these are written, by their numbers; new ones apart."""
    before = {pk: str(RestorativeDraft.of(row)) for pk, row in there.items()}
    said = before | {draft.pk: str(draft) for draft in drafts if draft.pk is not None}
    return {pk: words for pk, words in said.items() if words}


def write(
    agency_return: AgencyReturn,
    drafts: Collection[RestorativeDraft],
    there: Mapping[int, RestorativeAction],
) -> list[Kept]:
    """Change, make and take out; for a save that holds the lock and has settled conflicts.

    A new one that says word for word what another says is that one: it was sent twice. Returns
    what was written, that of new ones under their new keys.
    """
    staying = words_after(drafts, there)
    by_words = {words: there[pk] for pk, words in staying.items() if pk in there}
    said = []
    for draft in drafts:
        row = there.get(draft.pk) if draft.pk is not None else by_words.get(str(draft))
        if row is None and str(draft):
            row = _make(agency_return, draft)
            by_words[str(draft)] = row
            said.append(Kept(key_of(row.pk), str(draft), row.revision))
        elif row is not None and not str(draft):
            was = str(RestorativeDraft.of(row))
            said.append(Kept(key_of(row.pk), was, row.revision + 1, shape={"removed": True}))
            row.delete()
        elif row is not None and draft.pk is not None:
            raise_revision(row, **draft.values())
            said.append(Kept(key_of(row.pk), str(draft), row.revision))
    return said


def _make(agency_return: AgencyReturn, draft: RestorativeDraft) -> RestorativeAction:
    """One that was taken out, and that its writer wants all the same, keeps its number."""
    last = agency_return.restorative_actions.order_by("position").last()
    was_here = agency_return.revisions.filter(key=key_of(draft.pk)).exists()
    return RestorativeAction.objects.create(
        pk=draft.pk if was_here else None,
        agency_return=agency_return,
        position=last.position + 1 if last else 0,
        revision=1,
        **draft.values(),
    )
