from audits.urls import chasing, concerns, contributors, meetings, returns, setup

urlpatterns = [
    *setup.urlpatterns,
    *returns.urlpatterns,
    *chasing.urlpatterns,
    *concerns.urlpatterns,
    *contributors.urlpatterns,
    *meetings.urlpatterns,
]
