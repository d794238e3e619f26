"""The officer sets an audit up from nothing, a member nominates, the officer circulates."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, Partnership, User
from agencies.roles import Role
from audits.models import Audit, Toolkit
from tests.factories import AgencyFactory, AuditFactory, PartnershipFactory, person
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)


class Visit:
    """One person's way through the pages; axe looks at each of them."""

    def __init__(
        self, page: Page, base: str, check: CheckPage, sign_in: Callable[[User], None]
    ) -> None:
        self.page = page
        self.base = base
        self.check = check
        self.as_ = sign_in

    def open(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")
        self.check(self.page)

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).click()
        self.check(self.page)

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
        self.check(self.page)

    def says(self, words: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words)


@pytest.fixture
def partnership() -> Partnership:
    made: Partnership = PartnershipFactory(name="Fenshire Safeguarding Children Partnership")
    return made


@pytest.fixture
def agencies(partnership: Partnership) -> list[Agency]:
    names = ["Fenshire Community Health", "Fenshire Police"]
    made: list[Agency] = [AgencyFactory(partnership=partnership, name=name) for name in names]
    for agency in made:
        person(Role.LEAD, agency)
    return made


@pytest.fixture
def visit(
    page: Page, live_server: LiveServer, axe: CheckPage, sign_in: Callable[[User], None]
) -> Visit:
    return Visit(page, live_server.url, axe, sign_in)


def make_theme_and_learning_themes(visit: Visit) -> None:
    visit.open("/themes/")
    visit.follow("Add the first theme")
    visit.press("Add the theme")
    visit.says("There is a problem")
    visit.page.get_by_label("Name", exact=True).fill("Neglect")
    visit.page.get_by_label("Board priority it comes from").fill("Seen, heard and helped early")
    visit.press("Add the theme")
    visit.says("Neglect is added.")
    visit.follow("Learning themes")
    visit.press("Begin with the default list")
    visit.says("16 learning themes were added from the default list.")
    visit.page.get_by_role("button", name=re.compile("Down.*Voice of the child")).click()
    expect(visit.page.locator("ol.maca-points > li").first).to_contain_text("Information sharing")


def make_toolkit(visit: Visit) -> None:
    visit.open("/toolkits/")
    visit.follow("Make the first toolkit")
    visit.page.get_by_label("Name", exact=True).fill("Neglect")
    visit.press("Make the toolkit")
    visit.follow("Add the first question")
    visit.page.get_by_label("Question", exact=True).fill("Has the neglect tool been used?")
    visit.press("Add and write another")
    visit.page.get_by_label("Question", exact=True).fill("Have its findings been reviewed?")
    follows = visit.page.get_by_label("Is it asked only after a certain answer")
    expect(visit.page.get_by_role("checkbox", name="Partly")).to_be_hidden()
    follows.select_option(label="1. Has the neglect tool been used?")
    visit.page.get_by_role("checkbox", name="Yes", exact=True).check()
    visit.press("Add and write another")
    visit.page.get_by_label("Question", exact=True).fill("What has worked well?")
    visit.page.get_by_role("radio", name="Points of a kind").check()
    visit.page.get_by_role("radio", name="Went well").check()
    visit.check(visit.page)
    visit.press("Add the question")
    visit.says("asked after Yes to question 1")
    visit.follow("Preview as an auditor sees it")
    second = visit.page.get_by_text("Have its findings been reviewed?")
    expect(second).to_be_hidden()
    visit.page.get_by_role("radio", name="Yes", exact=True).first.check()
    expect(second).to_be_visible()
    visit.check(visit.page)


def set_up_audit(visit: Visit) -> None:
    visit.open("/audits/")
    visit.follow("Set up the first audit")
    page = visit.page
    page.get_by_label("Purpose of the request").fill("To learn how neglect is recognised.")
    visit.press("Set up the audit")
    visit.says("There is a problem")
    expect(page.get_by_label("Purpose of the request")).to_have_value(
        "To learn how neglect is recognised."
    )
    page.get_by_label("Title").fill("Neglect")
    page.get_by_label("Code").fill("2026-01")
    page.get_by_label("Theme", exact=True).select_option(label="Neglect")
    page.get_by_label("Toolkit", exact=True).select_option(label="Neglect, version 1")
    page.get_by_label("Legal power to share").fill("Children Act 2004, section 11")
    page.get_by_role("radio", name="Extraordinary").check()
    page.get_by_label("Which agency asked for it").select_option(label="Fenshire Police")
    page.get_by_label("Why it was asked for").fill("Officers were unsure of the response.")
    for agency in ("Fenshire Community Health", "Fenshire Police"):
        page.get_by_role("checkbox", name=agency).check()
    visit.press("Set up the audit")
    visit.says("Neglect is set up.")
    visit.says("Everything it needs is there.")


