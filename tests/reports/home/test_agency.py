"""What waits for an agency's auditors and lead."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Partnership
from agencies.roles import Role
from audits.models import AgencyReturn, CaseReturn, Stage
from tests.factories import (
    ActionFactory,
    AgencyFactory,
    AgencyReturnFactory,
    CaseFactory,
    CaseReturnFactory,
    person,
)
from tests.reports.home.waiting import audit_at, change, day, lines, tasks_of

pytestmark = pytest.mark.django_db


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
        change(row, "complete", auditor)
        change(row, "send-back", lead, "Who was told?")
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
        change(row, "complete", auditor)
        change(row, "take-back", auditor)
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
