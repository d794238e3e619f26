"""Every address of the application: three apps and the sign-in pages."""

from allauth.account.urls import urlpatterns as allauth_patterns
from django.urls import URLPattern, include, path

from agencies.confirming import confirmed_to_open
from maca.health import health, health_work

# Signing in and passwords, and no more of allauth: whoever could change their own address could
# take one that is about to be invited, and its role with it.
SIGN_IN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
# Whoever finds a session open must not give it a password, and with that confirm who they are.
CONFIRMED_FIRST = {"account_set_password"}


def _as_meant(pattern: URLPattern) -> URLPattern:
    if pattern.name not in CONFIRMED_FIRST:
        return pattern
    return path(str(pattern.pattern), confirmed_to_open(pattern.callback), name=pattern.name)


sign_in_patterns = [_as_meant(pattern) for pattern in allauth_patterns if pattern.name in SIGN_IN]

urlpatterns = [
    path("health/", health, name="health"),
    path("health/work/", health_work, name="health-work"),
    path("accounts/", include(sign_in_patterns)),
    path("accounts/second-step/", include("agencies.second_factor_urls")),
    path("", include("agencies.urls")),
    path("", include("audits.urls")),
    path("", include("reports.urls")),
]

handler403 = "agencies.views.refused.not_allowed"
handler404 = "agencies.views.refused.not_found"
