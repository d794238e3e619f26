"""Contributors asked about cases by the agency's lead or the officer, and replies that came by
hand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from agencies.domain import activity
from agencies.domain.contributors import take_over_list
from agencies.models import Contributor, User
from audits.domain.returns import locked
from audits.models import AgencyReturn, CaseReturn, ContributorRequest

Stage = ContributorRequest.Stage
ANSWERED = (Stage.REPLIED, Stage.HOLDS_NOTHING, Stage.DECLINED)


@dataclass(frozen=True)
class Wanted:
    """A contributor by name, new to the list or not, and the cases it is asked about."""

    name: str
    case_returns: Collection[CaseReturn]
    email: str = ""


@transaction.atomic
def ask(
    agency_return: AgencyReturn,
    *,
    by: User,
    contributors: Iterable[Contributor] = (),
    case_returns: Collection[CaseReturn] = (),
    wanted: Iterable[Wanted] = (),
    asked_on: date,
) -> int:
    """Ask every contributor about every case given, and each one wanted about its own, once;
    says how many requests are new.

    A name not on the agency's list yet is added to it. Raises ReturnClosedError.
    """
    row = locked(agency_return, by=by)
    pairs = {(case.pk, each.pk) for case in case_returns for each in contributors}
    pairs |= _pairs(row, list(wanted), by=by)
    there = set(
        ContributorRequest.objects.filter(case_return__agency_return=row).values_list(
            "case_return", "contributor"
        )
    )
    new = [
        ContributorRequest(case_return_id=case, contributor_id=who, asked_on=asked_on)
        for case, who in sorted(pairs - there)
    ]
    ContributorRequest.objects.bulk_create(new)
    if new:
        _record("asked contributors", row, by=by)
    return len(new)


def _pairs(row: AgencyReturn, wanted: list[Wanted], *, by: User) -> set[tuple[UUID, UUID]]:
    if not wanted:
        return set()
    take_over_list(agency=row.agency, by=by, rows=[(each.name, each.email) for each in wanted])
    ids = {name.casefold(): pk for pk, name in row.agency.contributors.values_list("pk", "name")}
    return {(case.pk, ids[each.name.casefold()]) for each in wanted for case in each.case_returns}


@dataclass(frozen=True)
class Chosen:
    """How many requests were added and taken back, and how many stay since they have content."""

    added: int
    taken_back: int
    kept: int


@transaction.atomic
def choose_cases(
    agency_return: AgencyReturn,
    *,
    by: User,
    contributor: Contributor,
    case_returns: Collection[CaseReturn],
    asked_on: date,
) -> Chosen:
    """Have one contributor asked about exactly these cases, as far as it has not answered others.

    Raises ReturnClosedError.
    """
    row = locked(agency_return, by=by)
    added = ask(
        row, by=by, contributors=[contributor], case_returns=case_returns, asked_on=asked_on
    )
    others = (
        ContributorRequest.objects.of_return(row)
        .filter(contributor=contributor)
        .exclude(case_return__in=case_returns)
    )
    blank = others.owing().filter(answers=None, points=None, reason="")
    gone = [request.pk for request in blank]
    kept = others.exclude(pk__in=gone).count()
    if gone:
        ContributorRequest.objects.filter(pk__in=gone).delete()
        _record("took back requests to a contributor", row, by=by)
    return Chosen(added, len(gone), kept)


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
    """Write down what became of several requests; a reason once given gives way to another alone.

    Raises ReturnClosedError.
    """
    row = locked(agency_return, by=by)
    # Read anew: the contributor may have answered since the page was opened.
    keys = [each.pk for each in requests]
    changed = list(ContributorRequest.objects.filter(case_return__agency_return=row, pk__in=keys))
    for request in changed:
        request.stage = stage
        request.answered_on = answered_on if stage in ANSWERED else None
        if stage == Stage.DECLINED:
            request.reason = reason.strip() or request.reason
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
