"""An uploaded workbook, checked cell by cell: what its sheets offer, or all that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from agencies.spreadsheets import Cell, Sheet, Workbook
from audits.domain.drafts import Basis
from audits.domain.engagement import Line
from audits.forms.answers import as_stored, question_field
from audits.models import Question
from reports.reading.workbook import CaseContent, ReturnContent
from reports.spreadsheets.key import (
    SHEET,
    CellKey,
    KeyMissingError,
    SheetKey,
    WorkbookKey,
    mark,
    read_key,
)
from reports.spreadsheets.layout import ABOUT, LISTS, Shape, Slot, case_lines

OURS = (ABOUT, LISTS, SHEET)
MOVED = 5
"""So many changed words on one sheet mean that rows were moved."""


class UploadRefusedError(Exception):
    """The workbook as a whole is not for this return; the message tells a person why."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong, by sheet and cell; without a cell it is about the whole sheet."""

    sheet: str
    cell: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.sheet}, {self.cell}" if self.cell else self.sheet
        return f"{place}: {self.sentence}"


@dataclass(frozen=True)
class Offer:
    """What one sheet offers to take over.

    `said` maps the keys of texts whose cells were changed to what they say now, as stored, a
    chronology line in one; `kinds` says where points stand; `blanks` are texts whose cells were
    emptied, with the part of a line.
    """

    case_return: UUID
    basis: Basis
    said: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    blanks: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.said and not self.blanks


@dataclass
class Read:
    """What came of reading a workbook; with faults there is nothing to take over."""

    offers: list[Offer] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Sheets that were taken out: their cases stay as they are."""


def key_of(book: Workbook, whose: UUID, toolkit: UUID) -> WorkbookKey:
    """The workbook's key, if it is one of this return. Raises UploadRefusedError."""
    try:
        key = read_key(book.sheet(SHEET))
    except KeyMissingError:
        raise UploadRefusedError(
            "This is not a workbook that was downloaded here, or its hidden part was changed. "
            "Download a fresh one and copy your answers into it."
        ) from None
    if key.agency_return != whose:
        raise UploadRefusedError(
            f"This workbook belongs to another return: {key.whose}. Upload it there."
        )
    if key.toolkit != toolkit:
        raise UploadRefusedError(
            "The questions have changed since this workbook was downloaded. Download a fresh one "
            "and copy your answers into it."
        )
    return key


def read(book: Workbook, key: WorkbookKey, content: ReturnContent) -> Read:
    """`content` holds the cases that the key names."""
    result = Read()
    cases = {case.case_return.pk: case for case in content.cases}
    for sheet_key in key.sheets:
        sheet = book.sheet(sheet_key.title)
        if sheet is None or sheet_key.case_return not in cases:
            result.missing.append(sheet_key.title)
            continue
        reader = _SheetReader(sheet, sheet_key, content, cases[sheet_key.case_return])
        offer = reader.offer()
        result.faults += reader.faults
        if not offer.is_empty:
            result.offers.append(offer)
    titles = {each.title for each in key.sheets}
    result.faults += [
        Fault(
            sheet.title, "", "This sheet is not one of ours. Move its words to where they belong."
        )
        for sheet in book.sheets
        if sheet.title not in titles and sheet.title not in OURS and sheet.cells
    ]
    return result


