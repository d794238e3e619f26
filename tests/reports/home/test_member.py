"""What waits for a member: nominations, and the meetings to come."""

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, Partnership
from agencies.roles import Role
from audits.models import Nomination, Stage
from tests.factories import AgencyReturnFactory, CaseFactory, UserFactory, person
from tests.reports.home.waiting import audit_at, day, home_of, lines, tasks_of

pytestmark = pytest.mark.django_db


class TestMember:
    def test_nominations_are_asked_for(self, partnership: Partnership) -> None:
        member = person(Role.MEMBER, partnership)
        audit = audit_at(Stage.NOMINATING, partnership, nominate_by=day(6))
        assert lines(member, partnership) == [
            ("Nominate cases for “Neglect”", "You have not nominated one yet.", day(6))
        ]
        Nomination.objects.create(audit=audit, reason="r", by=member)
        Nomination.objects.create(audit=audit, reason="r", by=UserFactory())
        (task,) = tasks_of(member, partnership)
        assert task.text == "You have nominated 1 case."
        assert task.url == reverse("nomination-create", args=[audit.pk])

    def test_a_lead_is_asked_where_their_agency_is(
        self, partnership: Partnership, police: Agency
    ) -> None:
        lead = person(Role.LEAD, police)
        audit = audit_at(Stage.NOMINATING, partnership)
        assert tasks_of(lead, partnership) == []
        AgencyReturnFactory(audit=audit, agency=police)
        assert [task.title for task in tasks_of(lead, partnership)] == [
            "Nominate cases for “Neglect”"
        ]

    def test_what_became_of_ones_own_nominations(
        self, client: Client, partnership: Partnership
    ) -> None:
        member = person(Role.MEMBER, partnership)
        audit = audit_at(Stage.COLLECTING, partnership)
        fate = {"stage": "declined", "decline_reason": "Outside the period."}
        Nomination.objects.create(audit=audit, reason="A secret reason", by=member, **fate)
        chosen = Nomination.objects.create(audit=audit, reason="r", by=member, stage="selected")
        CaseFactory(audit=audit, nomination=chosen)
        Nomination.objects.create(audit=audit, reason="r", by=UserFactory())
        assert len(home_of(member, partnership).nominations) == 2
        client.force_login(member)
        page = client.get("/").content.decode()
        assert "Outside the period." in page
        assert "Case 1" in page
        assert "A secret reason" not in page

    def test_meetings_to_come(self, partnership: Partnership) -> None:
        member = person(Role.MEMBER, partnership)
        for title, stage, meets in [
            ("Third", Stage.NOMINATING, 30),
            ("First", Stage.MEETING, 0),
            ("Second", Stage.COLLECTING, 5),
            ("Over", Stage.MEETING, -1),
            ("Drafted", Stage.DRAFTING, 3),
        ]:
            audit_at(stage, partnership, title=title, meeting_on=day(meets))
        titles = [audit.title for audit in home_of(member, partnership).meetings]
        assert titles == ["First", "Second", "Third"]
