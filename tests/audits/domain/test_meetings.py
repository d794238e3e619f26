from datetime import date
from typing import Any

import pytest

from audits.domain import grades, meetings
from audits.domain.meetings import Attendee
from audits.domain.writing import NotNowError, StaleError
from audits.models import AgreedGrade, Attendance, Discussion, Stage
from tests.audits.scenes import Scene, meeting_scene
from tests.factories import unsigned

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return meeting_scene(agencies=1)


def test_the_day_is_recorded_once_for_each_revision(scene: Scene) -> None:
    day: dict[str, Any] = {"held_on": date(2026, 6, 10), "chaired_by": "Charlie", "notes": ""}
    meeting = meetings.record_meeting(audit=scene.audit, revision=0, by=scene.officer, **day)
    assert (meeting.held_on, meeting.chaired_by, meeting.revision) == (
        date(2026, 6, 10),
        "Charlie",
        1,
    )
    with pytest.raises(StaleError):
        meetings.record_meeting(audit=scene.audit, revision=0, by=scene.chair, **day)


def test_attendance_is_added_changed_and_taken_off(scene: Scene) -> None:
    agency = scene.agencies[0]
    rows = [
        Attendee(name="Ana", job_title="Inspector", agency_id=agency.pk),
        Attendee(name="Ben", state=Attendance.State.APOLOGIES),
    ]
    meeting = meetings.record_attendance(
        audit=scene.audit, attendees=rows, revision=0, by=scene.officer
    )
    ana, ben = meeting.attendance.all()
    assert [(row.name, row.agency, row.state, row.position) for row in (ana, ben)] == [
        ("Ana", agency, "attended", 0),
        ("Ben", None, "apologies", 1),
    ]
    meetings.record_attendance(
        audit=scene.audit,
        attendees=[Attendee(id=ana.pk), Attendee(id=ben.pk, name="Ben B"), Attendee(name="Cy")],
        revision=1,
        by=scene.officer,
    )
    assert list(meeting.attendance.values_list("name", "state")) == [
        ("Ben B", "attended"),
        ("Cy", "attended"),
    ]


def test_attendance_can_still_be_put_right_while_drafting_but_not_later() -> None:
    scene = meeting_scene(stage=Stage.DRAFTING)
    meetings.record_attendance(
        audit=scene.audit, attendees=[Attendee(name="Ana")], revision=0, by=scene.officer
    )
    with pytest.raises(NotNowError):
        meetings.record_meeting(
            audit=scene.audit, held_on=None, chaired_by="", notes="", revision=1, by=scene.officer
        )
    scene.audit.stage = Stage.PUBLISHED
    scene.audit.save()
    with pytest.raises(NotNowError, match="meeting or drafting"):
        meetings.record_attendance(audit=scene.audit, attendees=[], revision=1, by=scene.officer)


def test_a_case_is_discussed_passed_over_and_put_back(scene: Scene) -> None:
    case = scene.cases[0]
    meetings.pass_over(case=case, reason="Time ran out.", by=scene.chair)
    discussion = Discussion.objects.get()
    assert (discussion.state, discussion.passed_over_reason) == ("passed_over", "Time ran out.")
    meetings.reopen_discussion(case=case, by=scene.chair)
    meetings.mark_discussed(case=case, by=scene.chair)
    discussion.refresh_from_db()
    assert (discussion.state, discussion.passed_over_reason) == ("discussed", "")


def test_a_case_is_not_passed_over_without_a_reason(scene: Scene) -> None:
    with pytest.raises(ValueError, match="reason"):
        meetings.pass_over(case=scene.cases[0], reason=" ", by=scene.chair)
    assert not Discussion.objects.exists()


def test_who_introduced_a_case_is_not_overwritten_silently(scene: Scene) -> None:
    case = scene.cases[0]
    meetings.record_introduction(case=case, introduced_by="Ana", revision=0, by=scene.officer)
    with pytest.raises(StaleError):
        meetings.record_introduction(case=case, introduced_by="Ben", revision=0, by=scene.chair)
    assert Discussion.objects.get().introduced_by == "Ana"


def test_an_agreed_grade_stands_beside_the_own_grade_with_its_moderator(scene: Scene) -> None:
    case_return = scene.case_returns[0]
    good, poor = scene.audit.grades.get(code="good"), scene.audit.grades.get(code="inadequate")
    with unsigned(case_return.agency_return):
        case_return.own_grade = good
        case_return.save()
    grades.agree_grade(
        case_return=case_return, grade=poor, reason="Visits missed.", revision=0, by=scene.chair
    )
    agreed = AgreedGrade.objects.get()
    assert (agreed.grade, agreed.reason, agreed.moderator) == (poor, "Visits missed.", scene.chair)
    case_return.refresh_from_db()
    assert case_return.own_grade == good
    with pytest.raises(StaleError):
        grades.agree_grade(
            case_return=case_return, grade=good, reason="No.", revision=0, by=scene.officer
        )
    grades.agree_grade(case_return=case_return, grade=None, reason="", revision=1, by=scene.officer)
    assert not AgreedGrade.objects.exists()


def test_the_case_as_a_whole_has_one_grade_and_its_reason(scene: Scene) -> None:
    case, good = scene.cases[0], scene.audit.grades.get(code="good")
    grades.grade_case(case=case, grade=good, reason="On balance.", revision=0, by=scene.chair)
    discussion = Discussion.objects.get()
    assert (discussion.overall_grade, discussion.overall_grade_by) == (good, scene.chair)
    grades.grade_case(case=case, grade=None, reason="x", revision=1, by=scene.chair)
    discussion.refresh_from_db()
    assert (discussion.overall_grade, discussion.overall_grade_reason) == (None, "")
    assert discussion.overall_grade_by is None
