"""The grid of an audit: a row a case, a column an agency, a cell the state of a case return
or, once it is complete, the agency's own grade.

Cells are joined in Python: sixty cases by twelve agencies through a template's conditions
cost many times as much. Everything that comes from a row is escaped.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from agencies.models import User
from audits.models import AgencyReturn, Audit, Case, CaseReturn, CaseReturnStage
from audits.models.agency_return import readable_returns

NOT_ASKED = format_html('<td class="maca-cell maca-cell--none">{}</td>', "Not asked")

Cell = tuple[UUID, UUID, UUID, UUID, str, str | None, bool | None]
"""Ids of case, agency, case return, agency return; stage; own grade and whether it meets good."""


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
) -> Grid:
    readable = readable_agencies(audit, user)
    return Grid(agency_returns, join_rows(cases, agency_returns, read_cells(audit), readable))


def read_cells(audit: Audit) -> list[Cell]:
    return list(
        CaseReturn.objects.filter(audit=audit, case__withdrawn_at=None)
        .order_by()
        .values_list(
            "case",
            "agency",
            "pk",
            "agency_return",
            "stage",
            "own_grade__label",
            "own_grade__meets_good",
        )
    )


def readable_agencies(audit: Audit, user: User) -> set[UUID]:
    """Agencies whose returns in this audit the user may read, and so follow a link to."""
    readable = AgencyReturn.objects.filter(readable_returns(user), audit=audit)
    return set(readable.order_by().values_list("agency", flat=True))


def join_rows(
    cases: Sequence[Case],
    agency_returns: Sequence[AgencyReturn],
    cells: Sequence[Cell],
    readable: Collection[UUID],
) -> SafeString:
    address = _address_parts()
    drawn = {
        (cell[0], cell[1]): _cell(cell, address if cell[1] in readable else None) for cell in cells
    }
    agencies = [agency_return.agency_id for agency_return in agency_returns]
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                str(case),
                # Every part was escaped when it was drawn.
                mark_safe("".join(drawn.get((case.pk, each), NOT_ASKED) for each in agencies)),  # noqa: S308
            )
            for case in cases
        ),
    )


_STAGES = {value: (label, value.replace("_", "-")) for value, label in CaseReturnStage.choices}
_PLACEHOLDER = UUID(int=0)


def _address_parts() -> tuple[str, str, str]:
    """The address of a case return, split at its two ids: reversing each would cost too much."""
    address = reverse(
        "case-return-edit",
        kwargs={"return_id": _PLACEHOLDER, "case_return_id": _PLACEHOLDER},
    )
    before, between, after = address.split(str(_PLACEHOLDER))
    return before, between, after


def _cell(cell: Cell, address: tuple[str, str, str] | None) -> str:
    """One cell; without an address the state alone, for those who may not read the return."""
    _case, _agency, case_return, agency_return, stage, grade, meets_good = cell
    words, tone = _STAGES[stage]
    if address is None:
        return f'<td class="maca-cell maca-cell--{tone}">{words}</td>'
    if stage == CaseReturnStage.COMPLETE and grade:
        words, tone = escape(grade), "complete" if meets_good else "below-good"
    before, between, after = address
    link = f'<a href="{before}{agency_return}{between}{case_return}{after}">{words}</a>'
    return f'<td class="maca-cell maca-cell--{tone}">{link}</td>'
