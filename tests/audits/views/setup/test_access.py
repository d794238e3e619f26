"""Who gets into the pages of setting up, and what their lists cost."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from agencies.models import Partnership, User
from agencies.roles import Role
from audits.domain import cases as case_domain
from audits.domain import nominations as nomination_domain
from audits.models import (
    Audit,
    Stage,
)
from tests.audits.browsing import page, signed_in
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
        with django_assert_num_queries(10):
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
        with django_assert_num_queries(13):
            client.get(reverse("audit-detail", args=[audit.pk]))
