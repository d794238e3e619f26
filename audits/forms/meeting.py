from typing import Any

from django import forms

from agencies.forms import fields
from audits.domain.meetings import Attendee
from audits.forms.owners import Choices, place_ids, place_value
from audits.forms.revisioned import RevisionedForm
from audits.models import Attendance, Meeting
from audits.reading.meeting import Suggestion

BLANK_ROWS = 4


class MeetingForm(RevisionedForm):
    held_on = fields.DateField(
        label="Date the meeting was held", required=False, help_text="Printed in both documents."
    )
    chaired_by = fields.CharField(
        label="Chaired by", required=False, max_length=200, width="20", help_text="Name and role."
    )
    notes = fields.TextField(
        label="Notes",
        required=False,
        help_text="For the business unit; printed nowhere. Never name a child or their family.",
    )


class AttendeeForm(forms.Form):
    """One person. A person who was suggested counts only once it is said whether they came."""

    STATES = [("", "Choose"), *Attendance.State.choices]
    LISTED_STATES = [*Attendance.State.choices, ("off", "Take off the list")]

    hide_optional = True
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = fields.CharField(label="Name", required=False, max_length=200)
    job_title = fields.CharField(label="Job title", required=False, max_length=200)
    place = fields.SelectField(label="Agency or body", required=False)
    state = fields.SelectField(label="Came or sent apologies", required=False, choices=STATES)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        if self.initial.get("id"):
            self.fields["state"].choices = self.LISTED_STATES  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") in Attendance.State.values and not cleaned.get("name"):
            self.add_error("name", "Enter a name, or take the person off the list.")
        return cleaned

    def attendee(self) -> Attendee | None:
        """What this row asks for; None when it asks for nothing. Call when valid."""
        row = self.cleaned_data
        if not row:
            return None
        if row["state"] == "off" and row["id"]:
            return Attendee(id=row["id"])
        suggested = self.initial.get("name") and not self.initial.get("id")
        if not row["name"] or (suggested and not row["state"]):
            return None
        agency_id, body_id = place_ids(row["place"])
        return Attendee(
            id=row["id"],
            name=row["name"],
            job_title=row["job_title"],
            agency_id=agency_id,
            body_id=body_id,
            state=row["state"] or Attendance.State.ATTENDED,
        )


AttendanceFormSet = forms.formset_factory(AttendeeForm, extra=BLANK_ROWS)


def attendance_rows(
    present: list[Attendance], suggestions: list[Suggestion]
) -> list[dict[str, Any]]:
    """What the rows show at first: people on the list, then those who might have come."""
    listed = [
        {
            "id": row.pk,
            "name": row.name,
            "job_title": row.job_title,
            "place": place_value(row.agency_id, row.body_id),
            "state": row.state,
        }
        for row in present
    ]
    suggested = [
        {
            "name": each.name,
            "job_title": each.job_title,
            "place": place_value(each.agency_id, None),
        }
        for each in suggestions
    ]
    return listed + suggested


class AttendanceRevisionForm(RevisionedForm):
    """The revision of the meeting that the attendance on the page was read at."""

    prefix = "meeting"

    @classmethod
    def showing(cls, meeting: Meeting | None) -> "AttendanceRevisionForm":
        return cls(initial={"revision": meeting.revision if meeting else 0})
