"""Who owes what, who is reminded of it, and who is given more time."""

from django.urls import URLPattern, path

from audits.views import calendar, reminder, time_request

AUDIT = "audits/<uuid:audit_id>"
RETURN = "returns/<uuid:return_id>"

urlpatterns: list[URLPattern] = [
    path(f"{AUDIT}/calendar.ics", calendar.audit_calendar, name="audit-calendar"),
    path(f"{AUDIT}/returns/remind/", reminder.reminder_create, name="reminder-create"),
    path(f"{RETURN}/more-time/", time_request.time_request_create, name="time-request-create"),
    path(
        f"{RETURN}/more-time/<uuid:time_request_id>/",
        time_request.time_request_answer,
        name="time-request-answer",
    ),
]
