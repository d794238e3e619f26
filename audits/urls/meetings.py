"""The meeting, what came of it, and what is to be done about it."""

from django.urls import path

from audits.views import agreed_point, discussion, meeting

AUDIT = "audits/<uuid:audit_id>"
MEETING = f"{AUDIT}/meeting"
CASE = f"{MEETING}/cases/<uuid:case_id>"
POINT = f"{MEETING}/points/<uuid:point_id>"

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
]
