"""The pages of an audit’s steps and of its cases."""

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Partnership, User
from agencies.roles import Role
from audits.domain import cases as case_domain
from audits.domain import nominations as nomination_domain
from audits.models import (
    Audit,
    Nomination,
    Stage,
    StatusChange,
)
from tests.audits.browsing import page, send, signed_in
from tests.factories import (
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    QuestionFactory,
    person,
)

pytestmark = pytest.mark.django_db


class TestSteps:
    def test_a_step_with_something_missing(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership)
        before = page(client, "audit-transition", audit.pk, "ask-for-nominations")
        assert "Still missing" in before
        refused = send(client, "audit-transition", audit.pk, "ask-for-nominations")
        assert "This could not be done yet" in refused
        assert "Choose the agencies to ask." in refused

    def test_a_step_taken(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.NOMINATING, title="Neglect")
        AgencyReturnFactory(audit=audit)
        CaseFactory(audit=audit)
        QuestionFactory(toolkit=audit.toolkit)
        asked = page(client, "audit-transition", audit.pk, "circulate")
        assert "1 agency gets a case return to fill in for each of 1 case." in asked
        done = send(client, "audit-transition", audit.pk, "circulate")
        assert "Neglect: circulated the cases to the agencies." in done
        assert "Circulated the cases to the agencies" in done

    def test_a_step_back_needs_a_reason(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.COLLECTING)
        refused = send(client, "audit-transition", audit.pk, "back-to-nominating", reason="")
        assert "Give a reason." in refused
        assert not StatusChange.objects.exists()
        done = send(client, "audit-transition", audit.pk, "back-to-nominating", reason="A slip.")
        assert "A slip." in done

    def test_a_step_that_is_not_open_now(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.MEETING)
        text = page(client, "audit-transition", audit.pk, "circulate")
        assert "The audit is at “Meeting” now, so this step is not open." in text

    def test_who_may_not(self, partnership: Partnership, client: Client) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.DRAFTING)
        chair = signed_in(person(Role.CHAIR, partnership))
        close = reverse("audit-transition", args=[audit.pk, "close"])
        publish = reverse("audit-transition", args=[audit.pk, "publish"])
        nothing = reverse("audit-transition", args=[audit.pk, "nothing"])
        assert chair.get(close).status_code == 403
        assert client.get(publish).status_code == 403
        assert client.get(nothing).status_code == 404

    def test_publishing_is_taken_from_the_documents(self, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.DRAFTING)
        chair = signed_in(person(Role.CHAIR, partnership))
        response = chair.post(reverse("audit-transition", args=[audit.pk, "publish"]))
        assert response.headers["Location"] == reverse("audit-documents", args=[audit.pk])
        audit.refresh_from_db()
        assert audit.stage == Stage.DRAFTING

    def test_reasons_are_for_those_who_see_states(self, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.COLLECTING)
        agency = AgencyReturnFactory(audit=audit).agency
        officer = person(Role.OFFICER, partnership)
        send(signed_in(officer), "audit-transition", audit.pk, "back-to-nominating", reason="Slip.")
        readers = {
            "chair": person(Role.CHAIR, partnership),
            "member": person(Role.MEMBER, partnership),
            "lead": person(Role.LEAD, agency),
        }
        seen = {
            name: "Slip." in page(signed_in(user), "audit-detail", audit.pk)
            for name, user in readers.items()
        }
        assert seen == {"chair": True, "member": False, "lead": False}


