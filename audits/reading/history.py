"""What the texts of a return said before, text by text, sitting by sitting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, QuerySet

from agencies.models import User
from audits.comparing import Stretch, stretches
from audits.domain import case_texts, summative
from audits.domain.drafts import NO_TEXT, Basis, Text, digest
from audits.domain.leading import may_fill, may_lead
from audits.models import AgencyReturn, CaseReturn, ReturnStage, TextRevision
from audits.reading.text_names import TextNames

# One person's saves of one text belong together until they leave it alone for so long.
PAUSE = timedelta(minutes=20)


@dataclass(frozen=True)
class Listed:
    """One text in the list of those that have a history."""

    key: str
    label: str
    about: str
    saves: int
    last_at: datetime


@dataclass(frozen=True)
class Sitting:
    """What a text said when one person left it; `parts` is what they changed in it."""

    revision: TextRevision
    began: datetime
    saves: int
    words: str
    parts: list[Stretch]
    is_now: bool
    removed: bool

    @property
    def ended(self) -> datetime:
        return self.revision.at

    @property
    def who(self) -> str:
        return self.revision.by.name if self.revision.by else "Before its changes were kept"


def sittings(revisions: Iterable[TextRevision], *, every: bool) -> list[list[TextRevision]]:
    """A text's revisions in order, those of one sitting together; each alone if `every`.

    Words said once before begin a sitting: what was brought back does not hide what it replaced.
    """
    found: list[list[TextRevision]] = []
    said: set[str] = set()
    for each in revisions:
        fresh = each.words not in said
        if found and not every and fresh and _goes_on(found[-1][-1], each):
            found[-1].append(each)
        else:
            found.append([each])
        said.add(each.words)
    return found


def _goes_on(last: TextRevision, this: TextRevision) -> bool:
    same = last.by_id is not None and last.by_id == this.by_id
    plain = last.shape is None and this.shape is None
    alike = last.correction_id == this.correction_id
    return same and plain and alike and this.at - last.at < PAUSE


class HistoryPage:
    """Reads lazily, each part once. `home` is a case return, or a return for its summative
    report; `key` the text chosen, or the one changed last."""

    def __init__(
        self, home: CaseReturn | AgencyReturn, user: User, *, key: str, every: bool
    ) -> None:
        self.home = home
        self.user = user
        self.every = every
        self._wanted = key

    @property
    def case_return(self) -> CaseReturn | None:
        return self.home if isinstance(self.home, CaseReturn) else None

    @property
    def agency_return(self) -> AgencyReturn:
        return self.home.agency_return if isinstance(self.home, CaseReturn) else self.home

    @property
    def caption(self) -> str:
        return f"{self.agency_return.agency} · {self.agency_return.audit}"

    @property
    def _kept(self) -> QuerySet[TextRevision]:
        return TextRevision.objects.filter(
            agency_return=self.agency_return, case_return=self.case_return
        )

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        counted = self._kept.order_by().values("key")
        return [dict(row) for row in counted.annotate(saves=Count("pk"), last_at=Max("at"))]

    @cached_property
    def _names(self) -> TextNames:
        return TextNames(self.agency_return, (row["key"] for row in self._rows))

    @cached_property
    def texts(self) -> list[Listed]:
        names = self._names
        rows = sorted(self._rows, key=lambda row: names.place(row["key"]))
        return [
            Listed(
                row["key"],
                names.label(row["key"]),
                names.about(row["key"]),
                row["saves"],
                row["last_at"],
            )
            for row in rows
        ]

    @cached_property
    def chosen(self) -> Listed | None:
        asked = next((each for each in self.texts if each.key == self._wanted), None)
        return asked or max(self.texts, key=lambda each: each.last_at, default=None)

    @cached_property
    def _now(self) -> Text:
        """What the chosen text says at present."""
        if self.chosen is None:
            return NO_TEXT
        if isinstance(self.home, CaseReturn):
            texts = case_texts.standing(self.home).texts
        else:
            actions = self.home.restorative_actions.all()
            returned = summative.summative_points(self.home).values()
            texts = summative.summative_texts(self.home, returned, actions)
        return texts.get(self.chosen.key, NO_TEXT)

    @property
    def basis(self) -> str:
        """For bringing something back: what its reader has seen the text say."""
        if self.chosen is None:
            return ""
        seen = self._now if self._now is not NO_TEXT else Text("", 0)
        return str(Basis.of({self.chosen.key: seen}))

    @property
    def sittings(self) -> list[Sitting]:
        """Of the chosen text, the last first."""
        if self.chosen is None:
            return []
        rows = self._kept.filter(key=self.chosen.key).select_related("by").order_by("at", "pk")
        groups = sittings(rows, every=self.every)
        before = groups[0][0].words if groups and groups[0][0].by_id is None else ""
        found: list[Sitting] = []
        for group in groups:
            found.append(self._sitting(group, before, is_last=group is groups[-1]))
            before = "" if group[-1].shape is not None else group[-1].words
        return found[::-1]

    def _sitting(self, group: Sequence[TextRevision], before: str, *, is_last: bool) -> Sitting:
        last = group[-1]
        removed = last.shape is not None
        key = last.key
        old, new = self._names.read(key, before), self._names.read(key, last.words)
        return Sitting(
            revision=last,
            began=group[0].at,
            saves=len(group),
            words=new,
            parts=[Stretch(new, "old")] if removed else stretches(old, new),
            is_now=is_last and not removed and digest(last.words) == digest(self._now.words),
            removed=removed,
        )

    @property
    def may_bring_back(self) -> bool:
        """Whether the return, and this part of it, is still open to this person's writing."""
        if self.agency_return.stage != ReturnStage.OPEN:
            return False
        row = self.case_return
        if row is None:
            return may_lead(self.agency_return, self.user)
        return not (row.is_finished or row.case.is_withdrawn) and may_fill(row, self.user)
