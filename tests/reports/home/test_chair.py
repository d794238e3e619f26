"""What waits for the chair: meetings, approvals, and what is late."""

import pytest
from django.urls import reverse

from agencies.models import Agency, Partnership, User
from agencies.roles import Role
from audits.models import Discussion, Stage
from tests.factories import AgencyReturnFactory, CaseFactory, MembershipFactory
from tests.reports.home.waiting import audit_at, day, home_of, lines, tasks_of

pytestmark = pytest.mark.django_db


class TestChair:
    def test_a_draft_waits_for_approval(self, partnership: Partnership, chair: User) -> None:
        audit = audit_at(Stage.DRAFTING, partnership, report_by=day(1), awaiting_approval=True)
        (task,) = tasks_of(chair, partnership)
        assert task.title == "Read “Neglect” and approve it, or send it back"
        assert (task.url, task.due) == (reverse("audit-documents", args=[audit.pk]), day(1))
        assert home_of(chair, partnership).with_the_chair == []

    def test_the_meeting_and_its_grades(self, partnership: Partnership, chair: User) -> None:
        audit = audit_at(Stage.MEETING, partnership, meeting_on=day(2))
        cases = CaseFactory.create_batch(3, audit=audit)
        grade = audit.grades.all()[0]
        Discussion.objects.create(case=cases[0], state="discussed", overall_grade=grade)
        Discussion.objects.create(case=cases[1], state="discussed")
        assert lines(chair, partnership) == [
            (
                "Chair the meeting on “Neglect”",
                "2 of 3 cases discussed or passed over, 1 with an overall grade.",
                day(2),
            )
        ]

    def test_what_is_late(self, partnership: Partnership, chair: User, police: Agency) -> None:
        audit = audit_at(Stage.COLLECTING, partnership, return_by=day(-1))
        AgencyReturnFactory(audit=audit, agency=police)
        audit_at(Stage.COLLECTING, partnership, return_by=day(0))
        assert lines(chair, partnership) == [
            ("“Neglect” is late: it is still collecting", "Still to come, of 1: Police.", day(-1))
        ]

    def test_a_chair_who_is_the_officer_too_is_told_once(
        self, partnership: Partnership, chair: User
    ) -> None:
        MembershipFactory(user=chair, partnership=partnership, role=Role.OFFICER)
        audit_at(Stage.MEETING, partnership, meeting_on=day(-2))
        audit_at(Stage.DRAFTING, partnership, title="Two", awaiting_approval=True)
        assert [task.title for task in tasks_of(chair, partnership)] == [
            "Close the meeting on “Neglect” and begin drafting",
            "Read “Two” and approve it, or send it back",
        ]
