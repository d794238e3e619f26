from django.urls import URLPattern, path

from audits.views import identity, seal

SEALED = "audits/<uuid:audit_id>/sealed/"

urlpatterns: list[URLPattern] = [
    path(SEALED, seal.seal_detail, name="seal-detail"),
    path(f"{SEALED}begin/", seal.seal_create, name="seal-create"),
    path(f"{SEALED}until/", seal.seal_update, name="seal-update"),
    path(f"{SEALED}destroy/", seal.seal_destroy, name="seal-destroy"),
    path(f"{SEALED}hold/", seal.legal_hold_create, name="legal-hold-create"),
    path(f"{SEALED}hold/lift/", seal.legal_hold_lift, name="legal-hold-lift"),
    path(f"{SEALED}enter/", identity.identity_seal, name="identity-seal"),
    path(f"{SEALED}upload/", identity.identity_upload, name="identity-upload"),
    path(f"{SEALED}workbook/", identity.identity_workbook, name="identity-workbook"),
    path(f"{SEALED}look/", identity.identity_reveal, name="identity-reveal"),
    path(f"{SEALED}cases/<uuid:case_id>/remove/", identity.identity_remove, name="identity-remove"),
]