class TestCases:
    @pytest.fixture
    def audit(self, partnership: Partnership) -> Audit:
        made: Audit = AuditFactory(partnership=partnership, stage=Stage.NOMINATING)
        return made

    def test_a_member_nominates_and_sees_what_became_of_it(
        self, client: Client, partnership: Partnership, audit: Audit
    ) -> None:
        member = signed_in(person(Role.MEMBER, partnership))
        assert "Nominate a case" in page(member, "audit-detail", audit.pk)
        for reason in ("Long drift.", "Good work.", "Too recent."):
            sent = send(member, "nomination-create", audit.pk, reason=reason)
            assert "The officer decides whether it is taken." in sent
        first, second, third = Nomination.objects.all()
        assert "3 nominations to decide" in page(client, "case-list", audit.pk)
        selected = send(client, "nomination-select", audit.pk, nominations=[first.pk, second.pk])
        assert "Selected: Case 1, Case 2." in selected
        assert "Long drift." in selected
        assert "Tick at least one nomination." in send(client, "nomination-select", audit.pk)
        assert "Decline this nomination?" in page(client, "nomination-decline", audit.pk, third.pk)
        declined = send(client, "nomination-decline", audit.pk, third.pk, reason="Wait a year.")
        assert "The nomination is declined." in declined
        own = page(member, "case-list", audit.pk)
        assert "it is now Case 1" in own
        assert "Wait a year." in own
        stranger = signed_in(person(Role.MEMBER, partnership))
        assert "Long drift." not in page(stranger, "case-list", audit.pk)

    def test_selecting_all_that_wait(
        self, client: Client, partnership: Partnership, audit: Audit
    ) -> None:
        member = person(Role.MEMBER, partnership)
        for reason in ("One.", "Two."):
            nomination_domain.nominate(audit=audit, by=member, reason=reason)
        assert "Select all 2" in page(client, "case-list", audit.pk)
        selected = send(client, "nomination-select", audit.pk, all="yes")
        assert "Selected: Case 1, Case 2." in selected
        decided = Nomination.objects.earliest("at")
        again = send(client, "nomination-select", audit.pk, nominations=[decided.pk])
        assert "One of these was decided meanwhile. Look again." in again
        late = send(client, "nomination-decline", audit.pk, decided.pk, reason="Too late.")
        assert "This nomination was already decided." in late

    def test_nominations_close(self, partnership: Partnership, audit: Audit) -> None:
        Audit.objects.update(stage=Stage.COLLECTING)
        member = signed_in(person(Role.MEMBER, partnership))
        response = member.get(reverse("nomination-create", args=[audit.pk]), follow=True)
        assert "Cases are nominated while the audit is nominating." in response.content.decode()

    def test_adding_many(self, client: Client, audit: Audit) -> None:
        assert "Cases 1 to 60 are added." in send(client, "case-create", audit.pk, count="60")
        assert "Case 61 is added." in send(client, "case-create", audit.pk, reasons="Drift.")
        Audit.objects.update(stage=Stage.MEETING)
        for route in ("case-create", "draw-create"):
            response = client.get(reverse(route, args=[audit.pk]), follow=True)
            assert "while the audit is nominating or collecting." in response.content.decode()

    def test_drawing(self, client: Client, audit: Audit) -> None:
        drawn = send(
            client,
            "draw-create",
            audit.pk,
            list_description="Referrals",
            list_size="10",
            sample_size="2",
            seed="7",
        )
        assert "2 cases are drawn. The seed is 7." in drawn
        assert "random.Random(&#x27;7&#x27;).sample(range(1, 11), 2)" in drawn

    def test_withdrawing_and_replacing(self, client: Client, audit: Audit, officer: User) -> None:
        first, second = case_domain.add_cases(audit=audit, by=officer, count=2)
        assert "Withdraw Case 1?" in page(client, "case-withdraw", audit.pk, first.pk)
        gone = send(client, "case-withdraw", audit.pk, first.pk, reason="Moved away.")
        assert "Case 1 is withdrawn." in gone
        assert "<s>Case 1</s>" in gone
        again = send(client, "case-withdraw", audit.pk, first.pk, reason="Twice.")
        assert "Case 1 is already withdrawn." in again
        assert "Replace Case 2?" in page(client, "case-replace", audit.pk, second.pk)
        replaced = send(client, "case-replace", audit.pk, second.pk, reason="A duplicate.")
        assert "Case 3 takes the place of 2." in replaced
        assert "Replaced by case 3" in replaced
        twice = send(client, "case-replace", audit.pk, second.pk)
        assert "Case 2 was already replaced." in twice

    def test_identities(self, client: Client, audit: Audit) -> None:
        agency = AgencyReturnFactory(audit=audit, agency__name="Police").agency
        CaseFactory(audit=audit)
        assert "Identities sent" in page(client, "identity-notice-create", audit.pk)
        noted = send(
            client,
            "identity-notice-create",
            audit.pk,
            agencies=[agency.pk],
            sent_on="2026-03-01",
        )
        assert "1 March 2026" in noted
