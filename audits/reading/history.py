"""What the texts of a return said before, text by text, sitting by sitting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import MD5

from agencies.models import User
from audits.comparing import Stretch, stretches
from audits.domain import case_texts, summative
from audits.domain.drafts import NO_TEXT, Basis, Text, digest
from audits.domain.leading import may_fill, may_lead
from audits.models import AgencyReturn, CaseReturn, ReturnStage, TextRevision
from audits.reading.text_names import TextNames

# One person's saves of one text belong together until they leave it alone for so long.
PAUSE = timedelta(minutes=20)
PAGE_LENGTH = 20


@dataclass(frozen=True)
class Listed:
    """One text in the list of those that have a history."""

    key: str
    label: str
    about: str
    saves: int
    last_at: datetime


@dataclass(frozen=True)
class Save:
    """One revision of a text without its words; `mark` tells whether two say the same."""

    pk: int
    at: datetime
    by_id: UUID | None
    correction_id: UUID | None
    shape: dict[str, Any] | None
    mark: str


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


def sittings(saves: Iterable[Save], *, every: bool) -> list[list[Save]]:
    """A text's saves in order, those of one sitting together; each alone if `every`.

    Words said once before begin a sitting: what was brought back does not hide what it replaced.
    """
    found: list[list[Save]] = []
    said: set[str] = set()
    for each in saves:
        fresh = each.mark not in said
        if found and not every and fresh and _goes_on(found[-1][-1], each):
            found[-1].append(each)
        else:
            found.append([each])
        said.add(each.mark)
    return found


def _goes_on(last: Save, this: Save) -> bool:
    same = last.by_id is not None and last.by_id == this.by_id
    plain = last.shape is None and this.shape is None
    alike = last.correction_id == this.correction_id
    return same and plain and alike and this.at - last.at < PAUSE


def _first_known(revision: TextRevision) -> TextRevision | None:
    """What a text said before its changes were kept is no change."""
    return revision if revision.by_id is None else None


def _left_there(revision: TextRevision | None) -> str:
    """Nothing, where the text was taken out."""
    return "" if revision is None or revision.shape is not None else revision.words


class HistoryPage:
    """Reads lazily, each part once. `home` is a case return, or a return for its summative
    report; `key` the text chosen, or the one changed last; `number` the page of its sittings."""

    def __init__(
        self,
        home: CaseReturn | AgencyReturn,
        user: User,
        *,
        key: str,
        every: bool,
        number: str | None = None,
    ) -> None:
        self.home = home
        self.user = user
        self.every = every
        self._wanted = key
        self._number = number

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

    @cached_property
    def _saves(self) -> list[Save]:
        """Of the chosen text, in order; however long it is, its words stay in the database."""
        key = self.chosen.key if self.chosen else ""
        rows = self._kept.filter(key=key).annotate(mark=MD5("words")).order_by("at", "pk")
        seen = rows.values_list("pk", "at", "by_id", "correction_id", "shape", "mark")
        return [Save(*row) for row in seen]

    @cached_property
    def pages(self) -> Page[tuple[list[Save], list[Save]]]:
        """Each sitting of the chosen text after the one before it, the last first."""
        groups = sittings(self._saves, every=self.every)
        return Paginator([*pairwise([[], *groups])][::-1], PAGE_LENGTH).get_page(self._number)

    @cached_property
    def sittings(self) -> list[Sitting]:
        """Those of the page."""
        wanted = {group[-1].pk for pair in self.pages for group in pair if group}
        drawn = self._kept.filter(pk__in=wanted).select_related("by").in_bulk()
        return [self._sitting(group, before, drawn) for before, group in self.pages]

    def _sitting(
        self, group: Sequence[Save], before: Sequence[Save], drawn: Mapping[int, TextRevision]
    ) -> Sitting:
        last = drawn[group[-1].pk]
        removed = last.shape is not None
        left = drawn[before[-1].pk] if before else _first_known(last)
        old = self._names.read(last.key, _left_there(left))
        new = self._names.read(last.key, last.words)
        is_last = last.pk == self._saves[-1].pk
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
