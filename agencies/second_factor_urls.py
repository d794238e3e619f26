"""The library's pages for second factors under addresses of ours, its names kept: it asks for them.

Signing in with a passkey alone and trusting a browser are left out: see the decisions.
"""

from django.urls import path

from agencies.views import second_factor

urlpatterns = [
    path("", second_factor.own_page, name="mfa_index"),
    path("check/", second_factor.check, name="mfa_authenticate"),
    path("app/", second_factor.app, name="mfa_activate_totp"),
    path("app/remove/", second_factor.app_remove, name="mfa_deactivate_totp"),
    path("passkeys/add/", second_factor.passkey_add, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", second_factor.passkey_rename, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", second_factor.passkey_remove, name="mfa_remove_webauthn"),
    path("codes/", second_factor.codes, name="mfa_view_recovery_codes"),
    path("codes/make/", second_factor.codes_make, name="mfa_generate_recovery_codes"),
]
