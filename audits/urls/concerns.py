from django.urls import URLPattern, path

from audits.views import concern

urlpatterns: list[URLPattern] = [
    path("returns/<uuid:return_id>/concern/", concern.concern_create, name="concern-create"),
    path(
        "returns/<uuid:return_id>/concern/worker/", concern.concern_conduct, name="concern-conduct"
    ),
    path("concerns/<uuid:concern_id>/", concern.concern_detail, name="concern-detail"),
    path("concerns/<uuid:concern_id>/edit/", concern.concern_update, name="concern-update"),
]
