"""What waits for the officer: each audit's next step."""

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from agencies.models import Agency, Partnership, User
from agencies.roles import Role
from audits.models import Action, AgencyReturn, Audit, Discussion, Nomination, Stage
from tests.factories import (
    ActionFactory,
    AgencyFactory,
    AgencyReturnFactory,
    CaseFactory,
    PartnershipFactory,
    person,
)
from tests.reports.home.waiting import audit_at, change, day, home_of, lines, tasks_of

pytestmark = pytest.mark.django_db


class TestOfficer:
    def test_planned(self, partnership: Partnership, officer: User) -> None:
        AgencyReturnFactory(audit=audit_at(Stage.PLANNED, partnership))
        person(Role.LEAD, AgencyReturn.objects.get().agency)
        assert lines(officer, partnership) == [
            ("Set up “Neglect” and ask for nominations", "1 agency to ask so far.", None)
        ]

    def test_nominating(self, partnership: Partnership, officer: User) -> None:
        audit = audit_at(Stage.NOMINATING, partnership, nominate_by=day(3))
        assert lines(officer, partnership) == [
            (
                "Find cases for “Neglect”: nobody has nominated one yet",
                "No cases selected so far.",
                day(3),
            )
        ]
        nominations = [Nomination.objects.create(audit=audit, reason="r", by=officer) for _ in "ab"]
        assert lines(officer, partnership)[0][0] == "Decide on 2 nominations for “Neglect”"
        Nomination.objects.filter(pk=nominations[0].pk).update(stage="declined")
        assert lines(officer, partnership)[0][0] == "Decide on 1 nomination for “Neglect”"
        Nomination.objects.update(stage="selected")
        CaseFactory(audit=audit)
        CaseFactory(audit=audit, withdrawn_at=timezone.now(), withdrawn_reason="r")
        assert lines(officer, partnership) == [
            ("Circulate “Neglect” to the agencies", "1 case selected so far.", day(3))
        ]

    def test_collecting(self, partnership: Partnership, officer: User, police: Agency) -> None:
        audit = audit_at(Stage.COLLECTING, partnership, return_by=day(-3), meeting_on=day(9))
        person(Role.LEAD, police)
        health = AgencyFactory(partnership=partnership, short_name="Health", name="A")
        person(Role.LEAD, health)
        owed = [AgencyReturnFactory(audit=audit, agency=each) for each in (police, health)]
        assert lines(officer, partnership) == [
            ("Chase 2 returns for “Neglect”", "Still to come, of 2: Health, Police.", day(-3))
        ]
        AgencyReturn.objects.filter(pk=owed[0].pk).update(stage="excused")
        assert lines(officer, partnership)[0][1] == "Still to come, of 2: Health."
        AgencyReturn.objects.update(stage="signed_off")
        assert lines(officer, partnership) == [
            ("Take “Neglect” to its meeting", "Every agency has answered.", day(9))
        ]

    def test_meeting(self, partnership: Partnership, officer: User) -> None:
        audit = audit_at(Stage.MEETING, partnership, meeting_on=day(0))
        cases = CaseFactory.create_batch(2, audit=audit)
        Discussion.objects.create(case=cases[0], state="discussed")
        Discussion.objects.create(case=cases[1], state="")
        assert lines(officer, partnership) == [
            ("Hold the meeting on “Neglect”", "1 of 2 cases discussed or passed over.", day(0))
        ]
        assert 'by">on</span> <time' in render_to_string(
            "components/todo.html", {"item": tasks_of(officer, partnership)[0]}
        )
        Discussion.objects.update(state="passed_over", passed_over_reason="r")
        assert (
            lines(officer, partnership)[0][0] == "Close the meeting on “Neglect” and begin drafting"
        )

    def test_drafting(self, partnership: Partnership, officer: User, chair: User) -> None:
        audit = audit_at(Stage.DRAFTING, partnership, report_by=day(8))
        assert lines(officer, partnership) == [
            ("Finish the drafts of “Neglect” and ask the chair to approve them", "", day(8))
        ]
        change(audit, "send-back-draft", chair, "Say more about fathers.")
        assert lines(officer, partnership) == [
            (
                "Change the drafts of “Neglect” as the chair asks",
                "The chair writes: Say more about fathers.",
                day(8),
            )
        ]
        change(audit, "ask-for-approval", officer)
        Audit.objects.update(awaiting_approval=True)
        page = home_of(officer, partnership)
        assert (page.title, page.with_the_chair) == ("Nothing waits for you", [audit])

    def test_published(self, partnership: Partnership, officer: User) -> None:
        audit = audit_at(Stage.PUBLISHED, partnership)
        ActionFactory(audit=audit, due_on=day(20))
        ActionFactory(audit=audit, due_on=day(5))
        ActionFactory(audit=audit, due_on=day(-5), progress=Action.Progress.DONE)
        assert lines(officer, partnership) == [
            ("Follow up 2 open actions of “Neglect”", "", day(5))
        ]
        Action.objects.filter(due_on=day(5)).update(due_on=day(-2))
        since = f"1 of them overdue since {date_format(day(-2), 'j F')}."
        assert lines(officer, partnership) == [
            ("Follow up 2 open actions of “Neglect”", since, day(-2))
        ]
        Action.objects.update(progress=Action.Progress.DONE)
        assert lines(officer, partnership) == [
            ("Close “Neglect”: every action is finished", "", None)
        ]

    def test_closed_audits_and_other_partnerships_are_no_work(
        self, partnership: Partnership, officer: User
    ) -> None:
        audit_at(Stage.CLOSED, partnership)
        audit_at(Stage.PLANNED, PartnershipFactory())
        page = home_of(officer, partnership)
        assert (page.groups, page.under_way) == ([], [])

    def test_audits_stand_in_the_order_of_their_stages(
        self, partnership: Partnership, officer: User
    ) -> None:
        for stage in (Stage.PUBLISHED, Stage.PLANNED, Stage.MEETING):
            audit_at(stage, partnership)
        page = home_of(officer, partnership)
        assert [work.audit.stage for work in page.under_way] == ["planned", "meeting", "published"]
