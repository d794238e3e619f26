"""The page of home: what it shows to each role, and nothing that is not theirs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.models import Agency, Invitation, Partnership, User
from agencies.roles import Role
from audits.models import Nomination, Stage
from tests.factories import (
    ActionFactory,
    AgencyFactory,
    AgencyReturnFactory,
    CaseFactory,
    CaseReturnFactory,
    MembershipFactory,
    person,
)
from tests.reports.home.waiting import audit_at, change, day

pytestmark = pytest.mark.django_db


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
        change(row, "send-back", user, "Why?")
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
