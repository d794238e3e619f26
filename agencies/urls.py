from django.urls import path

from agencies.views import (
    agency,
    body,
    contributor,
    directory,
    invitation,
    membership,
    partnership,
    person,
    post,
    second_factor,
    session,
)

urlpatterns = [
    path("session/", session.session_check, name="session-check"),
    path("session/stay/", session.session_stay, name="session-stay"),
    path("session/resume/", session.session_resume, name="session-resume"),
    path("directories/<slug:provider_id>/", directory.enter, name="openid_connect_login"),
    path("directories/<slug:provider_id>/back/", directory.back, name="openid_connect_callback"),
    path("directories/<slug:provider_id>/left/", directory.left, name="directory-left"),
    path("partnership/", partnership.partnership_choose, name="partnership-choose"),
    path("partnership/settings/", partnership.partnership_update, name="partnership-update"),
    path(
        "partnership/settings/second-step/",
        second_factor.second_factor_require,
        name="second-factor-require",
    ),
    path("agencies/", agency.agency_list, name="agency-list"),
    path("agencies/add/", agency.agency_create, name="agency-create"),
    path("agencies/<uuid:agency_id>/", agency.agency_detail, name="agency-detail"),
    path("agencies/<uuid:agency_id>/edit/", agency.agency_update, name="agency-update"),
    path("agencies/<uuid:agency_id>/close/", agency.agency_close, name="agency-close"),
    path(
        "agencies/<uuid:agency_id>/contributors/",
        contributor.contributor_list,
        name="contributor-list",
    ),
    path(
        "agencies/<uuid:agency_id>/contributors/sheet/",
        contributor.contributor_sheet,
        name="contributor-sheet",
    ),
    path(
        "agencies/<uuid:agency_id>/contributors/add/",
        contributor.contributor_create,
        name="contributor-create",
    ),
    path(
        "contributors/<uuid:contributor_id>/",
        contributor.contributor_update,
        name="contributor-update",
    ),
    path("bodies/add/", body.body_create, name="body-create"),
    path("bodies/<uuid:body_id>/", body.body_update, name="body-update"),
    path("mail/", post.mail_list, name="mail-list"),
    path("mail/send/", post.mail_send_failed, name="mail-send-failed"),
    path("mail/<uuid:message_id>/send/", post.mail_send, name="mail-send"),
    path("mail/<uuid:message_id>/leave/", post.mail_leave, name="mail-leave"),
    path("people/", person.person_list, name="person-list"),
    path("people/add/", person.person_invite, name="person-invite"),
    path("people/<uuid:person_id>/", person.person_detail, name="person-detail"),
    path("people/<uuid:person_id>/edit/", person.person_update, name="person-update"),
    path("people/<uuid:person_id>/deactivate/", person.person_deactivate, name="person-deactivate"),
    path(
        "people/<uuid:person_id>/second-step/",
        second_factor.second_factor_reset,
        name="second-factor-reset",
    ),
    path("people/<uuid:person_id>/activate/", person.person_reactivate, name="person-reactivate"),
    path(
        "people/<uuid:person_id>/roles/add/", membership.membership_create, name="membership-create"
    ),
    path("roles/<uuid:membership_id>/end/", membership.membership_end, name="membership-end"),
    path("people/<uuid:person_id>/invitation/", invitation.invitation_send, name="invitation-send"),
    path(
        "people/<uuid:person_id>/invitation/withdraw/",
        invitation.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("invitations/<str:token>/", invitation.invitation_accept, name="invitation-accept"),
]
