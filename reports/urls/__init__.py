from reports.urls import dashboards, documents, home

urlpatterns = [*home.urlpatterns, *dashboards.urlpatterns, *documents.urlpatterns]
