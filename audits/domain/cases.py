"""Cases: how they get their number, and how they leave the sample without losing it."""

from collections.abc import Callable, Iterable

from django.db.models import Max
from django.utils import timezone

from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.models import User
from audits.domain.circulation import ask_about_cases
from audits.domain.leading import hold_audit
from audits.models import Audit, Case, Nomination, Stage

TAKES_CASES = (Stage.NOMINATING, Stage.COLLECTING)
LOSES_CASES = (Stage.NOMINATING, Stage.COLLECTING, Stage.MEETING, Stage.DRAFTING)


def takes_cases(audit: Audit) -> bool:
    return audit.stage in TAKES_CASES


def loses_cases(audit: Audit) -> bool:
    return audit.stage in LOSES_CASES


@activity.gathered()
def add_cases(*, audit: Audit, by: User, count: int) -> list[Case]:
    """Number cases that nobody nominated here, for example sixty agreed elsewhere."""
    return number_cases(
        audit, by=by, makers=[lambda number: Case(audit=audit, number=number)] * count
    )


@activity.gathered()
def add_cases_with_reasons(*, audit: Audit, by: User, reasons: Iterable[str]) -> list[Case]:
    """One case a reason, each kept as a nomination that was selected at once."""
    nominations = [
        Nomination(audit=audit, reason=reason, by=by, stage=Nomination.Stage.SELECTED)
        for reason in reasons
    ]
    Nomination.objects.bulk_create(nominations)
    return number_cases(
        audit, by=by, makers=[_from_nomination(audit, each) for each in nominations]
    )


@activity.gathered()
def select_nominations(*, audit: Audit, by: User, nominations: Iterable[Nomination]) -> list[Case]:
    """Give the next numbers to proposed cases, in the order in which they were proposed."""
    chosen = list(
        audit.nominations.select_for_update(no_key=True).filter(
            pk__in=[each.pk for each in nominations], stage=Nomination.Stage.PROPOSED
        )
    )
    for nomination in chosen:
        nomination.stage = Nomination.Stage.SELECTED
    Nomination.objects.bulk_update(chosen, ["stage"])
    return number_cases(audit, by=by, makers=[_from_nomination(audit, each) for each in chosen])


def _from_nomination(audit: Audit, nomination: Nomination) -> Callable[[int], Case]:
    return lambda number: Case(audit=audit, number=number, nomination=nomination)


def number_cases(audit: Audit, *, by: User, makers: list[Callable[[int], Case]]) -> list[Case]:
    """Make one case a maker, called with its number. Call inside a transaction.

    Numbers follow the highest ever given in the audit, so a retired one never comes back.
    An audit that is collecting asks its agencies about the new cases at once.
    """
    locked = hold_audit(audit.pk)
    if not takes_cases(locked):
        raise RefusedError("Cases are added while the audit is nominating or collecting.")
    last = locked.cases.aggregate(last=Max("number"))["last"] or 0
    cases = [make(last + place) for place, make in enumerate(makers, start=1)]
    Case.objects.bulk_create(cases)
    for case in cases:
        _record("numbered a case", case=case, audit=locked, by=by)
    if cases and locked.stage == Stage.COLLECTING:
        ask_about_cases(locked, by=by)
    return cases


@activity.gathered()
def withdraw_case(*, case: Case, by: User, reason: str) -> Case:
    """Take a case out of the sample; its number is retired with the reason."""
    audit = hold_audit(case.audit_id)
    locked = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    locked.audit = audit
    if locked.is_withdrawn:
        raise RefusedError(f"{locked} is already withdrawn.")
    if not loses_cases(audit):
        raise RefusedError("Cases are withdrawn before the audit is published.")
    if not reason.strip():
        raise RefusedError("Give a reason.")
    locked.withdrawn_at = timezone.now()
    locked.withdrawn_by = by
    locked.withdrawn_reason = reason.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _record("withdrew a case", case=locked, audit=audit, by=by)
    return locked


@activity.gathered()
def replace_case(
    *, case: Case, by: User, reason: str = "", nomination: Nomination | None = None
) -> Case:
    """Withdraw a case, unless that was done before, and number the one that takes its place."""
    if not case.is_withdrawn:
        case = withdraw_case(case=case, by=by, reason=reason)
    if Case.objects.filter(replaces=case).exists():
        raise RefusedError(f"{case} was already replaced.")
    if nomination is not None:
        nomination.stage = Nomination.Stage.SELECTED
        nomination.save(update_fields=["stage"])
    [new] = number_cases(
        case.audit,
        by=by,
        makers=[
            lambda number: Case(
                audit=case.audit, number=number, replaces=case, nomination=nomination
            )
        ],
    )
    return new


def _record(verb: str, *, case: Case, audit: Audit, by: User) -> None:
    activity.record(verb, by=by, partnership=audit.partnership_id, subject=case, audit_id=audit.pk)
