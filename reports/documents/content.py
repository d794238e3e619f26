"""What a printed document says, frozen: everything the page needs and nothing of the database.

Text is final: a figure stands in it as words ("48 of 56 cases met good (Police)"), names are
those of the day it was frozen. Templates add only headings, letters and the sentences that
say a section is empty.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Self, cast

from . import codec

WITHHELD = "[c]"
"""Stands in a table for a count that is withheld, as the Government Analysis Function advises
("Symbols in tables", 2021: confidential). In a sentence it says “[withheld]”."""


class Audience(StrEnum):
    BOARD = "board"
    PUBLIC = "public"

    @property
    def marking(self) -> str:
        return "Board-confidential" if self is Audience.BOARD else "Public"


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """Whose document it is, of which audit, and how far it has come.

    A version is None until published; `dated` is then the day of printing.
    """

    partnership: str
    child_noun: str
    title: str
    theme: str
    extraordinary: bool
    audience: Audience
    dated: date
    version: int | None = None
    approved_by: str = ""

    @property
    def is_draft(self) -> bool:
        return self.version is None

    @property
    def process(self) -> str:
        return ("Extraordinary m" if self.extraordinary else "M") + "ulti-agency case audit"

    @property
    def status(self) -> str:
        return "Draft" if self.is_draft else f"Version {self.version}"

    @property
    def version_line(self) -> str:
        if self.is_draft:
            return f"Draft printed {long_date(self.dated)}, not yet approved"
        approval = f", approved by {self.approved_by}" if self.approved_by else ""
        return f"{self.status}, published {long_date(self.dated)}{approval}"


@dataclass(frozen=True)
class Block:
    """A paragraph (one line) or a bulleted list (a line for each bullet)."""

    lines: tuple[str, ...]
    bullets: bool = False


@dataclass(frozen=True, kw_only=True)
class EarlierAudit:
    code: str
    title: str

    def __str__(self) -> str:
        return (
            f"{self.title} ({self.code})" if self.title and self.code else self.title or self.code
        )


@dataclass(frozen=True, kw_only=True)
class Item:
    """One placement of a finding or point; with `items` it is the lead-in to them."""

    text: str
    items: tuple["Item", ...] = ()
    agencies: tuple[str, ...] = ()
    seen_before: tuple[EarlierAudit, ...] = ()
    for_scrutiny: bool = False

    @property
    def unnamed_agencies(self) -> tuple[str, ...]:
        """Agencies which the text itself does not already mention."""
        text = self.text.casefold()
        return tuple(name for name in self.agencies if name.casefold() not in text)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Items under a heading (an agency, a case, a learning theme), or under none."""

    items: tuple[Item, ...]
    heading: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """`answers` names the gaps it responds to as they are printed, such as "3.4.2 b"."""

    text: str
    owner: str = ""
    due: date | None = None
    success: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A number for the opening of the report: "60", "cases in the sample"."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """A count. `stated_by` is empty when it was counted; no denominator prints as a bare count.

    A numerator of None is withheld.
    """

    measure: str
    agency: str
    numerator: int | None
    unit: str
    denominator: int | None = None
    stated_by: str = ""

    @property
    def count(self) -> str:
        number = WITHHELD if self.numerator is None else self.numerator
        if self.denominator is None:
            return f"{number} {self.unit}"
        return f"{number} of {self.denominator} {self.unit}"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """One agency's (or theme's) counts, in the order of the table's columns; None is withheld.

    Where some are, `whole` is their total and `good` how many of them met good, if those are
    printed all the same.
    """

    name: str
    counts: tuple[int | None, ...]
    whole: int | None = field(default=None, metadata=codec.ADDED)
    good: int | None = field(default=None, metadata=codec.ADDED)

    @property
    def printed(self) -> tuple[int, ...] | None:
        """All its counts, or None if any is withheld."""
        return None if None in self.counts else cast("tuple[int, ...]", self.counts)

    @property
    def total(self) -> int | None:
        return self.whole if self.printed is None else sum(self.printed)


@dataclass(frozen=True, kw_only=True)
class Grades:
    """Agencies' own grades; the first `good_levels` of the scale meet good."""

    scale: tuple[str, ...]
    good_levels: int
    tallies: tuple[Tally, ...]
    ungraded: tuple[str, ...] = ()

    def met_good(self, tally: Tally) -> int | None:
        good = tally.counts[: self.good_levels]
        known = [count for count in good if count is not None]
        return sum(known) if len(known) == len(good) else tally.good


