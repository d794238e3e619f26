"""The meeting, what came of it, and what is to be done about it."""

from django.urls import path

from audits.views import (
    action,
    agreed_point,
    discussion,
    figure,
    finding,
    gap_heading,
    lead_in,
    meeting,
    placement,
)

AUDIT = "audits/<uuid:audit_id>"
MEETING = f"{AUDIT}/meeting"
CASE = f"{MEETING}/cases/<uuid:case_id>"
POINT = f"{MEETING}/points/<uuid:point_id>"
FINDINGS = f"{AUDIT}/findings"
FINDING = f"{FINDINGS}/<uuid:finding_id>"
PLACEMENT = f"{FINDINGS}/placements/<int:placement_id>"
LEAD_IN = f"{FINDINGS}/lead-ins/<int:lead_in_id>"
HEADING = f"{FINDINGS}/headings/<uuid:heading_id>"
FIGURE = f"{FINDINGS}/figures/<uuid:figure_id>"
ACTION = "actions/<uuid:action_id>"

urlpatterns = [
    path(f"{MEETING}/", meeting.meeting_detail, name="meeting-detail"),
    path(f"{MEETING}/edit/", meeting.meeting_update, name="meeting-update"),
    path(f"{MEETING}/attendance/", meeting.attendance_update, name="attendance-update"),
    path(f"{MEETING}/whole-audit/", discussion.meeting_whole, name="meeting-whole"),
    path(f"{CASE}/", discussion.meeting_case, name="meeting-case"),
    path(
        f"{CASE}/introduction/",
        discussion.discussion_introduction,
        name="discussion-introduction",
    ),
    path(f"{CASE}/discussed/", discussion.discussion_done, name="discussion-done"),
    path(f"{CASE}/to-discuss/", discussion.discussion_reopen, name="discussion-reopen"),
    path(f"{CASE}/passed-over/", discussion.discussion_pass_over, name="discussion-pass-over"),
    path(f"{CASE}/grade/", discussion.overall_grade_update, name="overall-grade-update"),
    path(
        f"{CASE}/grades/<uuid:case_return_id>/",
        discussion.agreed_grade_update,
        name="agreed-grade-update",
    ),
    path(f"{MEETING}/points/", agreed_point.agreed_point_create, name="agreed-point-create"),
    path(
        f"{MEETING}/points/all/",
        agreed_point.agreed_point_adopt_all,
        name="agreed-point-adopt-all",
    ),
    path(f"{POINT}/", agreed_point.agreed_point_update, name="agreed-point-update"),
    path(f"{POINT}/placement/", agreed_point.agreed_point_place, name="agreed-point-place"),
    path(f"{FINDINGS}/", finding.finding_list, name="finding-list"),
    path(f"{FINDINGS}/add/", finding.finding_create, name="finding-create"),
    path(f"{FINDINGS}/points/", finding.finding_begin, name="finding-begin"),
    path(f"{FINDINGS}/working-well/", finding.working_well_begin, name="working-well-begin"),
    path(f"{FINDING}/", finding.finding_update, name="finding-update"),
    path(f"{FINDING}/removal/", finding.finding_delete, name="finding-delete"),
    path(f"{FINDINGS}/put-back/", placement.placement_restore, name="placement-restore"),
    path(f"{PLACEMENT}/", placement.placement_update, name="placement-update"),
    path(f"{PLACEMENT}/position/", placement.placement_move, name="placement-move"),
    path(f"{PLACEMENT}/removal/", placement.placement_take_out, name="placement-take-out"),
    path(f"{FINDINGS}/lead-ins/add/", lead_in.lead_in_create, name="lead-in-create"),
    path(f"{LEAD_IN}/", lead_in.lead_in_update, name="lead-in-update"),
    path(f"{LEAD_IN}/position/", lead_in.lead_in_move, name="lead-in-move"),
    path(f"{LEAD_IN}/removal/", lead_in.lead_in_delete, name="lead-in-delete"),
    path(f"{FINDINGS}/headings/add/", gap_heading.gap_heading_create, name="gap-heading-create"),
    path(f"{HEADING}/", gap_heading.gap_heading_update, name="gap-heading-update"),
    path(f"{HEADING}/position/", gap_heading.gap_heading_move, name="gap-heading-move"),
    path(f"{HEADING}/removal/", gap_heading.gap_heading_delete, name="gap-heading-delete"),
    path(f"{FINDINGS}/figures/", figure.figure_list, name="figure-list"),
    path(f"{FINDINGS}/figures/add/", figure.figure_create, name="figure-create"),
    path(f"{FIGURE}/", figure.figure_update, name="figure-update"),
    path(f"{FIGURE}/removal/", figure.figure_delete, name="figure-delete"),
    path(f"{AUDIT}/actions/", action.audit_action_list, name="audit-action-list"),
    path(f"{AUDIT}/actions/add/", action.action_create, name="action-create"),
    path("actions/", action.action_list, name="action-list"),
    path(f"{ACTION}/", action.action_detail, name="action-detail"),
    path(f"{ACTION}/edit/", action.action_update, name="action-update"),
    path(f"{ACTION}/progress/", action.action_progress, name="action-progress"),
    path(f"{ACTION}/carry-over/", action.action_carry_over, name="action-carry-over"),
    path(f"{ACTION}/removal/", action.action_delete, name="action-delete"),
]
