"""Home: what waits for each role, by when, and nothing that is not theirs."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from agencies.domain import activity, verifying
from agencies.models import Agency, Invitation, Partnership, User
from agencies.roles import Role
from audits.models import (
    Action,
    AgencyReturn,
    Audit,
    CaseReturn,
    Discussion,
    Nomination,
    Stage,
    StatusChange,
)
from reports.reading.home import HomePage, home_page
from reports.reading.home.tasks import Task, Urgency, grouped
from tests.factories import (
    ActionFactory,
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    CaseReturnFactory,
    MembershipFactory,
    PartnershipFactory,
    UserFactory,
    person,
)
from tests.support.guards import unguarded

pytestmark = pytest.mark.django_db


def day(number: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.fixture
def police(partnership: Partnership) -> Agency:
    return AgencyFactory(partnership=partnership, short_name="Police", name="Constabulary")


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership)


@pytest.fixture
def chair(partnership: Partnership) -> User:
    return person(Role.CHAIR, partnership)


def audit_at(stage: Stage, partnership: Partnership, title: str = "Neglect", **more: Any) -> Audit:
    audit: Audit = AuditFactory(partnership=partnership, stage=stage, title=title, **more)
    return audit


def home_of(user: User, partnership: Partnership) -> HomePage:
    return home_page(User.objects.get(pk=user.pk), partnership)


def tasks_of(user: User, partnership: Partnership) -> list[Task]:
    return [task for group in home_of(user, partnership).groups for task in group.tasks]


def lines(user: User, partnership: Partnership) -> list[tuple[str, str, date | None]]:
    return [(task.title, task.text, task.due) for task in tasks_of(user, partnership)]


class TestOrder:
    def test_tasks_stand_by_urgency_and_date(self) -> None:
        names = [("next week", 8), ("today", 0), ("late", -1), ("no date", None), ("very late", -9)]
        tasks = [Task(n, "/", due=None if d is None else day(d)) for n, d in names]
        groups = grouped([*tasks, Task("in a week", "/", due=day(7))])
        assert [(g.title, [t.title for t in g.tasks]) for g in groups] == [
            (Urgency.LATE, ["very late", "late"]),
            (Urgency.THIS_WEEK, ["today", "in a week"]),
            (Urgency.LATER, ["next week"]),
            (Urgency.UNDATED, ["no date"]),
        ]

    @pytest.mark.parametrize(
        ("days", "status", "tone"),
        [
            (-2, "2 days late", "bad"),
            (-1, "1 day late", "bad"),
            (0, "Today", "warn"),
            (1, "Tomorrow", "warn"),
            (2, "", "warn"),
            (3, "", ""),
            (8, "", "quiet"),
            (None, "", "quiet"),
        ],
    )
    def test_a_task_says_how_late_it_is(self, days: int | None, status: str, tone: str) -> None:
        task = Task("x", "/", due=None if days is None else day(days))
        assert (task.status, task.tone) == (status, tone)

    @pytest.mark.parametrize(
        ("number", "title"),
        [
            (0, "Nothing waits for you"),
            (1, "One thing waits for you"),
            (9, "Nine things wait for you"),
            (12, "12 things wait for you"),
        ],
    )
    def test_the_heading_counts(self, number: int, title: str) -> None:
        assert HomePage(groups=grouped([Task("x", "/")] * number)).title == title


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
        _change(audit, "send-back-draft", chair, "Say more about fathers.")
        assert lines(officer, partnership) == [
            (
                "Change the drafts of “Neglect” as the chair asks",
                "The chair writes: Say more about fathers.",
                day(8),
            )
        ]
        _change(audit, "ask-for-approval", officer)
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


def _change(thing: Audit | CaseReturn, name: str, by: User, reason: str = "") -> None:
    StatusChange.objects.create(
        audit=thing if isinstance(thing, Audit) else thing.audit,
        case_return=None if isinstance(thing, Audit) else thing,
        transition=name,
        from_stage=thing.stage,
        to_stage=thing.stage,
        reason=reason,
        by=by,
    )


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


class TestAgency:
    @pytest.fixture
    def returned(self, partnership: Partnership, police: Agency) -> AgencyReturn:
        audit = audit_at(Stage.COLLECTING, partnership, return_by=day(4))
        row: AgencyReturn = AgencyReturnFactory(audit=audit, agency=police)
        return row

    def test_an_auditor_sees_what_is_left_of_their_own(
        self, partnership: Partnership, police: Agency, returned: AgencyReturn
    ) -> None:
        auditor = person(Role.AUDITOR, police)
        known = {"agency_return": returned, "known": "child"}
        CaseReturnFactory(**known, auditor=auditor, stage="complete")
        CaseReturnFactory(**known, auditor=auditor)
        CaseReturnFactory(**known)
        gone = CaseFactory(
            audit=returned.audit, withdrawn_at=timezone.now(), withdrawn_reason="Moved away."
        )
        CaseReturnFactory(agency_return=returned, auditor=auditor, case=gone)
        (task,) = tasks_of(auditor, partnership)
        assert (task.title, task.text, task.due) == (
            "Audit 1 case for “Neglect”",
            "Police: 1 of your 2 cases left to do.",
            day(4),
        )
        assert task.url == reverse("agency-return-detail", args=[returned.pk])
        CaseReturn.objects.filter(auditor=auditor).update(stage="not_known")
        (task,) = tasks_of(auditor, partnership)
        assert (task.title, task.text) == (
            "Take on a case of “Neglect”",
            "Police: 1 case without an auditor yet.",
        )
        CaseReturn.objects.update(auditor=person(Role.AUDITOR, police))
        assert tasks_of(auditor, partnership) == []

    def test_which_cases_are_known_comes_first(
        self, partnership: Partnership, police: Agency, returned: AgencyReturn
    ) -> None:
        for known in ("child", "", "unsure", ""):
            CaseReturnFactory(agency_return=returned, known=known)
        auditor = person(Role.AUDITOR, police)
        (task,) = tasks_of(auditor, partnership)
        assert (task.title, task.text, task.due) == (
            "Say which cases of “Neglect” you know",
            "Police: 2 of 4 cases answered.",
            day(4),
        )
        assert task.url == reverse("agency-return-known", args=[returned.pk])
        lead = tasks_of(person(Role.LEAD, police), partnership)
        assert [each.title for each in lead] == [
            "Say which cases of “Neglect” you know",
            "Find an auditor for 4 cases of “Neglect”",
        ]
        CaseReturn.objects.filter(known="").update(known="carer")
        assert [each.title for each in tasks_of(auditor, partnership)] == [
            "Take on a case of “Neglect”"
        ]

    def test_a_case_sent_back_says_why(
        self, partnership: Partnership, police: Agency, returned: AgencyReturn
    ) -> None:
        auditor, lead = person(Role.AUDITOR, police), person(Role.LEAD, police)
        row = CaseReturnFactory(
            agency_return=returned, auditor=auditor, stage="in_progress", known="child"
        )
        _change(row, "complete", auditor)
        _change(row, "send-back", lead, "Who was told?")
        (sent_back,) = tasks_of(auditor, partnership)
        assert sent_back.title == "Case 1 of “Neglect” was sent back to you"
        assert sent_back.text == "Who was told?"
        assert sent_back.url == reverse("case-return-edit", args=[returned.pk, row.pk])
        assert "sent back" not in tasks_of(lead, partnership)[0].title
        CaseReturnFactory(agency_return=returned, auditor=auditor, known="child")
        assert next((each.title, each.text) for each in tasks_of(auditor, partnership)) == (
            "Audit 1 case for “Neglect”",
            "Police: 1 of your 2 cases left to do, besides 1 case sent back.",
        )
        CaseReturn.objects.exclude(pk=row.pk).delete()
        _change(row, "complete", auditor)
        _change(row, "take-back", auditor)
        assert len(tasks_of(auditor, partnership)) == 1

    def test_a_lead_sees_the_return_through(
        self, partnership: Partnership, police: Agency, returned: AgencyReturn
    ) -> None:
        lead = person(Role.LEAD, police)
        CaseReturnFactory.create_batch(2, agency_return=returned, known="child")
        assert lines(lead, partnership) == [
            (
                "Find an auditor for 2 cases of “Neglect”",
                "Police: 0 of 2 case returns finished.",
                day(4),
            )
        ]
        CaseReturn.objects.update(auditor=person(Role.AUDITOR, police))
        assert lines(lead, partnership)[0][0] == "See Police’s return for “Neglect” through"
        CaseReturn.objects.update(stage="complete")
        assert lines(lead, partnership) == [
            (
                "Sign off Police’s return for “Neglect”",
                "2 of 2 case returns finished.",
                day(4),
            )
        ]
        AgencyReturn.objects.update(stage="signed_off")
        assert tasks_of(lead, partnership) == []

    def test_other_agencies_work_is_not_theirs(
        self, partnership: Partnership, returned: AgencyReturn
    ) -> None:
        CaseReturnFactory(agency_return=returned)
        other = AgencyFactory(partnership=partnership)
        for role in (Role.AUDITOR, Role.LEAD):
            assert tasks_of(person(role, other), partnership) == []

    def test_a_lead_follows_up_the_agencys_published_actions(
        self, partnership: Partnership, police: Agency
    ) -> None:
        audit = audit_at(Stage.PUBLISHED, partnership)
        lead = person(Role.LEAD, police)
        action = ActionFactory(audit=audit, text="Train.", owner_agency=police, due_on=day(-9))
        ActionFactory(audit=audit, owner_agency=AgencyFactory(partnership=partnership))
        ActionFactory(audit=audit_at(Stage.DRAFTING, partnership), owner_agency=police)
        (task,) = tasks_of(lead, partnership)
        assert (task.title, task.due) == ("Train.", day(-9))
        assert task.text == (
            "Action for Constabulary from “Neglect”. Not started. Say what has been done."
        )
        assert task.url == reverse("action-detail", args=[action.pk])
        assert tasks_of(person(Role.AUDITOR, police), partnership) == []


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


def test_a_board_member_sees_documents_alone(client: Client, partnership: Partnership) -> None:
    audit_at(Stage.COLLECTING, partnership, meeting_on=day(3))
    client.force_login(person(Role.BOARD, partnership))
    page = client.get("/")
    assert page.context["page"].title == "Newest documents"
    assert b"Nothing has been published yet" in page.content
    assert b"Neglect" not in page.content


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.LEAD, Role.OFFICER, Role.CHAIR, Role.MEMBER])
def test_when_nothing_waits_the_page_says_so(
    client: Client, partnership: Partnership, police: Agency, role: Role
) -> None:
    in_agency = role in (Role.AUDITOR, Role.LEAD)
    person(Role.LEAD, police)
    client.force_login(person(role, police if in_agency else partnership))
    page = client.get("/")
    assert b"Nothing waits for you" in page.content
    assert b"All done for today" in page.content


def test_home_asks_to_sign_in(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")


def _everything(partnership: Partnership, police: Agency, user: User) -> None:
    """One more of whatever any role's home shows."""
    for stage in Stage:
        dates: dict[str, Any] = {"nominate_by": day(-1), "return_by": day(1), "report_by": day(2)}
        audit = audit_at(stage, partnership, meeting_on=day(3), **dates)
        CaseFactory(audit=audit)
        returned = AgencyReturnFactory(audit=audit, agency=police)
        row = CaseReturnFactory(agency_return=returned, auditor=user, stage="in_progress")
        _change(row, "send-back", user, "Why?")
        Nomination.objects.create(audit=audit, reason="r", by=user)
        ActionFactory(audit=audit, owner_agency=police, due_on=day(1))
    invited = person(Role.BOARD, partnership, is_active=False)
    Invitation.objects.create(user=invited, sent_at=timezone.now() - timedelta(days=20))
    MembershipFactory(partnership=partnership, role=Role.BOARD, ends_on=day(2))
    AgencyFactory(partnership=partnership)


@pytest.mark.parametrize(
    ("role", "queries"),
    [
        (Role.AUDITOR, 7),
        (Role.LEAD, 11),
        (Role.OFFICER, 17),
        (Role.CHAIR, 9),
        (Role.MEMBER, 7),
        (Role.BOARD, 4),
        (Role.ADMIN, 14),
    ],
)
def test_home_costs_the_same_with_one_row_and_with_three(
    client: Client,
    partnership: Partnership,
    police: Agency,
    role: Role,
    queries: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    user = person(role, police if role in (Role.AUDITOR, Role.LEAD) else partnership)
    client.force_login(user)
    for more in (1, 2):
        for _ in range(more):
            _everything(partnership, police, user)
        with django_assert_num_queries(queries):
            client.get("/")
