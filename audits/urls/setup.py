from django.urls import URLPattern, path

from audits.views import audit, status

urlpatterns: list[URLPattern] = [
    path("audits/", audit.audit_list, name="audit-list"),
    path("audits/<uuid:audit_id>/", audit.audit_detail, name="audit-detail"),
    path("audits/add/", audit.audit_create, name="audit-create"),
    path("audits/<uuid:audit_id>/edit/", audit.audit_update, name="audit-update"),
    path("audits/<uuid:audit_id>/dates/", audit.audit_dates, name="audit-dates"),
    path("audits/<uuid:audit_id>/agencies/", audit.audit_agencies, name="audit-agencies"),
    path("audits/<uuid:audit_id>/grades/", audit.audit_grades, name="audit-grades"),
    path(
        "audits/<uuid:audit_id>/steps/<slug:name>/",
        status.audit_transition,
        name="audit-transition",
    ),
]
