"""The meeting itself: when, who came, and what became of each case."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from agencies.domain import activity
from agencies.models import User
from audits.domain.writing import MEETING, MEETING_AND_DRAFTING, fresh, hold
from audits.models import Attendance, Audit, Case, Discussion, Meeting


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One line of the attendance; without a name it is taken off the list."""

    id: int | None = None
    name: str = ""
    job_title: str = ""
    agency_id: UUID | None = None
    body_id: UUID | None = None
    state: str = Attendance.State.ATTENDED


def meeting_of(audit: Audit) -> Meeting:
    return Meeting.objects.get_or_create(audit=audit)[0]


@transaction.atomic
def record_meeting(
    *, audit: Audit, held_on: date | None, chaired_by: str, notes: str, revision: int, by: User
) -> Meeting:
    held = hold(audit, MEETING)
    meeting = fresh(meeting_of(held), revision)
    meeting.held_on, meeting.chaired_by, meeting.notes = held_on, chaired_by, notes
    meeting.revision += 1
    meeting.save()
    activity.record(
        "recorded the meeting",
        by=by,
        partnership=held.partnership_id,
        subject=meeting,
        audit_id=held.pk,
    )
    return meeting


@transaction.atomic
def record_attendance(
    *, audit: Audit, attendees: list[Attendee], revision: int, by: User
) -> Meeting:
    """Make the attendance what the list says, in its order; people not on it are left alone."""
    held = hold(audit, MEETING_AND_DRAFTING)
    meeting = fresh(meeting_of(held), revision)
    known = {row.pk: row for row in meeting.attendance.all()}
    position = len(known)
    for attendee in attendees:
        row = known.get(attendee.id) if attendee.id is not None else None
        if not attendee.name:
            if row is not None:
                row.delete()
            continue
        if row is None:
            row = Attendance(meeting=meeting, position=position)
            position += 1
        row.name, row.job_title, row.state = attendee.name, attendee.job_title, attendee.state
        row.agency_id, row.body_id = attendee.agency_id, attendee.body_id
        row.save()
    meeting.revision += 1
    meeting.save(update_fields=["revision"])
    activity.record(
        "recorded who attended",
        by=by,
        partnership=held.partnership_id,
        subject=meeting,
        audit_id=held.pk,
    )
    return meeting


@transaction.atomic
def record_introduction(*, case: Case, introduced_by: str, revision: int, by: User) -> Discussion:
    audit = hold(case.audit, MEETING)
    discussion = _discussion(case, revision)
    discussion.introduced_by = introduced_by
    return _save(discussion, "recorded who introduced a case", audit, by)


@transaction.atomic
def mark_discussed(*, case: Case, by: User) -> Discussion:
    return _settle(case, Discussion.State.DISCUSSED, "", "marked a case as discussed", by)


@transaction.atomic
def pass_over(*, case: Case, reason: str, by: User) -> Discussion:
    """Leave a case undiscussed; the reason is compulsory and stays on the case."""
    if not reason.strip():
        raise ValueError("A case is passed over with a reason.")
    return _settle(case, Discussion.State.PASSED_OVER, reason, "passed over a case", by)


@transaction.atomic
def reopen_discussion(*, case: Case, by: User) -> Discussion:
    return _settle(case, "", "", "put a case back on the list to discuss", by)


def _settle(case: Case, state: str, reason: str, verb: str, by: User) -> Discussion:
    audit = hold(case.audit, MEETING)
    discussion = _discussion(case)
    discussion.state, discussion.passed_over_reason = state, reason
    return _save(discussion, verb, audit, by)


def _discussion(case: Case, revision: int | None = None) -> Discussion:
    row, _ = Discussion.objects.get_or_create(case=case)
    return row if revision is None else fresh(row, revision)


def _save(discussion: Discussion, verb: str, audit: Audit, by: User) -> Discussion:
    discussion.revision += 1
    discussion.save()
    activity.record(
        verb,
        by=by,
        partnership=audit.partnership_id,
        subject=discussion.case,
        audit_id=audit.pk,
    )
    return discussion
