from django.urls import URLPattern, path

from audits.urls.returns import CASE, RETURN
from audits.views import collation, contribution, contributor_link, contributor_request

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

CONTRIBUTORS = f"{RETURN}contributors/"

urlpatterns: list[URLPattern] = [
    *held_patterns,
    path(
        CONTRIBUTORS,
        contributor_request.contributor_request_list,
        name="contributor-request-list",
    ),
    path(
        f"{CONTRIBUTORS}ask/",
        contributor_request.contributor_request_create,
        name="contributor-request-create",
    ),
    path(
        f"{CONTRIBUTORS}send/", contributor_link.contributor_link_send, name="contributor-link-send"
    ),
    path(
        f"{CONTRIBUTORS}remind/",
        contributor_link.contributor_link_remind,
        name="contributor-link-remind",
    ),
    path(
        f"{CONTRIBUTORS}<uuid:contributor_id>/",
        contributor_request.contributor_request_detail,
        name="contributor-request-detail",
    ),
    path(
        f"{CONTRIBUTORS}<uuid:contributor_id>/withdraw/",
        contributor_link.contributor_link_withdraw,
        name="contributor-link-withdraw",
    ),
    path(f"{CASE}contributors/", collation.collation_edit, name="collation-edit"),
]
