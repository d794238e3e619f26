from audits.urls import concerns, meetings, returns, setup

urlpatterns = [
    *setup.urlpatterns,
    *returns.urlpatterns,
    *concerns.urlpatterns,
    *meetings.urlpatterns,
]
