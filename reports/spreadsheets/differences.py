"""What taking over a workbook would change: old and new side by side, and what is disputed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from agencies.models import User
from audits.comparing import Stretch, stretches
from audits.domain.case_texts import AnswerDraft, CaseReturnDraft, compare
from audits.domain.drafts import Basis, Text
from audits.domain.engagement import Line
from audits.domain.points import NewPoint
from audits.forms.points import KIND_HEADINGS
from audits.models import PointKind
from audits.reading.corrections import ChangedText
from reports.reading.workbook import CaseContent, ReturnContent
from reports.spreadsheets.layout import Shape, Slot, title
from reports.spreadsheets.reading import Fault, Offer, slots_of

SALT = "reports.spreadsheets.offer"
HOURS = 4
MAX_OFFER = 2_000_000
"""Characters; a form larger than DATA_UPLOAD_MAX_MEMORY_SIZE would be refused."""
NOTHING = Text("", 0)
COMPARED = 4000
"""Characters up to which two wordings are compared word by word."""


class OfferLostError(Exception):
    """What was read from the workbook is too old, or not what this person uploaded here."""


@dataclass(frozen=True)
class Change(ChangedText):
    """One text: what it says now and what the workbook says, in words.

    `name` identifies it: a radio button or a checkbox of the page has it in its name or value.
    """

    name: str

    @property
    def is_new(self) -> bool:
        return not self.old

    @property
    def _stretches(self) -> list[Stretch]:
        """Texts of many words stand whole: a workbook may change hundreds of them."""
        if max(len(self.old), len(self.new)) > COMPARED:
            return [Stretch(self.old, "old"), Stretch(self.new, "new")]
        return stretches(self.old, self.new)


@dataclass(frozen=True)
class CaseDifferences:
    case: CaseContent
    offer: Offer
    changes: Sequence[Change]
    conflicts: Sequence[Change]
    blanks: Sequence[Change]

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.conflicts or self.blanks)


@dataclass(frozen=True)
class Differences:
    """Of all cases that differ."""

    cases: Sequence[CaseDifferences]

    @property
    def changes(self) -> int:
        return sum(len(each.changes) for each in self.cases)

    @property
    def conflicts(self) -> int:
        return sum(len(each.conflicts) for each in self.cases)

    @property
    def blanks(self) -> int:
        return sum(len(each.blanks) for each in self.cases)

    @property
    def faults(self) -> list[Fault]:
        """Cases that would change although nothing in them can."""
        return [
            Fault(
                title(each.case),
                "",
                f"Nothing in this case can change, because {each.case.closed_because}. Have it "
                "opened again on its page first, or leave its sheet as it was.",
            )
            for each in self.cases
            if each.case.closed_because
        ]

    @cached_property
    def fingerprint(self) -> str:
        """Changes when anything that the page shows does."""
        shown = [
            [each.name, each.old, each.new]
            for case in self.cases
            for each in (*case.changes, *case.conflicts, *case.blanks)
        ]
        return hashlib.blake2s(json.dumps(shown).encode(), digest_size=12).hexdigest()


def differences(content: ReturnContent, offers: Iterable[Offer]) -> Differences:
    cases = {case.case_return.pk: case for case in content.cases}
    found = [
        _of_case(content, cases[offer.case_return], offer)
        for offer in offers
        if offer.case_return in cases
    ]
    found.sort(key=lambda each: each.case.number)
    return Differences([each for each in found if not each.is_empty])


def _of_case(content: ReturnContent, case: CaseContent, offer: Offer) -> CaseDifferences:
    write, conflicts = compare(draft_of(offer.said, offer.kinds), case.standing, offer.basis)
    disputed = {conflict.key for conflict in conflicts}
    words = _Words(content, case, offer)
    return CaseDifferences(
        case,
        offer,
        [words.change(key) for key in offer.said if key in write],
        [words.change(key) for key in offer.said if key in disputed],
        [words.blank(key, part) for key, part in offer.blanks if words.standing(key, part)],
    )


class _Words:
    """The texts of one case as people read them."""

    def __init__(self, content: ReturnContent, case: CaseContent, offer: Offer) -> None:
        self.case = case
        self.offer = offer
        self.texts = case.texts
        self.slots = slots_of(content, case)
        self.questions = {str(question.pk): question for question in content.questions}

    def standing(self, key: str, part: str = "") -> str:
        words = self.texts.get(key, NOTHING).words
        return _part(words, part) if part and words else words

    def change(self, key: str) -> Change:
        slot = self._slot(key)
        return Change(
            self._label(key),
            self._about(key),
            in_words(key, slot, self.standing(key)),
            in_words(key, slot, self.offer.said[key]),
            f"{self.case.case_return.pk}/{key}/",
        )

    def blank(self, key: str, part: str) -> Change:
        label = f"{self._label(key)}: {PART_NAMES[part]}" if part else self._label(key)
        now = self.standing(key, part)
        old = now if part else in_words(key, self._slot(key), now)
        return Change(label, self._about(key), old, "", f"{self.case.case_return.pk}/{key}/{part}")

    def _slot(self, key: str) -> Slot | None:
        return self.slots.get((key, "")) or self.slots.get((key, "words"))

    def _about(self, key: str) -> str:
        """The words of the question that a text answers."""
        question = self.questions.get(key.partition(":")[2])
        return question.text if question else ""

    def _label(self, key: str) -> str:
        if slot := self._slot(key):
            return slot.name
        if kind := self.offer.kinds.get(key, ""):
            return f"{KIND_HEADINGS[PointKind(kind)]}, new point"
        return "Chronology, new line" if key.startswith("entry:") else "A text"


def _part(line: str, part: str) -> str:
    """One cell of a chronology line, in words."""
    value = getattr(Line.parse(line), part)
    return value if isinstance(value, str) else _day(value)


PART_NAMES = {"began": "from", "ended": "until", "words": "what you did"}


def in_words(key: str, slot: Slot | None, value: str) -> str:
    """A stored text as people read it."""
    if key.startswith("entry:") and value:
        line = Line.parse(value)
        return f"{_day(line.began) or 'No date'} to {_day(line.ended) or 'now'}\n{line.words}"
    if slot is None:
        return value
    if slot.shape == Shape.DATE and value:
        return _day(parse_date(value)) or value
    return dict(slot.choices).get(value, value)


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def draft_of(said: Mapping[str, str], kinds: Mapping[str, str]) -> CaseReturnDraft:
    """Texts of one case as a draft of these and no others."""
    own: dict[str, str] = {}
    answers: dict[UUID, AnswerDraft] = {}
    begun: dict[UUID, NewPoint] = {}
    entries: dict[UUID, Line] = {}
    for key, words in said.items():
        kind, _, pk = key.partition(":")
        if not pk:
            own[key] = words
        elif kind == "point":
            begun[UUID(pk)] = NewPoint(kinds[key], words)
        elif kind == "entry":
            entries[UUID(pk)] = Line.parse(words)
        else:
            both = (said.get(f"answer:{pk}", ""), said.get(f"evidence:{pk}", ""))
            answers[UUID(pk)] = AnswerDraft(*both)
    grade = own.pop("own_grade", "")
    return CaseReturnDraft(own, grade, answers, begun=begun, entries=entries, only=set(said))


def sealed(offers: Iterable[Offer], *, whose: UUID, by: User) -> str:
    """The offers as the confirming page carries them: nothing of an upload is kept here."""
    plain = {
        "return": str(whose),
        "by": str(by.pk),
        "offers": [
            [
                str(offer.case_return),
                str(offer.basis),
                dict(offer.said),
                dict(offer.kinds),
                list(offer.blanks),
            ]
            for offer in offers
        ],
    }
    return signing.dumps(plain, salt=SALT, compress=True)


def unsealed(raw: str, *, whose: UUID, by: User) -> list[Offer]:
    """Raises OfferLostError."""
    try:
        plain: dict[str, Any] = signing.loads(raw, salt=SALT, max_age=HOURS * 3600)
    except (signing.BadSignature, ValueError) as error:
        raise OfferLostError from error
    if (plain["return"], plain["by"]) != (str(whose), str(by.pk)):
        raise OfferLostError
    return [
        Offer(UUID(case), Basis.parse(basis), said, kinds, tuple((k, p) for k, p in blanks))
        for case, basis, said, kinds, blanks in plain["offers"]
    ]
