from django.urls import path

from reports.views import activity, home

AUDIT = "audits/<uuid:audit_id>/activity/"

urlpatterns = [
    path("", home.home, name="home"),
    path("activity/", activity.activity_list, name="activity-list"),
    path("activity/download/", activity.activity_download, name="activity-download"),
    path(AUDIT, activity.audit_activity, name="audit-activity"),
    path(f"{AUDIT}download/", activity.audit_activity_download, name="audit-activity-download"),
]
