"""The grid of an audit against the least that could draw the same: one join of plain strings."""

import re

from agencies.models import User
from audits.models import Audit
from reports.reading import grid
from tests.bench.pages import Work

ROW = re.compile(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>')
CELL = re.compile(r'<td class="maca-cell maca-cell--([\w-]+)">(?:<a href="([^"]+)">)?([^<]*)')


def both(audit: Audit, user: User) -> dict[str, Work]:
    """The project's grid and the plain one, in which every cell's words and address lie ready.

    Raises when the two draw different tables.
    """
    cases = list(audit.cases.in_sample())
    returns = list(audit.agency_returns.select_related("agency"))
    cells = grid.read_cells(audit)
    readable = grid.readable_agencies(audit, user)

    def ours() -> str:
        return grid.join_rows(cases, returns, cells, readable)

    ready = [(case, CELL.findall(row)) for case, row in ROW.findall(ours())]

    def plain() -> str:
        return "".join(
            f'<tr><th scope="row">{case}</th>{"".join(map(plain_cell, row))}</tr>'
            for case, row in ready
        )

    if ours() != plain():
        raise RuntimeError("The plain grid is not the grid.")
    return {"grid": ours, "plain": plain}


def plain_cell(cell: tuple[str, str, str]) -> str:
    tone, address, words = cell
    if address:
        words = f'<a href="{address}">{words}</a>'
    return f'<td class="maca-cell maca-cell--{tone}">{words}</td>'
