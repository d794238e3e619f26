"""An agency's return as a whole: who fills in what, the summative report, handing it in."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from agencies.domain import activity
from agencies.models import User
from agencies.roles import Permission
from audits.domain import case_returns, points
from audits.domain.drafts import Basis, ReturnClosedError, Text, raise_revision, writable
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    CaseReturn,
    CaseReturnStage,
    Known,
    Point,
    RestorativeAction,
    ReturnStage,
)


def may_lead(agency_return: AgencyReturn, user: User) -> bool:
    """Whether this person answers for the return: the agency's lead, or the officer for them."""
    return any(
        user.may(permission, agency_return.audit.partnership_id, agency_return.agency_id)
        for permission in (Permission.LEAD_RETURN, Permission.RUN_AUDIT)
    )


def locked(agency_return: AgencyReturn, *, by: User) -> AgencyReturn:
    """The row, locked, for somebody who may lead it. Raises ReturnClosedError."""
    row = AgencyReturn.objects.select_for_update(of=("self",)).get(pk=agency_return.pk)
    if not may_lead(row, by):
        raise PermissionDenied
    if row.stage != ReturnStage.OPEN:
        raise ReturnClosedError
    return row


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


@dataclass(frozen=True)
class RestorativeDraft:
    """`pk` is None for a new one; empty text with a pk takes it out."""

    pk: int | None
    text: str
    owner: str = ""
    due_on: date | None = None
    measure: str = ""

    def values(self) -> dict[str, Any]:
        """As the row holds it, by the names of its fields."""
        return {
            "text": self.text.strip(),
            "owner": self.owner.strip(),
            "due_on": self.due_on,
            "measure": self.measure.strip(),
        }


@dataclass(frozen=True)
class SummativeDraft:
    overview: str
    points: Mapping[UUID, str] = field(default_factory=dict)
    new_points: Mapping[str, Iterable[str]] = field(default_factory=dict)
    actions: Iterable[RestorativeDraft] = ()

    def texts(self) -> dict[str, str]:
        return {"overview": self.overview} | {
            f"point:{pk}": text for pk, text in self.points.items()
        }


def summative_texts(agency_return: AgencyReturn, returned: Iterable[Point]) -> dict[str, Text]:
    return {"overview": Text(agency_return.overview, agency_return.revision)} | {
        f"point:{each.pk}": Text(each.text, each.revision) for each in returned
    }


def summative_points(agency_return: AgencyReturn) -> dict[UUID, Point]:
    return {point.pk: point for point in agency_return.points.filter(case_return=None)}


@transaction.atomic
def save_summative(
    agency_return: AgencyReturn,
    *,
    by: User,
    draft: SummativeDraft,
    basis: Basis,
    give_way: Collection[str] = (),
) -> AgencyReturn:
    """Write what changed of the summative report; texts whose keys give way stay as they are.

    Raises ReturnClosedError or ConflictError.
    """
    row = locked(agency_return, by=by)
    returned = summative_points(row)
    current = summative_texts(row, returned.values())
    mine = {
        key: text
        for key, text in draft.texts().items()
        if key not in give_way and (not key.startswith("point:") or key in current)
    }
    keys = writable(mine, current, basis)
    if "overview" in keys:
        raise_revision(row, overview=draft.overview.strip())
    for pk, text in draft.points.items():
        if f"point:{pk}" in keys:
            raise_revision(returned[pk], text=text.strip())
    for kind, lines in draft.new_points.items():
        points.add_lines(row, kind=kind, lines=lines, by=by)
    _save_actions(row, draft.actions)
    return row


def _save_actions(agency_return: AgencyReturn, drafts: Iterable[RestorativeDraft]) -> None:
    there = {action.pk: action for action in agency_return.restorative_actions.all()}
    position = max((action.position for action in there.values()), default=-1) + 1
    for draft in drafts:
        values = draft.values()
        if draft.pk is None:
            if values["text"]:
                RestorativeAction.objects.create(
                    agency_return=agency_return, position=position, revision=1, **values
                )
                position += 1
        elif action := there.get(draft.pk):
            if not values["text"]:
                action.delete()
            elif any(getattr(action, name) != value for name, value in values.items()):
                raise_revision(action, **values)


@transaction.atomic
def hand_in_nothing(agency_return: AgencyReturn, *, by: User, how_checked: str) -> AgencyReturn:
    """A nil return: no case is known, so each is returned as not known, checked the same way.

    Raises GuardError if a case is known after all.
    """
    row = locked(agency_return, by=by)
    blank = [each for each in unfinished(row) if each.known in ("", Known.NO)]
    case_returns.return_as_not_known(blank, by=by, how_checked=how_checked)
    return transition(row, "nil", by=by)


def unfinished(agency_return: AgencyReturn) -> list[CaseReturn]:
    return list(
        agency_return.case_returns.in_sample()
        .exclude(stage__in=[CaseReturnStage.COMPLETE, CaseReturnStage.NOT_KNOWN])
        .select_related("case", "audit", "agency_return")
    )
