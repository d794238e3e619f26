"""What circulating does: it freezes the toolkit and asks every agency about every case."""

from django.utils import timezone

from agencies.models import User
from audits.domain import notices
from audits.models import Audit, CaseReturn, ReturnStage, Toolkit

REOPENED_BY_A_CASE = "A case was added to the sample after the return was handed in."


def circulate(audit: Audit, *, by: User) -> None:
    Toolkit.objects.filter(pk=audit.toolkit_id, frozen_at=None).update(frozen_at=timezone.now())
    ask_about_cases(audit, by=by)


def ask_about_cases(audit: Audit, *, by: User) -> int:
    """Make the case returns that are missing, agency by case, and say how many were made.

    A return that was handed in and now lacks an answer is reopened, with a trace: nothing
    signed off may come to mean less than it did. The agencies concerned are told by mail.
    """
    # The table of transitions names this module, so it cannot be imported before it.
    from audits.domain.transitions import transition

    asked = list(audit.agency_returns.select_related("agency"))
    cases = list(audit.cases.in_sample())
    there = set(audit.case_returns.values_list("agency_return", "case"))
    missing = [
        CaseReturn(audit=audit, agency=row.agency, agency_return=row, case=case)
        for row in asked
        for case in cases
        if (row.pk, case.pk) not in there
    ]
    CaseReturn.objects.bulk_create(missing)
    lacking = {case_return.agency_return_id for case_return in missing}
    for row in asked:
        if row.pk in lacking and row.stage in (ReturnStage.SIGNED_OFF, ReturnStage.NIL):
            transition(row, "reopen", by=by, reason=REOPENED_BY_A_CASE)
    notices.cases_to_audit(audit, [row for row in asked if row.pk in lacking])
    return len(missing)
