"""The grid of an audit against the least that could draw the same: a join of plain strings."""

from collections.abc import Sequence

from agencies.models import User
from audits.models import AgencyReturn, Audit, Case, CaseReturnStage
from reports.reading import grid
from tests.bench.pages import Work


def both(audit: Audit, user: User) -> dict[str, Work]:
    """The project's way and the plain way, from the same rows; raises when they differ."""
    cases = list(audit.cases.in_sample())
    returns = list(audit.agency_returns.select_related("agency"))
    cells = grid.read_cells(audit, user)

    def ours() -> str:
        return grid.join_rows(cases, returns, cells)

    def plain() -> str:
        return plain_rows(cases, returns, cells)

    if ours() != plain():
        raise RuntimeError("The plain grid is not the grid.")
    return {"grid": ours, "plain": plain}


def plain_rows(
    cases: Sequence[Case], returns: Sequence[AgencyReturn], cells: Sequence[grid.Cell]
) -> str:
    """Right for this audit alone: nothing is escaped and every agency has every case."""
    words = dict(CaseReturnStage.choices)
    drawn = {}
    for pk, case, agency_return, stage, grade, good, _readable in cells:
        link = f"/returns/{agency_return}/cases/{pk}/"
        if stage == "complete":
            tone, shown = "complete" if good else "below-good", grade
        else:
            tone, shown = stage.replace("_", "-"), words[stage]
        drawn[case, agency_return] = (
            f'<td class="maca-cell maca-cell--{tone}"><a href="{link}">{shown}</a></td>'
        )
    return "".join(
        f'<tr><th scope="row">{case}</th>'
        f"{''.join(drawn[case.pk, each.pk] for each in returns)}</tr>"
        for case in cases
    )
