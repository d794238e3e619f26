from reports.urls import dashboards, documents, home, workbooks

urlpatterns = [
    *home.urlpatterns,
    *dashboards.urlpatterns,
    *documents.urlpatterns,
    *workbooks.urlpatterns,
]