def test_an_audit_from_nothing_to_circulation(
    visit: Visit, partnership: Partnership, agencies: list[Agency]
) -> None:
    officer = person(Role.OFFICER, partnership)
    member = person(Role.MEMBER, partnership)
    visit.as_(officer)
    make_theme_and_learning_themes(visit)
    make_toolkit(visit)
    set_up_audit(visit)
    audit = Audit.objects.get()
    base = f"/audits/{audit.pk}/"
    visit.follow("Ask for nominations")
    visit.says("What follows from it")
    visit.press("Ask for nominations")

    visit.as_(member)
    nominate(visit, base)
    visit.as_(officer)
    choose_cases(visit, base)
    note_identities(visit, agencies)
    circulate(visit)
    assert sorted(audit.case_returns.values_list("case__number", flat=True)) == [1, 1, 2, 2, 4, 4]
    assert Toolkit.objects.get().is_frozen
    look_back(visit, base, audit)


def nominate(visit: Visit, base: str) -> None:
    visit.open(base)
    visit.follow("Nominate a case")
    visit.page.get_by_label("Why this case").fill("Long neglect with many changes of worker.")
    visit.press("Nominate the case")
    visit.says("The officer decides whether it is taken.")


def choose_cases(visit: Visit, base: str) -> None:
    visit.open(base + "cases/")
    visit.page.get_by_role("checkbox", name="Long neglect").check()
    visit.press("Select the ticked ones")
    visit.says("Selected: Case 1.")
    visit.follow("Draw at random")
    visit.page.get_by_label("Which list it is drawn from").fill("Child protection plans in May")
    visit.page.get_by_label("How many rows the list has").fill("40")
    visit.page.get_by_label("How many cases to draw").fill("2")
    visit.page.get_by_label("Seed").fill("2026")
    visit.press("Draw and number the cases")
    visit.says("2 cases are drawn. The seed is 2026.")
    visit.page.get_by_role("link", name="Withdraw case 3").click()
    visit.page.get_by_label("Why Case 3 is withdrawn").fill("Moved to another area.")
    visit.check(visit.page)
    visit.press("Withdraw Case 3")
    visit.says("Case 3 is withdrawn.")
    visit.page.get_by_role("link", name="Replace case 3").click()
    visit.check(visit.page)
    visit.press("Replace Case 3")
    visit.says("Case 4 takes the place of 3.")


def note_identities(visit: Visit, agencies: list[Agency]) -> None:
    visit.follow("Note that identities were sent")
    for agency in agencies:
        visit.page.get_by_role("checkbox", name=agency.name).check()
    visit.press("Note it")


def circulate(visit: Visit) -> None:
    visit.follow("Overview")
    visit.follow("Set the date to return by.")
    visit.page.get_by_label("Return by").fill("2026-03-01")
    visit.page.get_by_label("Meeting on").fill("2026-03-15")
    visit.press("Save the dates")
    visit.follow("Circulate to the agencies")
    visit.says("2 agencies get a case return to fill in for each of 3 cases.")
    visit.press("Circulate to the agencies")
    visit.says("Neglect: circulated the cases to the agencies.")


def look_back(visit: Visit, base: str, audit: Audit) -> None:
    visit.open(base + "dates/")
    visit.open(base + "agencies/")
    visit.open(base + "edit/")
    visit.open(base + "steps/back-to-nominating/")
    visit.open(f"/toolkits/{Toolkit.objects.get().pk}/")
    visit.press("Make a new version")
    visit.says("Version 2 is open to change.")
    visit.open(f"/audits/add/?copy={audit.pk}")
    visit.says("This starts from Neglect")
    expect(visit.page.get_by_label("Purpose of the request")).to_have_value(
        "To learn how neglect is recognised."
    )


def test_the_grade_scale_page_has_no_faults(visit: Visit, partnership: Partnership) -> None:

    visit.as_(person(Role.OFFICER, partnership))
    audit = AuditFactory(partnership=partnership)
    visit.open(f"/audits/{audit.pk}/grades/")
    visit.press("Save the scale")
    visit.says("The grade scale is saved.")
