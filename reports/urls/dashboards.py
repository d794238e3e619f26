from django.urls import path

from reports.views import dashboard

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("audits/<uuid:audit_id>/dashboard/", dashboard.audit_dashboard, name="audit-dashboard"),
]
