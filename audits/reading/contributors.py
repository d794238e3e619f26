from django.db.models import QuerySet

from audits.models import AgencyReturn, ContributorRequest


def request_rows(agency_return: AgencyReturn) -> QuerySet[ContributorRequest]:
    """Every request of a return, by contributor and case, for cases still in the sample."""
    return (
        ContributorRequest.objects.filter(
            case_return__agency_return=agency_return, case_return__case__withdrawn_at=None
        )
        .select_related("contributor", "case_return__case")
        .order_by("contributor__name", "case_return__case__number")
    )
