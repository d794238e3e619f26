"""What screening found in the texts of a return or of an audit, line by line, to be decided."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.urls import reverse

from agencies.models import User
from audits.domain.amount import too_long
from audits.domain.clearing import is_certain
from audits.domain.screened import Scope, Screener, marks
from audits.domain.screened_texts import Passage, Place
from audits.domain.telling import tell
from audits.models import ScreeningDecision
from audits.screening import Hit
from audits.screening.known_names import CODE as KNOWN_NAME
from audits.screening.likely_names import WHY as LIKE_A_NAME

AROUND = 70
PAGE_LENGTH = 100
SPOTS = 10
"""Places in which one line is shown; those beyond are told by their number."""


@dataclass(frozen=True)
class Spot:
    """One place in which the words stand, cut out with a little of what is around them."""

    place: Place
    before: str
    words: str
    after: str
    is_theirs: bool
    """Whether whoever looks may mend it where it stands."""

    @property
    def url(self) -> str:
        page = reverse(self.place.route, args=self.place.args)
        return f"{page}#{self.place.box}" if self.place.box else page


@dataclass
class Line:
    """The same words under the same rule, wherever they stand: decided once."""

    key: str
    rule: str
    words: str
    why: str
    is_certain: bool = False
    """Reworded, or cleared by who answers for the words, with a reason of their own."""
    spots: list[Spot] = field(default_factory=list)
    more: int = 0
    """Places beside those that are shown."""
    decision: ScreeningDecision | None = None


class ScreeningPage:
    """Raises ScreeningDownError where its lines are first asked for and screening cannot run.

    Whoever may not look at identities reads of a sealed name as of any other.
    """

    def __init__(
        self,
        scope: Scope,
        passages: Iterable[Passage],
        *,
        by: User,
        may_look: bool,
    ) -> None:
        self.scope = scope
        self.by = by
        self.may_look = may_look
        self._known_marks: dict[tuple[str, str], set[tuple[str, str]]] = {}
        self._passages = list(passages)
        decisions = ScreeningDecision.objects.visible_to(by)
        self._decisions = decisions.filter(
            audit=scope.audit_id, agency_return=scope.return_id
        ).select_related("by")

    @cached_property
    def too_long(self) -> list[str]:
        """Why nothing is listed, where there is more than is looked through in one go."""
        return too_long(self._passages)

    @cached_property
    def _lines(self) -> list[Line]:
        if self.too_long:
            return []
        screener = Screener(self.scope, may_look=self.may_look)
        made = {(each.rule, each.mark): each for each in self._decisions}
        lines: dict[frozenset[tuple[str, str]], Line] = {}
        for passage in self._passages:
            for hit, _ in screener.found(passage.words):
                own = frozenset(self._marks(hit.rule, hit.text))
                if own not in lines:
                    lines[own] = self._line(hit, own)
                    lines[own].decision = next((made[one] for one in own if one in made), None)
                self._add_spot(lines[own], passage, hit)
        return list(lines.values())

    def _marks(self, rule: str, words: str) -> set[tuple[str, str]]:
        if (rule, words) not in self._known_marks:
            self._known_marks[rule, words] = marks(self.scope, rule, words)
        return self._known_marks[rule, words]

    def _add_spot(self, line: Line, passage: Passage, hit: Hit) -> None:
        if len(line.spots) < SPOTS:
            line.spots.append(self._spot(passage, hit))
        else:
            line.more += 1

    def _spot(self, passage: Passage, hit: Hit) -> Spot:
        text, needs = passage.words, passage.place.needs
        begin, end = max(0, hit.start - AROUND), min(len(text), hit.end + AROUND)
        return Spot(
            passage.place,
            ("… " if begin else "") + text[begin : hit.start],
            text[hit.start : hit.end],
            text[hit.end : end] + (" …" if end < len(text) else ""),
            needs is None or self.by.may(needs, self.scope.partnership_id),
        )

    def _line(self, hit: Hit, own: frozenset[tuple[str, str]]) -> Line:
        """Its key is a keyed hash too, so that no form carries the words as the name of a field."""
        key = sorted(mark for _, mark in own)[-1].partition(".")[2][:16]
        is_veiled = hit.rule == KNOWN_NAME and not self.may_look
        why = LIKE_A_NAME if is_veiled else hit.why
        certain = is_certain(hit.rule, may_look=self.may_look)
        return Line(key, hit.rule, hit.text, why, certain)

    @cached_property
    def _heard(self) -> list[Line]:
        """Without the sealed names of which this person was told enough today."""
        names = {line.words for line in self._lines if line.rule == KNOWN_NAME}
        heard = tell(self.scope, names, by=self.by) if names else names
        return [line for line in self._lines if line.rule != KNOWN_NAME or line.words in heard]

    @cached_property
    def has_unheard(self) -> bool:
        """Whether something waits that is somebody else's to look at; not how much."""
        waiting = sum(line.decision is None for line in self._lines)
        return waiting > len(self.open) or self._has_hidden

    @property
    def _has_hidden(self) -> bool:
        """Documents stop at a sealed name inside an organisation's name too; whoever may not look
        hears that the officer has something to look at, and not where."""
        if self.may_look or self.too_long or self.scope.return_id is not None:
            return False
        screener = Screener(self.scope)
        shown = {(line.rule, line.words) for line in self._lines}
        hits = (hit for passage in self._passages for hit in screener.flags(passage.words))
        return any((hit.rule, hit.text) not in shown for hit in hits)

    @cached_property
    def open(self) -> list[Line]:
        return [line for line in self._heard if line.decision is None]

    def shown(self, number: str | None, sent: Container[str] = ()) -> Page[Line]:
        """A page of what is open, and what was sent of others meanwhile: none of it is lost."""
        page = Paginator(self.open, PAGE_LENGTH).get_page(number)
        on_it = {line.key for line in page}
        page.object_list = [
            line
            for line in self.open
            if line.key in on_it or f"why_{line.key}" in sent or f"reason_{line.key}" in sent
        ]
        return page

    def waits(self, rule: str, words: str) -> bool:
        """Whether these words stand there undecided and are no line that is certain."""
        own = self._marks(rule, words)
        return any(
            own == self._marks(line.rule, line.words) and not line.is_certain for line in self.open
        )

    @cached_property
    def decided(self) -> list[Line]:
        return [line for line in self._heard if line.decision is not None]
