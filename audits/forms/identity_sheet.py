"""A workbook of identities: one row a case, one column a thing to know."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from agencies.models import Agency
from agencies.spreadsheets import Cell, Sheet, Workbook, as_file, put_text

COLUMNS = {
    "case": "Case",
    "given_names": "Given names",
    "family_name": "Family name",
    "born_on": "Date of birth",
    "nhs_number": "NHS number",
    "address": "Address",
    "postcode": "Postcode",
    "other_names": "Also known as",
    "relatives": "Siblings and carers",
}
WIDTHS = {"case": 8, "address": 36, "relatives": 40, "other_names": 28}
TITLE = "Who the cases are"
REFERENCE = "Reference of "
FORMULA = "This is a formula. Put the plain value in its place."


@dataclass(frozen=True)
class Fault:
    cell: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """What one row says, under the names of the form's fields."""

    line: int
    number: int
    values: dict[str, str]
    letters: dict[str, str]

    def place(self, name: str) -> str:
        return (
            f"{self.letters.get(name, '')}{self.line}"
            if name in self.letters
            else f"Row {self.line}"
        )


def workbook_for(numbers: Iterable[int], agencies: Iterable[Agency]) -> bytes:
    """To fill in: the cases' numbers, and a column for each agency's own reference."""
    from openpyxl import Workbook as Book
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Book()
    sheet = book.worksheets[0]
    sheet.title = TITLE
    titles = [*COLUMNS.values(), *(f"{REFERENCE}{agency.short_name}" for agency in agencies)]
    names = list(COLUMNS)
    for place, title in enumerate(titles, start=1):
        letter = get_column_letter(place)
        put_text(sheet[f"{letter}1"], title)
        sheet[f"{letter}1"].font = Font(bold=True)
        name = names[place - 1] if place <= len(names) else ""
        sheet.column_dimensions[letter].width = WIDTHS.get(name, 20)
    numbers = list(numbers)
    for line, number in enumerate(numbers, start=2):
        sheet[f"A{line}"] = number
        for letter in "DE":
            sheet[f"{letter}{line}"].number_format = "@"
    sheet.freeze_panes = "B2"
    return as_file(book)


def rows_of(book: Workbook, agencies: Iterable[Agency]) -> tuple[list[Row], list[Fault]]:
    """The rows that say more than a case's number, and what no form could say of the cells."""
    sheet = book.sheet(TITLE) or book.sheets[0]
    letters, faults = _heading(sheet, list(agencies))
    if "case" not in letters:
        return [], [Fault("Row 1", "Name the columns as the workbook to fill in does: Case first.")]
    rows = []
    for line, cells in sheet.rows():
        if line > 1 and any(cell.text or cell.is_formula for cell in _beside(cells, letters)):
            row, more = _row(line, cells, letters)
            faults += more
            rows += [row] if row else []
    return rows, faults


def _heading(sheet: Sheet, agencies: list[Agency]) -> tuple[dict[str, str], list[Fault]]:
    names = {title.casefold(): name for name, title in COLUMNS.items()}
    names |= {
        f"{REFERENCE}{each.short_name}".casefold(): f"ref:{each.short_name}" for each in agencies
    }
    letters: dict[str, str] = {}
    faults = []
    for line, cells in sheet.rows():
        if line != 1:
            break
        for letter, cell in cells.items():
            name = names.get(cell.text.casefold())
            if name and name not in letters:
                letters[name] = letter
            elif cell.text:
                faults.append(Fault(f"{letter}1", "This column is not one that is read here."))
    return letters, faults


def _beside(cells: dict[str, Cell], letters: dict[str, str]) -> Iterator[Cell]:
    """What a row says besides the number of its case."""
    return (cells[letter] for name, letter in letters.items() if name != "case" and letter in cells)


def _row(
    line: int, cells: dict[str, Cell], letters: dict[str, str]
) -> tuple[Row | None, list[Fault]]:
    faults = [
        Fault(f"{letter}{line}", FORMULA)
        for letter in letters.values()
        if letter in cells and cells[letter].is_formula
    ]
    number = cells.get(letters["case"], Cell()).text.casefold().removeprefix("case").strip()
    if not number.isdecimal():
        faults.append(Fault(f"{letters['case']}{line}", "Give the number of the case, such as 3."))
        return None, faults
    found = {name: _text(cells[letter]) for name, letter in letters.items() if letter in cells}
    references = [
        f"{name.removeprefix('ref:')}: {text}"
        for name, text in found.items()
        if name.startswith("ref:") and text
    ]
    values = {name: text for name, text in found.items() if name in COLUMNS and name != "case"}
    values["references"] = "\n".join(references)
    return Row(line, int(number), values, letters), faults


def _text(cell: Cell) -> str:
    if isinstance(cell.value, datetime):
        return cell.value.date().isoformat()
    return cell.value.isoformat() if isinstance(cell.value, date) else cell.text
