"""Contributors asked about cases, recorded by hand by the agency's lead or the officer."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction

from agencies.domain import activity
from agencies.models import Contributor, User
from audits.domain.returns import locked
from audits.models import AgencyReturn, CaseReturn, ContributorRequest

Stage = ContributorRequest.Stage
ANSWERED = (Stage.REPLIED, Stage.HOLDS_NOTHING, Stage.DECLINED)


@transaction.atomic
def ask(
    agency_return: AgencyReturn,
    *,
    by: User,
    contributors: Iterable[Contributor],
    new_names: Iterable[str] = (),
    case_returns: Collection[CaseReturn],
    asked_on: date,
) -> int:
    """Ask every contributor about every case given, once; says how many requests are new.

    A name not on the agency's list yet is added to it. Raises ReturnClosedError.
    """
    row = locked(agency_return, by=by)
    asked = [*contributors, *_by_name(row, new_names)]
    there = set(
        ContributorRequest.objects.filter(case_return__agency_return=row).values_list(
            "case_return", "contributor"
        )
    )
    wanted = {(case_return.pk, each.pk) for case_return in case_returns for each in asked}
    new = [
        ContributorRequest(case_return_id=case, contributor_id=who, asked_on=asked_on)
        for case, who in sorted(wanted - there)
    ]
    ContributorRequest.objects.bulk_create(new)
    if new:
        _record("asked contributors", row, by=by)
    return len(new)


def _by_name(agency_return: AgencyReturn, names: Iterable[str]) -> list[Contributor]:
    return [
        Contributor.objects.get_or_create(agency_id=agency_return.agency_id, name=name)[0]
        for name in names
    ]


@transaction.atomic
def record(
    agency_return: AgencyReturn,
    *,
    by: User,
    requests: Iterable[ContributorRequest],
    stage: str,
    answered_on: date | None = None,
    reason: str = "",
) -> int:
    """Write down what became of several requests. Raises ReturnClosedError."""
    row = locked(agency_return, by=by)
    changed = list(requests)
    for request in changed:
        request.stage = stage
        request.answered_on = answered_on if stage in ANSWERED else None
        request.reason = reason.strip() if stage == Stage.DECLINED else ""
    ContributorRequest.objects.bulk_update(changed, ["stage", "answered_on", "reason"])
    if changed:
        _record("recorded contributors' replies", row, by=by)
    return len(changed)


def _record(verb: str, agency_return: AgencyReturn, *, by: User) -> None:
    activity.record(
        verb,
        by=by,
        partnership=agency_return.audit.partnership_id,
        subject=agency_return,
        audit_id=agency_return.audit_id,
    )
