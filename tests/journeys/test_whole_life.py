"""One audit from nomination to the board's reading, each role in turn, two agencies, two cases.

Everybody signs in with a password, as they would. It ends in both PDFs, and their words.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, Partnership, User
from agencies.roles import Role
from audits.models import Audit, Question, Toolkit
from tests import factories
from tests.factories import PASSWORD, person
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)


class World:
    """Who is there before the audit begins: people, agencies, a theme and a toolkit."""

    def __init__(self) -> None:
        self.partnership: Partnership = factories.PartnershipFactory(
            name="Fenshire Safeguarding Children Partnership"
        )
        self.police = self._agency("Fenshire Police", "Police")
        self.health = self._agency("Fenshire Community Health", "Health")
        self.officer = self._person(Role.OFFICER, "Priya Officer")
        self.chair = self._person(Role.CHAIR, "Helen Chair")
        self.member = self._person(Role.MEMBER, "Tom Member")
        self.board = self._person(Role.BOARD, "Ruth Board")
        self.police_lead = self._person(Role.LEAD, "Karen Lead", self.police)
        self.police_auditor = self._person(Role.AUDITOR, "Owen Auditor", self.police)
        self.health_lead = self._person(Role.LEAD, "Maria Lead", self.health)
        factories.ThemeFactory(
            partnership=self.partnership, name="Neglect", priority="Recognise neglect early"
        )
        factories.LearningThemeFactory(partnership=self.partnership, name="Record keeping")
        self._toolkit()

    def _agency(self, name: str, short_name: str) -> Agency:
        agency: Agency = factories.AgencyFactory(
            partnership=self.partnership, name=name, short_name=short_name
        )
        return agency

    def _person(self, role: Role, name: str, agency: Agency | None = None) -> User:
        address = f"{name.lower().replace(' ', '.')}@fenshire.example"
        return person(role, agency or self.partnership, name=name, email=address, password=PASSWORD)

    def _toolkit(self) -> None:
        toolkit: Toolkit = factories.ToolkitFactory(partnership=self.partnership, name="Neglect")
        factories.QuestionFactory(
            toolkit=toolkit, code="tool-used", text="Has the screening tool been used?"
        )
        factories.QuestionFactory(
            toolkit=toolkit,
            code="worked-well",
            text="What has worked well with this case?",
            kind=Question.Kind.POINTS,
            point_kind="went_well",
            asks_evidence=False,
            required=False,
        )


class Visitor:
    """Somebody at the browser; every page on the way is looked over for accessibility."""

    def __init__(self, page: Page, base: str, axe: CheckPage) -> None:
        self.page = page
        self.base = base
        self.axe = axe

    @contextmanager
    def signed_in(self, user: User) -> Iterator[None]:
        self.page.goto(f"{self.base}/accounts/login/")
        self.axe(self.page)
        self.page.get_by_label("mail").fill(user.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("banner")).to_contain_text(user.name)
        self.axe(self.page)
        yield
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("button", name="Sign in")).to_be_visible()

    def open(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")
        self.axe(self.page)

    def follow(self, name: str | re.Pattern[str]) -> None:
        exact = isinstance(name, str)
        self.page.get_by_role("link", name=name, exact=exact).first.click()
        self.axe(self.page)

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
        self.axe(self.page)

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)

    def sees(self, words: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words)

    def pdf(self, path: str) -> str:
        """The words of a PDF, fetched with this person's session."""
        answer = self.page.request.get(f"{self.base}{path}")
        assert answer.headers["content-type"] == "application/pdf"
        pages = PdfReader(BytesIO(answer.body())).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def visitor(page: Page, live_server: LiveServer, axe: CheckPage) -> Visitor:
    return Visitor(page, live_server.url, axe)


def test_an_audit_from_nomination_to_the_boards_reading(visitor: Visitor) -> None:
    world = World()
    with visitor.signed_in(world.officer):
        audit = set_up(visitor)
    with visitor.signed_in(world.member):
        nominate(visitor)
    with visitor.signed_in(world.officer):
        circulate(visitor, audit)
    with visitor.signed_in(world.police_auditor):
        audit_two_cases(visitor)
    with visitor.signed_in(world.police_lead):
        sign_off(visitor)
    with visitor.signed_in(world.health_lead):
        make_a_nil_return(visitor)
    with visitor.signed_in(world.officer):
        go_to_meeting(visitor, audit)
    with visitor.signed_in(world.chair):
        hold_the_meeting(visitor, audit)
    with visitor.signed_in(world.officer):
        draft(visitor, audit)
    with visitor.signed_in(world.chair):
        publish(visitor, audit)
    with visitor.signed_in(world.board):
        read(visitor)


