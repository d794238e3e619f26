"""What waits for whoever looks after people and the installation."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.domain import activity, verifying
from agencies.models import Agency, Invitation, Partnership
from agencies.roles import Role
from audits.models import Stage
from tests.factories import AgencyFactory, MembershipFactory, UserFactory, person
from tests.reports.home.waiting import audit_at, day, home_of, lines, tasks_of
from tests.support.guards import unguarded

pytestmark = pytest.mark.django_db


class TestManager:
    def test_people_who_did_not_come_in(self, partnership: Partnership) -> None:
        admin = person(Role.ADMIN, partnership)
        late, waiting = (
            person(Role.MEMBER, partnership, name=name, is_active=False) for name in ("Oz", "Ann")
        )
        sent = timezone.now() - timedelta(days=15)
        Invitation.objects.create(user=late, sent_at=sent)
        Invitation.objects.create(user=waiting)
        (task,) = tasks_of(admin, partnership)
        assert task.title == "Send 1 invitation again"
        assert task.text == "Ran out without an answer: Oz."
        assert task.url == reverse("person-list") + "?state=waiting"
        people = home_of(admin, partnership).people
        assert people is not None
        assert (people.active, people.waiting, people.agencies) == (1, 2, 0)

    def test_agencies_without_a_lead(self, partnership: Partnership, police: Agency) -> None:
        admin = person(Role.ADMIN, partnership)
        person(Role.AUDITOR, police)
        AgencyFactory(partnership=partnership, short_name="Closed", active=False)
        assert lines(admin, partnership) == [
            ("Find a lead for 1 agency", "Nobody answers yet for Police.", None)
        ]
        person(Role.LEAD, police)
        assert tasks_of(admin, partnership) == []

    def test_a_record_that_no_longer_holds(self, partnership: Partnership) -> None:
        admin, officer = person(Role.ADMIN, partnership), person(Role.OFFICER, partnership)
        activity.record("signed in", by=admin, partnership=partnership)
        verifying.keep(verifying.verify())
        assert tasks_of(admin, partnership) == []
        with unguarded(), connection.cursor() as cursor:
            cursor.execute("UPDATE agencies_activity SET verb = 'did nothing'")
        verifying.keep(verifying.verify())
        (task,) = tasks_of(admin, partnership)
        assert (task.title, task.at_once) == (
            "The record of what happened was interfered with",
            True,
        )
        assert tasks_of(officer, partnership) == []

    def test_a_record_that_nobody_checked(self, partnership: Partnership) -> None:
        admin = person(Role.ADMIN, partnership)
        with time_machine.travel(timezone.now() - timedelta(days=3)):
            verifying.keep(verifying.verify())
        (task,) = tasks_of(admin, partnership)
        assert task.title == "The record of what happened was not checked lately"

    def test_roles_about_to_end(self, partnership: Partnership) -> None:
        admin = person(Role.ADMIN, partnership)
        for name, ends in [("Soon", 14), ("Later", 15), ("Over", -1)]:
            user = UserFactory(name=name)
            MembershipFactory(
                user=user, partnership=partnership, role=Role.BOARD, ends_on=day(ends)
            )
        assert lines(admin, partnership) == [
            ("A role of Soon ends: extend it or let it go", "Board member", day(14))
        ]

    def test_an_administrator_sees_nothing_of_audits(
        self, client: Client, partnership: Partnership
    ) -> None:
        audit_at(Stage.COLLECTING, partnership, return_by=day(-1), meeting_on=day(3))
        client.force_login(person(Role.ADMIN, partnership))
        assert "Neglect" not in client.get("/").content.decode()
