"""A tab that is shown opens: for every role, at every stage, whatever its own return says."""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import User
from agencies.roles import Role
from audits.models import Audit, ReturnStage, Stage
from tests.factories import AgencyReturnFactory, AuditFactory, CaseFactory, person

pytestmark = pytest.mark.django_db


class Tabs(HTMLParser):
    """Label by address of the links in the audit's sub-navigation."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.address = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("class") == "maca-subnav__link":
            self.address = given.get("href") or ""

    def handle_data(self, data: str) -> None:
        if self.address:
            self.found[self.address] = data
            self.address = ""


def tabs_of(client: Client, audit: Audit) -> dict[str, str]:
    response = client.get(reverse("audit-detail", args=[audit.pk]))
    return Tabs(response.content.decode()).found if response.status_code == 200 else {}


@pytest.mark.parametrize("stage", list(Stage))
def test_every_tab_shown_opens(stage: Stage) -> None:
    audit = AuditFactory(stage=stage)
    CaseFactory(audit=audit)
    people: list[User] = [
        person(role, audit.partnership) for role in (Role.OFFICER, Role.CHAIR, Role.MEMBER)
    ]
    for return_stage in (ReturnStage.OPEN, ReturnStage.SIGNED_OFF, ReturnStage.EXCUSED):
        agency = AgencyReturnFactory(audit=audit, stage=return_stage).agency
        people += [person(Role.LEAD, agency), person(Role.AUDITOR, agency)]
    closed = []
    for user in people:
        client = Client()
        client.force_login(user)
        for address, label in tabs_of(client, audit).items():
            status = client.get(address).status_code
            if status not in (200, 302):
                closed.append((str(user.current_memberships[0]), label, status))
    assert closed == []


def test_the_officer_sees_them_all_once_the_meeting_is_reached() -> None:
    audit = AuditFactory(stage=Stage.MEETING)
    client = Client()
    client.force_login(person(Role.OFFICER, audit.partnership))
    assert list(tabs_of(client, audit).values()) == [
        "Overview",
        "Cases",
        "Returns",
        "Meeting",
        "Findings",
        "Actions",
        "Documents",
        "Dashboard",
        "Activity",
    ]
