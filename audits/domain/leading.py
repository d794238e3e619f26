"""Who answers for an agency's return, and the return held while they do."""

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import PermissionDenied

from agencies.models import User
from agencies.roles import Permission
from audits.domain.drafts import ReturnClosedError
from audits.models import AgencyReturn, Audit, CaseReturn, Point, ReturnStage, Stage


def may_lead(agency_return: AgencyReturn, user: User) -> bool:
    """Whether this person answers for the return: the agency's lead, or the officer for them."""
    enough = (Permission.LEAD_RETURN, Permission.RUN_AUDIT)
    return user.may_any_of(enough, agency_return.audit.partnership_id, agency_return.agency_id)


def may_fill(row: AgencyReturn | CaseReturn, user: User) -> bool:
    """Whether this person writes in a return's cases, and so reads what was drafted: the agency's
    own people, or the officer from paper."""
    enough = (Permission.ANSWER_RETURN, Permission.RUN_AUDIT)
    return user.may_any_of(enough, row.audit.partnership_id, row.agency_id)


def is_inside(row: AgencyReturn | CaseReturn, user: User) -> bool:
    """Whether somebody who reads a return, or a case in it, also reads how it was put together.

    That is what each contributor said, and who they are; the agencies that read the return at
    the meeting do not.
    """
    enough = (
        Permission.ANSWER_RETURN,
        Permission.SEE_RETURNS,
        Permission.SEE_RETURNS_FROM_MEETING,
    )
    return user.may_any_of(enough, row.audit.partnership_id, row.agency_id)


def is_open(row: AgencyReturn | CaseReturn | Point) -> bool:
    """Whether what a return says, or a part of it, may change: it is not handed in, and its audit
    still asks for it."""
    agency_return = row if isinstance(row, AgencyReturn) else row.agency_return
    asks = row.audit.stage in (Stage.COLLECTING, Stage.MEETING)
    return asks and agency_return is not None and agency_return.stage == ReturnStage.OPEN


def may_read_agreed(audit: Audit, user: User) -> bool:
    """Whether somebody who drafts may read what the meeting agreed, and with it the documents. An
    audit that was taken back behind its meeting keeps that, and until it meets again only those who
    read returns at any time may read it."""
    reads = user.may(Permission.SEE_RETURNS, audit.partnership_id)
    return reads or audit.has_reached(Stage.MEETING)


def locked(agency_return: AgencyReturn, *, by: User) -> AgencyReturn:
    """The row, locked, for somebody who may lead it. Raises ReturnClosedError."""
    rows = AgencyReturn.objects.select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=agency_return.pk)
    if not may_lead(row, by):
        raise PermissionDenied
    if not is_open(row):
        raise ReturnClosedError
    return row


def hold_audit(audit_id: UUID) -> Audit:
    """The audit as it now stands, held at its stage before anything else of it is locked.

    Rows that refer to it are written meanwhile: a lock on its key, too, would wait in a circle
    with whoever holds the end of its chain and commits such a row.
    """
    return Audit.objects.select_for_update(of=("self",), no_key=True).get(pk=audit_id)


def hold_cases(agency_return: AgencyReturn, among: Collection[UUID] | None = None) -> None:
    """Lock its case returns, or these of them, before anything else is: whoever needs several
    takes them in this order, and after the return itself where it needs that too."""
    rows = CaseReturn.objects.filter(agency_return=agency_return)
    if among is not None:
        rows = rows.filter(pk__in=among)
    list(
        rows.select_for_update(of=("self",), no_key=True).order_by("case__number").values_list("pk")
    )