def set_up(visitor: Visitor) -> Audit:
    page = visitor.page
    visitor.open("/audits/")
    visitor.follow("Set up the first audit")
    visitor.fill("Title", "Neglect in infancy")
    visitor.fill("Code", "2026-01")
    page.get_by_label("Theme", exact=True).select_option(label="Neglect")
    page.get_by_label("Toolkit", exact=True).select_option(label="Neglect, version 1")
    page.get_by_label("Purpose of the request").fill("To learn how neglect is recognised.")
    page.get_by_label("Legal power to share").fill("Children Act 2004, section 11")
    for agency in ("Fenshire Community Health", "Fenshire Police"):
        page.get_by_role("checkbox", name=agency).check()
    visitor.press("Set up the audit")
    visitor.follow("Ask for nominations")
    visitor.press("Ask for nominations")
    return Audit.objects.get()


def nominate(visitor: Visitor) -> None:
    page = visitor.page
    for reason in ("Long neglect with many changes of worker.", "A plan that ended well."):
        visitor.open("/audits/")
        visitor.follow("Neglect in infancy")
        visitor.follow("Nominate a case")
        page.get_by_label("Why this case").fill(reason)
        visitor.press("Nominate the case")
    visitor.sees("The officer decides whether it is taken.")


def circulate(visitor: Visitor, audit: Audit) -> None:
    page = visitor.page
    visitor.open(f"/audits/{audit.pk}/cases/")
    page.get_by_role("checkbox", name="Long neglect").check()
    page.get_by_role("checkbox", name="A plan that ended well").check()
    visitor.press("Select the ticked ones")
    visitor.follow("Overview")
    visitor.follow("Set the date to return by.")
    page.get_by_label("Return by").fill("2026-03-01")
    page.get_by_label("Meeting on").fill("2026-03-15")
    visitor.press("Save the dates")
    visitor.follow("Circulate to the agencies")
    visitor.press("Circulate to the agencies")
    visitor.sees("Neglect in infancy: circulated the cases to the agencies.")


def audit_two_cases(visitor: Visitor) -> None:
    page = visitor.page
    visitor.follow("Say which cases of “Neglect in infancy” you know")
    page.get_by_role("group", name="Case 1").get_by_label("The child").check()
    page.get_by_role("group", name="Case 2").get_by_label("Not known").check()
    page.get_by_label("How did you check").fill("Searched all systems.")
    visitor.sees("Every case has an answer")
    visitor.follow("Go on with Case 1")
    page.get_by_label("Past engagement").fill("Two visits in the winter.")
    tool = page.get_by_role("group", name="Has the screening tool been used?")
    tool.get_by_label("Yes", exact=True).check()
    page.get_by_label("What went well, point 1").fill("Officers spoke to the child.")
    page.get_by_label("Good", exact=True).check()
    expect(page.locator("[data-maca-save-state]")).to_contain_text("Saved ")
    visitor.press("Complete this case")
    visitor.sees("2 of 2 cases")


def sign_off(visitor: Visitor) -> None:
    page = visitor.page
    visitor.follow(re.compile("Neglect in infancy"))
    visitor.follow("Write the summative report")
    page.get_by_label("Overview").fill("Recognition is good; recording is uneven.")
    page.get_by_label("Add points, one a line: What went well").fill("Officers recognise neglect.")
    visitor.press("Save and close")
    visitor.follow("Sign off the return")
    visitor.press("Sign off the return")
    visitor.sees("Signed off")


def make_a_nil_return(visitor: Visitor) -> None:
    visitor.follow(re.compile("Find an auditor"))
    visitor.follow(re.compile("[Nn]il return"))
    visitor.page.get_by_label("How did you check?").fill("Searched all systems.")
    visitor.press("Make a nil return")
    visitor.sees("Nil return")


def go_to_meeting(visitor: Visitor, audit: Audit) -> None:
    visitor.open(f"/audits/{audit.pk}/")
    visitor.follow("Go to the meeting")
    visitor.press("Go to the meeting")


