"""An agency's return as a whole: who fills in what, handing it in; see also `summative`."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from agencies.domain import activity
from agencies.models import User
from audits.domain import case_returns, guards
from audits.domain.guards import GuardError
from audits.domain.leading import hold_cases, locked, may_lead
from audits.domain.restorative import RestorativeDraft
from audits.domain.summative import (
    SummativeDraft,
    save_summative,
    summative_points,
    summative_texts,
)
from audits.domain.transitions import transition
from audits.models import AgencyReturn, CaseReturn, CaseReturnStage

__all__ = [
    "RestorativeDraft",
    "SummativeDraft",
    "assign",
    "hand_in_nothing",
    "locked",
    "may_lead",
    "save_summative",
    "summative_points",
    "summative_texts",
    "unfinished",
]


@transaction.atomic
def assign(agency_return: AgencyReturn, *, by: User, auditors: Mapping[UUID, User | None]) -> int:
    """Give case returns, by id, to auditors of the agency; says how many changed hands."""
    row = locked(agency_return, by=by)
    changed = []
    for case_return in row.case_returns.filter(pk__in=auditors):
        auditor = auditors[case_return.pk]
        if case_return.auditor_id != (auditor.pk if auditor else None):
            case_return.auditor = auditor
            changed.append(case_return)
    if changed:
        CaseReturn.objects.bulk_update(changed, ["auditor"])
        activity.record(
            "assigned cases to auditors",
            by=by,
            partnership=row.audit.partnership_id,
            subject=row,
            audit_id=row.audit_id,
        )
    return len(changed)


def hand_in_nothing(agency_return: AgencyReturn, *, by: User, how_checked: str) -> AgencyReturn:
    """A nil return: no case is known, so each is returned as not known, checked the same way.

    Raises GuardError: if a case is known after all nothing is written; if screening stops it,
    what was typed is kept, so that it can be cleared or reworded.
    """
    with activity.gathered():
        row = locked(agency_return, by=by)
        hold_cases(row)
        if known := guards.nothing_known(row):
            raise GuardError(known)
        case_returns.return_as_not_known(unfinished(row), by=by, how_checked=how_checked)
    return transition(row, "nil", by=by)


def unfinished(agency_return: AgencyReturn) -> list[CaseReturn]:
    return list(
        agency_return.case_returns.in_sample()
        .exclude(stage__in=[CaseReturnStage.COMPLETE, CaseReturnStage.NOT_KNOWN])
        .select_related("case", "audit", "agency_return")
    )
