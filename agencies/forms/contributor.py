"""The list of an agency's contributors: typed, pasted, or from a spreadsheet."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from agencies.domain import contributors
from agencies.forms.fields import CharField, ChoiceField, EmailField, FileField, TextField
from agencies.models import Agency, Contributor
from agencies.spreadsheets import Sheet, Workbook, WorkbookError, open_workbook

NAME_LENGTH = 200
SEPARATORS = ("\t", ";", ",")
HEADING = re.compile(r"^(practice|school|contributor|name)?s?( name)?$", re.IGNORECASE)
MAX_FAULTS = 40
# Each name is written down by itself in the activity, one after the other.
LONGEST_LIST = 2_000


@dataclass(frozen=True)
class Listed:
    """One row of a list. `place` names it to whoever sent it: "Line 3", or the cell of each."""

    name: str
    email: str
    name_place: str
    email_place: str


class ContributorForm(forms.Form):
    name = CharField(max_length=NAME_LENGTH, width="full")
    email = EmailField(
        label="E-mail address",
        required=False,
        width="30",
        help_text="A mailbox of its own: the link and the code go there.",
    )
    active = ChoiceField(
        label="State", choices=[("yes", "Can be asked"), ("no", "No longer asked")], inline=True
    )

    def __init__(self, *args: Any, row: Contributor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.initial = {
            "name": row.name,
            "email": row.email,
            "active": "yes" if row.active else "no",
        }

    def clean_active(self) -> bool:
        active = bool(self.cleaned_data["active"] == "yes")
        if active and not self.row.active:
            _refuse(contributors.no_room(self.row.agency))
        return active

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Contributor.objects.filter(agency=self.row.agency_id, name__iexact=name)
        if others.exclude(pk=self.row.pk).exists():
            raise forms.ValidationError("There is one of this name already.")
        return name


class ContributorRowsForm(forms.Form):
    """Names with addresses for the list of this agency."""

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency

    def checked(self, rows: Iterable[Listed]) -> list[tuple[str, str]]:
        """Raises ValidationError with every fault by its place, or if they are too many."""
        found = checked(rows)
        _refuse(contributors.too_many(self.agency, found))
        return found


class ContributorLinesForm(ContributorRowsForm):
    """One or a hundred: a line each, a name and an e-mail address."""

    rows = TextField(
        label="Names and e-mail addresses",
        rows=8,
        longest=200_000,
        strip=False,
        help_text="One a line: the name, then the address after a comma, a semicolon or a tab. "
        "Two columns can be pasted from a spreadsheet.",
        error_messages={"required": "Type or paste at least one name."},
    )

    def clean_rows(self) -> list[tuple[str, str]]:
        return self.checked(lines_of(self.cleaned_data["rows"]))


class ContributorSheetForm(ContributorRowsForm):
    """The same from a workbook: the first sheet, names in column A, addresses in column B."""

    sheet = FileField(
        label="Spreadsheet",
        help_text="An .xlsx file: names in column A, e-mail addresses in column B.",
        error_messages={"required": "Choose a spreadsheet first."},
    )

    def clean_sheet(self) -> list[tuple[str, str]]:
        try:
            book = open_workbook(self.cleaned_data["sheet"])
        except WorkbookError as error:
            raise forms.ValidationError(str(error)) from error
        return self.checked(rows_of(book))


def _refuse(refusal: str) -> None:
    if refusal:
        raise forms.ValidationError(refusal)


def split(line: str) -> list[str]:
    """The columns of a pasted line, by the first of tab, semicolon, comma that stands in it."""
    separator = next((each for each in SEPARATORS if each in line), None)
    return [line.strip()] if separator is None else [part.strip() for part in line.split(separator)]


def lines_of(pasted: str) -> Iterator[Listed]:
    lines = list(enumerate(pasted.splitlines(), start=1))
    for number, line in lines:
        if line.strip() and not (number == 1 and _is_heading(split(line))):
            place = f"Line {number}"
            yield Listed(*_name_and_email(line.strip()), place, place)


def _name_and_email(line: str) -> tuple[str, str]:
    """A comma may be part of a name; only what looks like an address is taken for one."""
    separator = next((each for each in SEPARATORS if each in line), ",")
    name, _, email = (part.strip() for part in line.rpartition(separator))
    if separator == "," and "@" not in email:
        return line, ""
    return (name, email) if name else (line.strip("\t;, "), "")


def _is_heading(columns: list[str]) -> bool:
    return (
        len(columns) > 1
        and HEADING.match(columns[0]) is not None
        and "mail" in columns[1].casefold()
        and "@" not in columns[1]
    )


def rows_of(book: Workbook) -> Iterator[Listed]:
    """Raises ValidationError for a workbook that says nothing, or says it by a formula."""
    sheet = book.sheets[0] if book.sheets else Sheet("")
    found = sheet.rows()
    if not found:
        raise forms.ValidationError("The first sheet is empty. Put the names into column A.")
    for position, (number, cells) in enumerate(found):
        name, email = sheet.at(f"A{number}"), sheet.at(f"B{number}")
        for cell, place in ((name, f"A{number}"), (email, f"B{number}")):
            if cell.is_formula:
                raise forms.ValidationError(f"{place}: a formula stands here. Put its value there.")
        if position == 0 and _is_heading([name.text, email.text]):
            continue
        if {"A", "B"} & set(cells):
            words = " ".join(name.text.split())
            yield Listed(words, email.text, f"A{number}", f"B{number}")


def checked(rows: Iterable[Listed]) -> list[tuple[str, str]]:
    """Names with addresses. Raises ValidationError with every fault by its place."""
    listed = list(rows)
    faults = [fault for row in listed for fault in _faults(row)]
    faults += _twice(listed)
    if not listed:
        faults.append("No name stands there.")
    if len(listed) > LONGEST_LIST:
        faults.insert(
            0, f"A list has {LONGEST_LIST:,} names at most; this one has {len(listed):,}."
        )
    if len(faults) > MAX_FAULTS:
        faults = [*faults[:MAX_FAULTS], f"And {len(faults) - MAX_FAULTS} more of this kind."]
    if faults:
        raise forms.ValidationError(faults)
    return list({row.name.casefold(): (row.name, row.email) for row in listed}.values())


def _faults(row: Listed) -> Iterator[str]:
    if not row.name or len(row.name) > NAME_LENGTH:
        yield f"{row.name_place}: give a name of at most {NAME_LENGTH} letters."
    try:
        forms.EmailField(required=False, max_length=254).clean(row.email)
    except forms.ValidationError:
        yield f"{row.email_place}: “{row.email[:80]}” is not an e-mail address."


def _twice(rows: list[Listed]) -> Iterator[str]:
    """The same name with two addresses: which one is meant, nobody here can know."""
    first: dict[str, Listed] = {}
    for row in rows:
        before = first.setdefault(row.name.casefold(), row)
        if row.name and before.email.casefold() != row.email.casefold():
            yield (
                f"{row.name_place}: “{row.name[:80]}” stands at {before.name_place} too, with "
                "another address. Keep one of them."
            )