def hold_the_meeting(visitor: Visitor, audit: Audit) -> None:
    page = visitor.page
    visitor.open(f"/audits/{audit.pk}/meeting/")
    visitor.follow("Enter the date and the chair")
    page.get_by_label("Date the meeting was held").fill("2026-03-15")
    visitor.press("Save")
    visitor.follow("Enter who came")
    first = page.locator(".maca-attendance__row").first
    first.get_by_label("Came or sent apologies").select_option("attended")
    visitor.press("Save")
    visitor.follow(re.compile("Begin with Case 1|Case 1"))
    page.get_by_role("button", name="Adopt “Officers spoke to the child.”").click()
    expect(page.locator("#agreed-went_well li")).to_have_count(1)
    say(page, "can_be_improved", "The plan was reviewed late.")
    visitor.press("Mark as discussed")
    visitor.follow("Pass over")
    page.get_by_label("Why was the case passed over?").fill("Not known to any agency.")
    visitor.press("Save")
    visitor.open(f"/audits/{audit.pk}/")
    visitor.follow("Start drafting")
    visitor.press("Start drafting")


def say(page: Page, kind: str, words: str) -> None:
    box = page.locator(f"#say-{kind}")
    box.fill(words)
    box.press("Enter")
    expect(page.locator(f"#agreed-{kind} li").filter(has_text=words)).to_have_count(1)


def draft(visitor: Visitor, audit: Audit) -> None:
    page = visitor.page
    visitor.open(f"/audits/{audit.pk}/findings/")
    visitor.press("Begin by agency, from the summative reports")
    visitor.follow("Write a finding")
    page.get_by_label("Finding", exact=True).fill("Reviews are late.")
    page.get_by_label("3.3 What are we worried about?").check()
    visitor.press("Save")
    visitor.follow("Add a gap heading")
    page.get_by_label("Heading", exact=True).fill("Reviews of plans")
    page.get_by_label("Learning theme it belongs to").select_option(label="Record keeping")
    visitor.press("Save")
    visitor.follow("Add a gap under Reviews of plans")
    page.get_by_label("Finding", exact=True).fill("Nobody is told when a review is missed.")
    visitor.press("Save")
    visitor.open(f"/audits/{audit.pk}/documents/")
    visitor.sees("1 gap without an action")
    visitor.follow("Background")
    page.get_by_label("Text").fill("The board asked how neglect is recognised.\n\n- Early")
    visitor.press("Save")
    visitor.follow("Ask the chair to approve")
    visitor.press("Ask the chair to approve")


def publish(visitor: Visitor, audit: Audit) -> None:
    page = visitor.page
    visitor.open(f"/audits/{audit.pk}/documents/")
    visitor.follow("Approve and publish")
    visitor.press("Publish both documents")
    visitor.sees("Preview the summary report first: you have not seen it as it stands now.")
    visitor.sees("Gap 3.4.1 a has no action: add one, or accept it as it is.")
    visitor.follow("Summary report")
    visitor.sees("The board asked how neglect is recognised.")
    visitor.follow("Documents of this audit")
    visitor.follow("Preview the six-step briefing")
    visitor.sees("Officers spoke to the child.")
    visitor.follow("Documents of this audit")
    visitor.follow("Approve and publish")
    page.get_by_role("checkbox", name="Nobody is told when a review is missed").check()
    visitor.press("Publish both documents")
    visitor.sees("Both documents are published.")


def read(visitor: Visitor) -> None:
    page = visitor.page
    visitor.follow("Documents")
    expect(page.get_by_role("navigation").get_by_role("link", name="Audits")).to_have_count(0)
    visitor.follow("Neglect in infancy: summary report")
    visitor.sees("Reviews are late.")
    address = page.get_by_role("link", name="Download the PDF").get_attribute("href")
    report = visitor.pdf(str(address))
    for words in (
        "Neglect in infancy",
        "Version 1, published",
        "approved by Helen Chair",
        "The board asked how neglect is recognised. • Early",
        "Findings agreed at the meeting of 15 March 2026",
        "Officers recognise neglect.",
        "Reviews are late.",
        "3.4.1 Reviews of plans a. Nobody is told when a review is missed.",
        "Fenshire Community Health made a nil return",
    ):
        assert words in report
    visitor.follow("Published documents")
    visitor.follow("Neglect in infancy: six-step briefing")
    address = page.get_by_role("link", name="Download the PDF").get_attribute("href")
    briefing = visitor.pdf(str(address))
    for words in (
        "1. Has the screening tool been used?",
        "Case 1 • Officers spoke to the child.",
        "Case 1 • The plan was reviewed late.",
        "No challenges or themes were identified.",
    ):
        assert words in briefing
    assert "Case 2" not in briefing
