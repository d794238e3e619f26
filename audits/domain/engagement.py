"""An agency's chronology with a family: one line a spell, from when until when, and what."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from agencies.models import User
from audits.domain.drafts import Text, raise_revision
from audits.domain.revisions import Kept
from audits.models import CaseReturn, EngagementEntry

WRITTEN = re.compile(r"(\?|\d{4}-\d\d-\d\d) to (now|\d{4}-\d\d-\d\d): (.*)", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One line as typed. Without a beginning it is unfinished, without an end it goes on."""

    began: date | None = None
    ended: date | None = None
    words: str = ""

    @property
    def is_empty(self) -> bool:
        return self.began is None and self.ended is None and not self.words.strip()

    def __str__(self) -> str:
        """As one text, for conflicts and revisions: “2025-01-10 to now: Weekly visits.”"""
        if self.is_empty:
            return ""
        return f"{self.began or '?'} to {self.ended or 'now'}: {self.words.strip()}"

    @classmethod
    def parse(cls, text: str) -> "Line":
        """What `str` wrote. Raises ValueError for any other text."""
        if not text.strip():
            return cls()
        found = WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError("This is no line of a chronology.")
        began, ended, words = found.groups()
        return cls(
            None if began == "?" else date.fromisoformat(began),
            None if ended == "now" else date.fromisoformat(ended),
            words,
        )

    @classmethod
    def of(cls, entry: EngagementEntry) -> "Line":
        return cls(entry.began_on, entry.ended_on, entry.words)


def in_order(entries: Iterable[EngagementEntry]) -> list[EngagementEntry]:
    """By time, what is still going on after what ended; unfinished lines last."""
    return sorted(
        entries,
        key=lambda each: (each.began_on or date.max, each.ended_on or date.max, str(each.pk)),
    )


def key_of(pk: UUID) -> str:
    return f"entry:{pk}"


def texts(entries: Iterable[EngagementEntry]) -> dict[str, Text]:
    """Each line as one text under its key, for a page's basis and for conflicts."""
    return {key_of(each.pk): Text(str(Line.of(each)), each.revision) for each in entries}


def write(
    case_return: CaseReturn,
    *,
    lines: Mapping[UUID, Line],
    there: Mapping[UUID, EngagementEntry],
    by: User,
) -> list[Kept]:
    """Change lines that are there and make those that are not; returns what each now says.

    For a save that holds the case return's lock, has settled conflicts, and keeps the result.
    An id that belongs to another case return is passed over.
    """
    new = {pk: line for pk, line in lines.items() if pk not in there and not line.is_empty}
    taken = _taken(new)
    kept = []
    for pk, line in lines.items():
        if entry := there.get(pk):
            raise_revision(
                entry, began_on=line.began, ended_on=line.ended, words=line.words.strip()
            )
            kept.append(Kept(key_of(pk), str(line), entry.revision))
        elif pk in new and pk not in taken:
            _make(case_return, pk, line, by=by)
            kept.append(Kept(key_of(pk), str(line), 1))
    return kept


def _taken(new: Mapping[UUID, Line]) -> set[UUID]:
    if not new:
        return set()
    return set(EngagementEntry.objects.filter(pk__in=new).values_list("pk", flat=True))


def _make(case_return: CaseReturn, pk: UUID, line: Line, *, by: User) -> EngagementEntry:
    return EngagementEntry.objects.create(
        pk=pk,
        case_return=case_return,
        began_on=line.began,
        ended_on=line.ended,
        words=line.words.strip(),
        written_by=by,
        revision=1,
    )
