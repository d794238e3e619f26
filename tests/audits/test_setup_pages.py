"""The pages of setting up: who gets in, what they say, and what they cost."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agencies.models import Partnership, User
from agencies.roles import Role
from audits.domain import cases as case_domain
from audits.domain import nominations as nomination_domain
from audits.models import (
    Audit,
    LearningTheme,
    Nomination,
    Question,
    Stage,
    StatusChange,
    Theme,
    Toolkit,
)
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    LearningThemeFactory,
    PartnershipFactory,
    QuestionFactory,
    ThemeFactory,
    ToolkitFactory,
    person,
)

pytestmark = pytest.mark.django_db

Entering = Callable[[User], Client]


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory(name="Fenshire")
    return made


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership)


@pytest.fixture
def client(officer: User) -> Client:
    return signed_in(officer)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, route: str, *args: Any) -> str:
    response = client.get(reverse(route, args=args))
    assert response.status_code == 200, response
    return response.content.decode()


def send(client: Client, route: str, *args: Any, **data: Any) -> str:
    """Post and follow; the page one lands on."""
    response = client.post(reverse(route, args=args), data, follow=True)
    assert response.status_code == 200, response
    return response.content.decode()


class TestWhoGetsIn:
    SETUP = ("theme-list", "learning-theme-list", "toolkit-list", "theme-create", "toolkit-create")

    @pytest.mark.parametrize("route", SETUP)
    def test_setting_up_is_the_officers(self, partnership: Partnership, route: str) -> None:
        for role, status in [
            (Role.OFFICER, 200),
            (Role.CHAIR, 403),
            (Role.MEMBER, 403),
            (Role.BOARD, 403),
            (Role.ADMIN, 403),
        ]:
            assert signed_in(person(role, partnership)).get(reverse(route)).status_code == status

    @pytest.mark.parametrize(
        "route",
        [
            "audit-update",
            "audit-dates",
            "audit-agencies",
            "audit-grades",
            "case-create",
            "draw-create",
            "identity-notice-create",
        ],
    )
    def test_so_is_running_an_audit(self, partnership: Partnership, route: str) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.NOMINATING)
        asked = AgencyReturnFactory(audit=audit).agency
        stranger = AgencyFactory(partnership=partnership)
        url = reverse(route, args=[audit.pk])
        statuses = {
            "officer": signed_in(person(Role.OFFICER, partnership)).get(url).status_code,
            "chair": signed_in(person(Role.CHAIR, partnership)).get(url).status_code,
            "member": signed_in(person(Role.MEMBER, partnership)).get(url).status_code,
            "board": signed_in(person(Role.BOARD, partnership)).get(url).status_code,
            "asked": signed_in(person(Role.LEAD, asked)).get(url).status_code,
            "not asked": signed_in(person(Role.LEAD, stranger)).get(url).status_code,
            "elsewhere": signed_in(person(Role.OFFICER, PartnershipFactory())).get(url).status_code,
        }
        assert statuses == {
            "officer": 200,
            "chair": 403,
            "member": 403,
            "board": 404,
            "asked": 403,
            "not asked": 404,
            "elsewhere": 404,
        }

    def test_a_toolkit_of_another_partnership_is_not_there(self, client: Client) -> None:
        question = QuestionFactory()
        toolkit = question.toolkit
        urls = [
            reverse("toolkit-detail", args=[toolkit.pk]),
            reverse("toolkit-preview", args=[toolkit.pk]),
            reverse("question-update", args=[toolkit.pk, question.pk]),
            reverse("theme-update", args=[ThemeFactory().pk]),
            reverse("learning-theme-remove", args=[LearningThemeFactory().pk]),
        ]
        assert [client.get(url).status_code for url in urls] == [404] * 5

    def test_an_agency_sees_an_audit_once_it_is_asked_and_no_longer_planned(
        self, partnership: Partnership
    ) -> None:
        audit = AuditFactory(partnership=partnership, title="Neglect")
        agency = AgencyReturnFactory(audit=audit).agency
        client = signed_in(person(Role.AUDITOR, agency))
        url = reverse("audit-detail", args=[audit.pk])
        assert client.get(url).status_code == 404
        assert "There is no audit to show yet" in page(client, "audit-list")
        Audit.objects.update(stage=Stage.NOMINATING)
        assert client.get(url).status_code == 200
        assert "Neglect" in page(client, "audit-list")

    def test_nominating_is_for_members_and_leads(self, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.NOMINATING)
        agency = AgencyReturnFactory(audit=audit).agency
        url = reverse("nomination-create", args=[audit.pk])
        statuses = {
            role: signed_in(person(role, agency if role in ("lead", "auditor") else partnership))
            .get(url)
            .status_code
            for role in Role
        }
        assert statuses == {
            Role.AUDITOR: 403,
            Role.LEAD: 200,
            Role.OFFICER: 200,
            Role.CHAIR: 200,
            Role.MEMBER: 200,
            Role.BOARD: 404,
            Role.ADMIN: 404,
        }


class TestThemes:
    def test_adding_and_retiring(self, client: Client, partnership: Partnership) -> None:
        assert "There is no theme yet" in page(client, "theme-list")
        sent = send(client, "theme-create", name="Neglect", priority="Seen and heard")
        assert "Neglect is added." in sent
        theme = Theme.objects.get()
        assert theme.partnership == partnership
        assert 'value="Neglect"' in page(client, "theme-update", theme.pk)
        assert "Retired" in send(client, "theme-update", theme.pk, name="Neglect")

    def test_a_mistake_is_named_and_nothing_typed_is_lost(self, client: Client) -> None:
        sent = send(client, "theme-create", name="", priority="Seen and heard")
        assert "There is a problem" in sent
        assert "Seen and heard" in sent

    def test_learning_themes_begin_with_the_default_list(self, client: Client) -> None:
        assert "Begin with the default list" in page(client, "learning-theme-list")
        assert "16 learning themes were added" in send(client, "learning-theme-default")
        first, second = LearningTheme.objects.all()[:2]
        send(client, "learning-theme-move", second.pk, "up")
        assert LearningTheme.objects.first() == second
        send(client, "learning-theme-move", second.pk, "down")
        assert LearningTheme.objects.first() == first
        assert "is saved." in send(client, "learning-theme-update", first.pk, name="Hearing")
        assert "Remove “Hearing”?" in page(client, "learning-theme-remove", first.pk)
        assert "Hearing is removed." in send(client, "learning-theme-remove", first.pk)
        assert "at the end of the list" in send(client, "learning-theme-create", name="Housing")
        assert LearningTheme.objects.last() == LearningTheme.objects.get(name="Housing")


class TestToolkits:
    def test_from_making_to_the_second_version(
        self, client: Client, partnership: Partnership
    ) -> None:
        assert "There is no toolkit yet" in page(client, "toolkit-list")
        assert "There is no question yet" in send(client, "toolkit-create", name="Neglect")
        toolkit = Toolkit.objects.get()
        added = send(
            client, "question-create", toolkit.pk, text="Was it used?", kind="yes_no", code="used"
        )
        assert "Question 1 is added." in added
        another = client.post(
            reverse("question-create", args=[toolkit.pk]),
            {"text": "What worked?", "kind": "points", "point_kind": "went_well", "another": "yes"},
        )
        assert another.headers["Location"] == reverse("question-create", args=[toolkit.pk])
        first, second = toolkit.questions.all()
        send(client, "question-move", toolkit.pk, second.pk, "up")
        assert [q.text for q in toolkit.questions.all()] == ["What worked?", "Was it used?"]
        preview = page(client, "toolkit-preview", toolkit.pk)
        assert "As an auditor will see it" in preview
        assert "Not recorded" in preview
        changed = send(
            client, "question-update", toolkit.pk, first.pk, text="Was it read?", kind="yes_no"
        )
        assert "Question 2 is saved." in changed
        assert "Remove question 1?" in page(client, "question-remove", toolkit.pk, second.pk)
        assert "The question is removed." in send(client, "question-remove", toolkit.pk, second.pk)
        toolkit.frozen_at = timezone.now()
        toolkit.save()
        for route, args in [
            ("toolkit-update", [toolkit.pk]),
            ("question-create", [toolkit.pk]),
            ("question-update", [toolkit.pk, first.pk]),
        ]:
            response = client.get(reverse(route, args=args), follow=True)
            assert "This version is frozen" in response.content.decode()
            assert "Make a new version" in response.content.decode()
        assert "Version 2 is open to change." in send(client, "toolkit-version-create", toolkit.pk)
        assert Question.objects.filter(toolkit__version=2).get().code == "used"

    def test_what_others_follow_is_neither_moved_below_nor_removed(self, client: Client) -> None:
        toolkit = ToolkitFactory(partnership=Partnership.objects.get())
        first = QuestionFactory(toolkit=toolkit)
        QuestionFactory(toolkit=toolkit, follows=first, follows_answers=["yes"])
        assert "so it stays below it" in send(client, "question-move", toolkit.pk, first.pk, "down")
        assert "Change or remove it first" in send(client, "question-remove", toolkit.pk, first.pk)

    def test_removing(self, client: Client, partnership: Partnership) -> None:
        used = AuditFactory(partnership=partnership).toolkit
        unused = ToolkitFactory(partnership=partnership)
        assert "An audit uses this toolkit" in send(client, "toolkit-remove", used.pk)
        assert "Remove" in page(client, "toolkit-remove", unused.pk)
        assert "is removed." in send(client, "toolkit-remove", unused.pk)
        assert list(Toolkit.objects.all()) == [used]
        assert "The toolkit is saved." in send(client, "toolkit-update", used.pk, name="Front door")

    def test_a_question_with_a_mistake_keeps_what_was_typed(
        self, client: Client, partnership: Partnership
    ) -> None:
        toolkit = ToolkitFactory(partnership=partnership)
        question = QuestionFactory(toolkit=toolkit)
        sent = {"text": "Which level of help?", "kind": "choice", "choices": "Universal"}
        for route, args in [
            ("question-create", [toolkit.pk]),
            ("question-update", [toolkit.pk, question.pk]),
        ]:
            text = send(client, route, *args, **sent)
            assert "List at least two answers, one a line." in text
            assert "Which level of help?" in text
        assert "Words" in page(client, "question-update", toolkit.pk, question.pk)
        assert "Name and description" in page(client, "toolkit-update", toolkit.pk)


class TestAudits:
    def test_setting_one_up_and_copying_it(self, client: Client, partnership: Partnership) -> None:
        theme = ThemeFactory(partnership=partnership)
        toolkit = ToolkitFactory(partnership=partnership)
        agency = AgencyFactory(partnership=partnership, name="Police")
        assert "Start from an earlier audit" not in page(client, "audit-create")
        sent = send(
            client,
            "audit-create",
            title="Neglect",
            code="2026-01",
            kind="programmed",
            theme=theme.pk,
            toolkit=toolkit.pk,
            purpose="To learn.",
            agencies=[agency.pk],
            return_by="2026-03-01",
        )
        assert "Neglect is set up." in sent
        audit = Audit.objects.get()
        copy_url = reverse("audit-create") + f"?copy={audit.pk}"
        copied = client.get(copy_url).content.decode()
        assert "This starts from <strong>Neglect</strong>" in copied
        assert "To learn." in copied
        assert "2026-03-01" not in copied
        audit.grades.filter(code="inadequate").delete()
        client.post(
            copy_url,
            {
                "title": "Neglect 2",
                "code": "2026-02",
                "kind": "programmed",
                "theme": theme.pk,
                "toolkit": toolkit.pk,
                "predecessor": audit.pk,
            },
        )
        second = Audit.objects.get(code="2026-02")
        assert second.predecessor == audit
        assert second.grades.count() == 3
        assert "Neglect</a>" in page(client, "audit-detail", second.pk)

    def test_nothing_typed_is_lost(self, client: Client) -> None:
        sent = send(client, "audit-create", title="Neglect", purpose="A long purpose.")
        assert "There is a problem" in sent
        assert "A long purpose." in sent
        assert 'value="Neglect"' in sent

    def test_the_overview_says_what_is_missing_and_where(
        self, client: Client, partnership: Partnership
    ) -> None:
        audit = AuditFactory(partnership=partnership)
        text = page(client, "audit-detail", audit.pk)
        assert "2 things still missing:" in text
        toolkit_url = reverse("toolkit-detail", args=[audit.toolkit_id])
        assert f'<a href="{toolkit_url}">Add at least one question to the toolkit.</a>' in text
        agencies_url = reverse("audit-agencies", args=[audit.pk])
        assert f'<a href="{agencies_url}">Choose the agencies to ask.</a>' in text

    def test_editing(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.NOMINATING)
        saved = send(
            client,
            "audit-update",
            audit.pk,
            title="Neglect 2",
            code=audit.code,
            kind="programmed",
            theme=audit.theme_id,
            toolkit=audit.toolkit_id,
        )
        assert "The set-up is saved." in saved
        assert "Neglect 2" in saved

    def test_moving_a_date_shows_its_trace(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(
            partnership=partnership, stage=Stage.NOMINATING, return_by=date(2026, 3, 1)
        )
        assert "Say why the date moves." in send(
            client, "audit-dates", audit.pk, return_by="2026-03-08"
        )
        moved = send(client, "audit-dates", audit.pk, return_by="2026-03-08", reason="Half term.")
        assert "Return by: 1 March 2026 became 8 March 2026" in moved
        assert "Half term." in page(client, "audit-dates", audit.pk)

    def test_choosing_agencies(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.COLLECTING)
        agency = AgencyFactory(partnership=partnership, name="Police")
        CaseFactory(audit=audit)
        assert "gets its case returns at once" in page(client, "audit-agencies", audit.pk)
        assert "The agencies asked are saved." in send(
            client, "audit-agencies", audit.pk, agencies=[agency.pk]
        )
        refused = send(client, "audit-agencies", audit.pk)
        assert "Police has already been sent the cases" in refused

    def test_the_grade_scale(self, client: Client, partnership: Partnership) -> None:
        audit = AuditFactory(partnership=partnership)
        assert "Requires improvement" in page(client, "audit-grades", audit.pk)
        sent = {"grades-TOTAL_FORMS": "2", "grades-INITIAL_FORMS": "0"}
        wrong = send(client, "audit-grades", audit.pk, **sent, **{"grades-0-label": "Met"})
        assert "Name at least two grades." in wrong
        good = {"grades-0-label": "Met", "grades-0-meets_good": "on", "grades-1-label": "Not met"}
        assert "The grade scale is saved." in send(client, "audit-grades", audit.pk, **sent, **good)
        assert [grade.label for grade in audit.grades.all()] == ["Met", "Not met"]
        Audit.objects.update(stage=Stage.COLLECTING)
        response = client.get(reverse("audit-grades", args=[audit.pk]), follow=True)
        assert "The scale cannot be changed" in response.content.decode()

    def test_filters_stand_in_the_address(self, client: Client, partnership: Partnership) -> None:
        AuditFactory(partnership=partnership, title="First", meeting_on=date(2025, 5, 1))
        late = AuditFactory(
            partnership=partnership,
            title="Second",
            stage=Stage.COLLECTING,
            kind=Audit.Kind.EXTRAORDINARY,
            return_by=timezone.localdate() - timedelta(days=1),
        )
        url = reverse("audit-list")
        found = {
            query: [a.title for a in client.get(url + query).context["audits"]]
            for query in (
                "",
                "?stage=collecting",
                "?year=2025",
                "?kind=programmed",
                f"?theme={late.theme_id}",
                "?stage=closed",
            )
        }
        assert found == {
            "": ["Second", "First"],
            "?stage=collecting": ["Second"],
            "?year=2025": ["First"],
            "?kind=programmed": ["First"],
            f"?theme={late.theme_id}": ["Second"],
            "?stage=closed": [],
        }
        assert "Late" in client.get(url).content.decode()
        assert "No audit matches" in client.get(url + "?stage=closed").content.decode()


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


class TestListsCostTheSame:
    """One row and three rows: the same number of queries, named."""

    @pytest.mark.parametrize("rows", [1, 3])
    @pytest.mark.parametrize(
        ("route", "queries"),
        [("theme-list", 4), ("learning-theme-list", 4), ("toolkit-list", 4), ("audit-list", 6)],
    )
    def test_lists(
        self,
        client: Client,
        partnership: Partnership,
        django_assert_num_queries: DjangoAssertNumQueries,
        route: str,
        queries: int,
        rows: int,
    ) -> None:
        for _ in range(rows):
            AgencyReturnFactory(audit__partnership=partnership)
            LearningThemeFactory(partnership=partnership)
        with django_assert_num_queries(queries):
            client.get(reverse(route))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_a_toolkit(
        self,
        client: Client,
        partnership: Partnership,
        django_assert_num_queries: DjangoAssertNumQueries,
        rows: int,
    ) -> None:
        toolkit = ToolkitFactory(partnership=partnership)
        first = QuestionFactory(toolkit=toolkit)
        for _ in range(rows):
            QuestionFactory(toolkit=toolkit, follows=first, follows_answers=["yes"])
        with django_assert_num_queries(7):
            client.get(reverse("toolkit-detail", args=[toolkit.pk]))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_cases(
        self,
        client: Client,
        partnership: Partnership,
        officer: User,
        django_assert_num_queries: DjangoAssertNumQueries,
        rows: int,
    ) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.NOMINATING)
        for _ in range(rows):
            AgencyReturnFactory(audit=audit)
            nomination_domain.nominate(audit=audit, by=officer, reason="Open.")
        case_domain.add_cases_with_reasons(audit=audit, by=officer, reasons=["Drift."] * rows)
        with django_assert_num_queries(9):
            client.get(reverse("case-list", args=[audit.pk]))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_overview(
        self,
        client: Client,
        partnership: Partnership,
        django_assert_num_queries: DjangoAssertNumQueries,
        rows: int,
    ) -> None:
        audit = AuditFactory(partnership=partnership, stage=Stage.COLLECTING)
        for _ in range(rows):
            AgencyReturnFactory(audit=audit)
            CaseFactory(audit=audit)
        with django_assert_num_queries(11):
            client.get(reverse("audit-detail", args=[audit.pk]))
