"""Every address of the application: three apps and the sign-in pages."""

from django.urls import include, path

from maca.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("agencies.urls")),
    path("", include("audits.urls")),
    path("", include("reports.urls")),
]
