from audits.urls import concerns, contributors, meetings, returns, setup

urlpatterns = [
    *setup.urlpatterns,
    *returns.urlpatterns,
    *concerns.urlpatterns,
    *contributors.urlpatterns,
    *meetings.urlpatterns,
]
