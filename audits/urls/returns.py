from django.urls import URLPattern, path

from audits.views import (
    agency_return,
    case_return,
    history,
    knowing,
    point,
    saving,
    screening,
    summative,
    tending,
)

RETURN = "returns/<uuid:return_id>/"
CASE = f"{RETURN}cases/<uuid:case_return_id>/"

urlpatterns: list[URLPattern] = [
    path(
        "audits/<uuid:audit_id>/returns/",
        agency_return.agency_return_list,
        name="agency-return-list",
    ),
    path(RETURN, agency_return.agency_return_detail, name="agency-return-detail"),
    path(f"{RETURN}assign/", agency_return.agency_return_assign, name="agency-return-assign"),
    path(f"{RETURN}known/", knowing.agency_return_known, name="agency-return-known"),
    path(
        f"{RETURN}steps/<slug:name>/",
        agency_return.agency_return_transition,
        name="agency-return-transition",
    ),
    path(f"{RETURN}screening/", screening.return_screening, name="return-screening"),
    path(
        f"{RETURN}screening/confirm/",
        screening.return_screening_confirm,
        name="return-screening-confirm",
    ),
    path(f"{RETURN}summative/", summative.summative_edit, name="summative-edit"),
    path(f"{RETURN}summative/save/", saving.summative_save, name="summative-save"),
    path(f"{RETURN}summative/screened/", saving.summative_screened, name="summative-screened"),
    path(f"{RETURN}summative/presence/", saving.summative_presence, name="summative-presence"),
    path(f"{RETURN}points/<uuid:point_id>/", point.point_update, name="point-update"),
    path(CASE, case_return.case_return_edit, name="case-return-edit"),
    path(f"{CASE}tend/", tending.case_return_tend, name="case-return-tend"),
    path(f"{CASE}save/", saving.case_return_save, name="case-return-save"),
    path(f"{CASE}screened/", saving.case_return_screened, name="case-return-screened"),
    path(f"{CASE}history/", history.case_return_history, name="case-return-history"),
    path(
        f"{CASE}history/<int:revision_id>/bring-back/",
        history.case_return_bring_back,
        name="case-return-bring-back",
    ),
    path(f"{RETURN}summative/history/", history.summative_history, name="summative-history"),
    path(
        f"{RETURN}summative/history/<int:report_revision_id>/bring-back/",
        history.summative_bring_back,
        name="summative-bring-back",
    ),
    path(f"{CASE}presence/", saving.case_return_presence, name="case-return-presence"),
    path(f"{CASE}take-back/", case_return.case_return_take_back, name="case-return-take-back"),
    path(f"{CASE}send-back/", case_return.case_return_send_back, name="case-return-send-back"),
]
