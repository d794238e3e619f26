from audits.urls import meetings, returns, setup

urlpatterns = [*setup.urlpatterns, *returns.urlpatterns, *meetings.urlpatterns]