@dataclass(frozen=True, kw_only=True)
class QuestionAnswers:
    number: int
    text: str
    answers: tuple[str, ...]
    tallies: tuple[Tally, ...]


@dataclass(frozen=True, kw_only=True)
class ThemePoints:
    kinds: tuple[str, ...]
    tallies: tuple[Tally, ...]


@dataclass(frozen=True, kw_only=True)
class GradeChange:
    case: str
    agency: str
    own: str
    agreed: str
    reason: str
    moderator: str = ""


@dataclass(frozen=True, kw_only=True)
class OverallGrade:
    case: str
    grade: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Annex:
    """The figures behind the text, and in words what has no number."""

    figures: tuple[FigureRow, ...] = ()
    grades: Grades | None = None
    questions: tuple[QuestionAnswers, ...] = ()
    theme_points: ThemePoints | None = None
    grade_changes: tuple[GradeChange, ...] = ()
    overall_grades: tuple[OverallGrade, ...] = ()
    in_words: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Annex()


@dataclass(frozen=True, kw_only=True)
class Question:
    """A numbered toolkit question; `follows` is the number of the question it depends on."""

    number: int
    text: str
    follows: int | None = None
    when: str = ""


@dataclass(frozen=True, kw_only=True)
class SummaryReport:
    imprint: Imprint
    meeting_on: date | None = None
    facts: tuple[Fact, ...] = ()
    background: tuple[Block, ...] = ()
    methodology: tuple[Block, ...] = ()
    findings: tuple[Item, ...] = ()
    working_well: tuple[Group, ...] = ()
    worries: tuple[Group, ...] = ()
    gaps: tuple[Group, ...] = ()
    next_steps: tuple[Item, ...] = ()
    actions: tuple[Action, ...] = ()
    thanks: tuple[Block, ...] = ()
    annex: Annex = Annex()
    withheld: str = field(default="", metadata=codec.ADDED)
    """What a document for the public says about the numbers it does not print."""

    kind = "Summary report"
    template = "print/summary_report.html"

    @property
    def findings_heading(self) -> str:
        if self.meeting_on is None:
            return "Findings"
        return f"Findings agreed at the meeting of {long_date(self.meeting_on)}"

    def to_json(self) -> str:
        return codec.dumps(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        return codec.loads(cls, text)


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """Groups of the steps are cases ("Case 1") or, in a large audit, learning themes."""

    imprint: Imprint
    theme_and_cases: tuple[Block, ...] = ()
    process: tuple[Block, ...] = ()
    questions: tuple[Question, ...] = ()
    meeting: tuple[Block, ...] = ()
    meeting_questions: tuple[str, ...] = ()
    went_well: tuple[Group, ...] = ()
    can_improve: tuple[Group, ...] = ()
    challenges: tuple[Group, ...] = ()
    good_practice: tuple[Item, ...] = ()
    withheld: str = field(default="", metadata=codec.ADDED)

    kind = "Six-step briefing"
    template = "print/six_step_briefing.html"

    def to_json(self) -> str:
        return codec.dumps(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        return codec.loads(cls, text)


def prose(text: str) -> tuple[Block, ...]:
    """Plain text as blocks: a blank line ends a paragraph, "- " starts a bullet.

    A line that follows a bullet without a marker of its own continues it.
    """
    blocks: list[Block] = []
    for chunk in _chunks(text):
        bullets: list[str] = []
        words: list[str] = []
        for line in chunk:
            if line.startswith("- "):
                bullets.append(line[2:].strip())
            elif bullets:
                bullets[-1] += f" {line}"
            else:
                words.append(line)
        if words:
            blocks.append(Block((" ".join(words),)))
        if bullets:
            blocks.append(Block(tuple(bullets), bullets=True))
    return tuple(blocks)


def _chunks(text: str) -> list[list[str]]:
    chunks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            chunks[-1].append(line.strip())
        elif chunks[-1]:
            chunks.append([])
    return [chunk for chunk in chunks if chunk]


def letter(index: int) -> str:
    """The mark of the item at this place, counted from 0: a, b … z, aa, ab."""
    mark = ""
    index += 1
    while index:
        index, place = divmod(index - 1, 26)
        mark = chr(ord("a") + place) + mark
    return mark


def long_date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