class _SheetReader:
    def __init__(
        self, sheet: Sheet, key: SheetKey, content: ReturnContent, case: CaseContent
    ) -> None:
        self.sheet = sheet
        self.key = key
        self.case = case
        self.questions = {question.pk: question for question in content.questions}
        self.slots = slots_of(content, case)
        self.faults: list[Fault] = []

    def offer(self) -> Offer:
        if not self._is_in_place():
            return Offer(self.case.case_return.pk, self.key.basis)
        said: dict[str, str] = {}
        blanks: list[tuple[str, str]] = []
        lines: dict[str, dict[str, CellKey]] = {}
        for cell_key in self.key.cells:
            if cell_key.part:
                lines.setdefault(cell_key.key, {})[cell_key.part] = cell_key
            elif (value := self._changed(cell_key)) is not None:
                if value:
                    said[cell_key.key] = value
                else:
                    blanks.append((cell_key.key, ""))
        for key, parts in lines.items():
            self._read_line(key, parts, said, blanks)
        kinds = {each.key: each.kind for each in self.key.cells if each.kind and each.key in said}
        return Offer(self.case.case_return.pk, self.key.basis, said, kinds, tuple(blanks))

    def _fault(self, cell: str, sentence: str) -> None:
        self.faults.append(Fault(self.sheet.title, cell, sentence))

    def _is_in_place(self) -> bool:
        """Whether answers can be told apart; single words that changed or strayed are faults."""
        changed = [at for at, said in self.key.fixed.items() if mark(self.sheet.at(at)) != said]
        if len(changed) > MOVED:
            self._fault(
                "",
                "Rows or columns were moved, or the form’s own words changed, so nobody can tell "
                "which answer is which. Copy your answers into a fresh workbook.",
            )
            return False
        for at in changed:
            self._fault(at, "These words belong to the form and were changed. Put them back.")
        known = {*self.key.fixed, *(each.coordinate for each in self.key.cells)}
        for at, cell in self.sheet.cells.items():
            if at not in known and (cell.is_formula or cell.text):
                self._fault(at, "Nothing is asked here. Move these words into a white cell.")
        return True

    def _changed(self, key: CellKey) -> str | None:
        """What the cell says now, as stored; None if it says what it said, or makes no sense."""
        cell = self.sheet.at(key.coordinate)
        if mark(cell) == key.said:
            return None
        if cell.is_formula:
            self._fault(key.coordinate, "This is a formula. Write in its place what it should say.")
            return None
        if not cell.text:
            return ""
        try:
            return self._as_stored(key, cell)
        except ValidationError as error:
            self._fault(key.coordinate, " ".join(error.messages))
            return None

    def _as_stored(self, key: CellKey, cell: Cell) -> str:
        """Raises ValidationError."""
        slot = self.slots.get((key.key, key.part))
        if slot is None and not key.key.startswith(("point:", "entry:")):
            raise ValidationError("This is no longer asked. Empty the cell.")
        shape = slot.shape if slot else PARTS.get(key.part, Shape.WORDS)
        if slot is not None and shape == Shape.CHOICE:
            return _chosen(slot, cell.text)
        if shape == Shape.DATE:
            return as_stored(_day(cell))
        if slot is not None and shape == Shape.NUMBER:
            question = self.questions[UUID(slot.key.partition(":")[2])]
            return as_stored(_cleaned(question, cell.text))
        return written(cell)

    def _read_line(
        self,
        key: str,
        parts: Mapping[str, CellKey],
        said: dict[str, str],
        blanks: list[tuple[str, str]],
    ) -> None:
        """A line of the chronology is one text in three cells."""
        before = len(self.faults)
        found = {part: self._changed(cell_key) for part, cell_key in parts.items()}
        changed = {part: value for part, value in found.items() if value is not None}
        if not changed or len(self.faults) > before:
            return
        now = {part: self.sheet.at(each.coordinate).text for part, each in parts.items()}
        if not any(now.values()):
            blanks.append((key, ""))
            return
        blanks += [(key, part) for part, value in changed.items() if not value]
        if not any(changed.values()):
            return
        line = self._line(parts, changed, Line.parse(self._standing(key)))
        if line.began and line.ended and line.ended < line.began:
            at = parts["ended"].coordinate
            self._fault(at, "The end must not come before the beginning.")
        said[key] = str(line)

    def _standing(self, key: str) -> str:
        text = self.case.texts.get(key)
        return text.words if text else ""

    def _line(
        self, parts: Mapping[str, CellKey], changed: Mapping[str, str], standing: Line
    ) -> Line:
        """What the three cells say together; an emptied one says what stands in the system."""

        def value(part: str, stored: str) -> str:
            if changed.get(part):
                return changed[part]
            cell = self.sheet.at(parts[part].coordinate)
            if part in changed or not cell.text:
                return stored
            return as_stored(_day(cell)) if part != "words" else written(cell)

        began = value("began", as_stored(standing.began))
        ended = value("ended", as_stored(standing.ended))
        return Line(_iso(began), _iso(ended), value("words", standing.words))


PARTS = {"began": Shape.DATE, "ended": Shape.DATE, "words": Shape.WORDS}


def slots_of(content: ReturnContent, case: CaseContent) -> dict[tuple[str, str], Slot]:
    """The cells that the sheet of a case has today, by key and part."""
    found = {}
    for line in case_lines(content, case):
        for slot in (line.answer, line.second, line.wide):
            if slot is not None:
                found[slot.key, slot.part] = slot
    return found


def _chosen(slot: Slot, said: str) -> str:
    by_label = {_plain(label): value for value, label in slot.choices}
    if _plain(said) in by_label:
        return by_label[_plain(said)]
    *first, last = (label for _, label in slot.choices)
    labels = "; ".join(first)
    raise ValidationError(
        f"“{shortened(said)}” is not one of: {labels}; {last}." if labels else f"Choose {last}."
    )


def _plain(label: str) -> str:
    return " ".join(label.replace("’", "'").casefold().split())


def shortened(said: str) -> str:
    return said if len(said) <= 40 else f"{said[:39]}…"


def _day(cell: Cell) -> date | None:
    is_day = isinstance(cell.value, date)
    said = cell.text.partition(" ")[0] if is_day else cell.text
    try:
        found = question_field(Question(kind=Question.Kind.DATE)).clean(said)
    except ValidationError:
        found = None
    if not isinstance(found, date):
        raise ValidationError(f"“{shortened(said)}” is not a day. Write it as 3/2/2026.")
    return found


def _cleaned(question: Question, said: str) -> object:
    try:
        return question_field(question).clean(said)
    except ValidationError as error:
        raise ValidationError(
            f"“{shortened(said)}” is not a number that fits here. Write it as 3 or 2.5."
        ) from error


def _iso(day: str) -> date | None:
    return date.fromisoformat(day) if day else None


def written(cell: Cell) -> str:
    """A cell of words; a day that a spreadsheet made of some reads as a day."""
    if isinstance(cell.value, datetime) and not cell.value.time():
        return cell.value.date().isoformat()
    return cell.text
