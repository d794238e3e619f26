"""The hidden part of a workbook: which case return each sheet is, and which text each cell.

It is signed, so a workbook that was made or altered elsewhere is told apart from one of ours. It
holds ids and digests, and no words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing

from agencies.spreadsheets import Cell, Sheet
from audits.domain.drafts import Basis, digest
from reports.spreadsheets.layout import Slot

SHEET = "Key"
SALT = "reports.spreadsheets.key"
FORMAT = 1
# A cell holds 32,767 characters.
PIECE = 30_000


class KeyMissingError(Exception):
    """The workbook was not made here, or its hidden part was altered."""


@dataclass(frozen=True)
class CellKey:
    """One cell to fill in: which text it is, and a digest of what it said when it was written."""

    coordinate: str
    key: str
    part: str
    kind: str
    said: str

    @classmethod
    def of(cls, coordinate: str, slot: Slot, said: Cell) -> "CellKey":
        return cls(coordinate, slot.key, slot.part, slot.kind, mark(said))


@dataclass(frozen=True)
class SheetKey:
    """One case. `fixed` maps the cells that are ours to digests of their words."""

    title: str
    case_return: UUID
    cells: tuple[CellKey, ...]
    fixed: Mapping[str, str]
    basis: Basis


@dataclass(frozen=True)
class WorkbookKey:
    agency_return: UUID
    toolkit: UUID
    whose: str
    """Agency and audit in words, to tell somebody who uploads it in the wrong place."""
    sheets: tuple[SheetKey, ...]
    made_at: datetime

    def pieces(self) -> list[str]:
        """The signed key, in pieces that fit a cell each."""
        signed = signing.dumps(_plain(self), salt=SALT, compress=True)
        return [signed[at : at + PIECE] for at in range(0, len(signed), PIECE)]


def mark(cell: Cell) -> str:
    """A short digest of what a cell says, however its spaces run."""
    said = "\x00formula" if cell.is_formula else " ".join(cell.text.split())
    return digest(said)[:8]


def _plain(key: WorkbookKey) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "return": str(key.agency_return),
        "toolkit": str(key.toolkit),
        "whose": key.whose,
        "at": key.made_at.isoformat(),
        "sheets": [
            {
                "title": sheet.title,
                "case": str(sheet.case_return),
                "cells": [
                    [cell.coordinate, cell.key, cell.part, cell.kind, cell.said]
                    for cell in sheet.cells
                ],
                "fixed": dict(sheet.fixed),
                "basis": str(sheet.basis),
            }
            for sheet in key.sheets
        ],
    }


def read_key(sheet: Sheet | None) -> WorkbookKey:
    """Raises KeyMissingError."""
    if sheet is None:
        raise KeyMissingError
    signed = "".join(cells["A"].text for _, cells in sheet.rows() if "A" in cells)
    try:
        plain = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise KeyMissingError from error
    if plain["format"] != FORMAT:
        raise KeyMissingError
    return WorkbookKey(
        UUID(plain["return"]),
        UUID(plain["toolkit"]),
        plain["whose"],
        tuple(_sheet(each) for each in plain["sheets"]),
        datetime.fromisoformat(plain["at"]),
    )


def _sheet(plain: Mapping[str, Any]) -> SheetKey:
    return SheetKey(
        plain["title"],
        UUID(plain["case"]),
        tuple(CellKey(*cell) for cell in plain["cells"]),
        plain["fixed"],
        Basis.parse(plain["basis"]),
    )
