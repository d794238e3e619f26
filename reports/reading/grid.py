"""The grid of an audit: a row a case, a column an agency, a cell the state of a case return
or, once it is complete, the agency's own grade.

Cells are joined in Python: sixty cases by twelve agencies through a template's conditions
cost many times as much. What comes from a row is escaped once for each way a cell can look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from uuid import UUID

from django.db.models import BooleanField, When
from django.db.models import Case as Switch
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from agencies.models import User
from audits.models import AgencyReturn, Audit, Case, CaseReturn, CaseReturnStage, Grade
from audits.models.agency_return import readable_returns

NOT_ASKED = '<td class="maca-cell maca-cell--none">Not asked</td>'

Cell = tuple[UUID, UUID, UUID, str, int | None, bool]
"""Ids of the case return, of its case, of its agency return; stage; id of the own grade; whether
the user may read the return, and so follow a link to it."""


@dataclass(frozen=True)
class Grid:
    agency_returns: Sequence[AgencyReturn]
    rows: SafeString
    """Table rows, one a case."""


def grid(
    audit: Audit,
    user: User,
    *,
    cases: Sequence[Case],
    agency_returns: Sequence[AgencyReturn],
    scale: Sequence[Grade],
) -> Grid:
    cells = read_cells(audit, user)
    return Grid(agency_returns, join_rows(cases, agency_returns, scale, cells))


def read_cells(audit: Audit, user: User) -> list[Cell]:
    """Those of withdrawn cases too, which have no row to stand in: joining the cases to leave
    them out costs more than they do, and so do the grades."""
    may_read = When(readable_returns(user), then=True)
    return list(
        CaseReturn.objects.filter(audit=audit)
        .order_by()
        .values_list(
            "pk",
            "case",
            "agency_return",
            "stage",
            "own_grade",
            Switch(may_read, default=False, output_field=BooleanField()),
        )
    )


def join_rows(
    cases: Sequence[Case],
    agency_returns: Sequence[AgencyReturn],
    scale: Sequence[Grade],
    cells: Sequence[Cell],
) -> SafeString:
    grades: dict[int | None, Grade] = {grade.pk: grade for grade in scale}
    columns = {each.pk: (at, _address(each.pk)) for at, each in enumerate(agency_returns)}
    rows = {case.pk: [NOT_ASKED] * len(columns) for case in cases}
    looks = {
        (stage, grade, readable): _look(stage, grades.get(grade), readable=readable)
        for stage, grade, readable in {cell[3:] for cell in cells}
    }
    for cell in cells:
        pk, case_id, agency_return = cell[:3]
        before, after = looks[cell[3:]]
        # Somebody may have asked an agency or added a case since those were read.
        if case_id in rows and agency_return in columns:
            at, address = columns[agency_return]
            rows[case_id][at] = f"{before}{address}{pk}{after}" if after else before
    return mark_safe(  # noqa: S308 - every word in it was escaped where it was put in
        "".join(
            f'<tr><th scope="row">{escape(str(case))}</th>{"".join(rows[case.pk])}</tr>'
            for case in cases
        )
    )


_STAGES = {value: (label, value.replace("_", "-")) for value, label in CaseReturnStage.choices}
_PLACEHOLDER = UUID(int=0)


def _address(return_id: UUID) -> str:
    """Where the case returns of an agency return are, up to their own ids."""
    address = reverse(
        "case-return-edit", kwargs={"return_id": return_id, "case_return_id": _PLACEHOLDER}
    )
    return address.removesuffix(f"{_PLACEHOLDER}/")


def _look(stage: str, grade: Grade | None, *, readable: bool) -> tuple[str, str]:
    """What stands before and after the address; without a link, all of the cell and nothing.

    Those who may not read a return see its state, never its grade.
    """
    words, tone = _STAGES[stage]
    if not readable:
        return f'<td class="maca-cell maca-cell--{tone}">{words}</td>', ""
    if stage == CaseReturnStage.COMPLETE and grade:
        words, tone = escape(grade.label), "complete" if grade.meets_good else "below-good"
    before = f'<td class="maca-cell maca-cell--{tone}"><a href="'
    return before, f'/">{words}</a></td>'
