from django.urls import URLPattern, path

from audits.views import contribution

CONTRIBUTE = "contribute/"

# Behind a link instead of the login: each of these views is `held`, but for the first.
held_patterns: list[URLPattern] = [
    path(
        f"{CONTRIBUTE}links/<str:token>/", contribution.contribution_open, name="contribution-open"
    ),
    path(f"{CONTRIBUTE}code/", contribution.contribution_confirm, name="contribution-confirm"),
    path(CONTRIBUTE, contribution.contribution_detail, name="contribution-detail"),
    path(f"{CONTRIBUTE}nothing/", contribution.contribution_nothing, name="contribution-nothing"),
    path(
        f"{CONTRIBUTE}cases/<uuid:request_id>/",
        contribution.contribution_edit,
        name="contribution-edit",
    ),
    path(f"{CONTRIBUTE}finish/", contribution.contribution_finish, name="contribution-finish"),
]

urlpatterns = held_patterns
