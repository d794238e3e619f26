from audits.urls import (
    answering,
    chasing,
    concerns,
    contributors,
    meetings,
    returns,
    seals,
    setup,
)

urlpatterns = [
    *setup.urlpatterns,
    *returns.urlpatterns,
    *answering.urlpatterns,
    *chasing.urlpatterns,
    *concerns.urlpatterns,
    *contributors.urlpatterns,
    *meetings.urlpatterns,
    *seals.urlpatterns,
]
