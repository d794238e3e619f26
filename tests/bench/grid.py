"""The grid of an audit against the least that could draw the same: a join of plain strings."""

from collections.abc import Sequence

from agencies.models import User
from audits.models import AgencyReturn, Audit, Case, CaseReturnStage, Grade
from reports.reading import grid
from tests.bench.pages import Work


def both(audit: Audit, user: User) -> dict[str, Work]:
    """The project's way and the plain way, from the same rows; raises when they differ."""
    cases = list(audit.cases.in_sample())
    returns = list(audit.agency_returns.select_related("agency"))
    scale = list(audit.grades.all())
    cells = grid.read_cells(audit, user)

    def ours() -> str:
        return grid.join_rows(cases, returns, scale, cells)

    def plain() -> str:
        return plain_rows(cases, returns, scale, cells)

    if ours() != plain():
        raise RuntimeError("The plain grid is not the grid.")
    return {"grid": ours, "plain": plain}


def plain_rows(
    cases: Sequence[Case],
    returns: Sequence[AgencyReturn],
    scale: Sequence[Grade],
    cells: Sequence[grid.Cell],
) -> str:
    """Right for this audit alone: nothing is escaped and every agency has every case."""
    words = dict(CaseReturnStage.choices)
    grades = {grade.pk: grade for grade in scale}
    drawn = {}
    for pk, case, agency_return, stage, grade, _readable in cells:
        link = f"/returns/{agency_return}/cases/{pk}/"
        if stage == "complete":
            shown = grades[grade].label if grade else words[stage]
            tone = "complete" if not grade or grades[grade].meets_good else "below-good"
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
