"""A lead answers for a return: sends back, begins the report from points, signs off, corrects."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.domain.case_returns import finish
from audits.models import AgencyReturn, Correction, Point, ReturnStage
from tests.audits.collecting import Collecting, answered, collecting
from tests.factories import returned_point
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], None]


@pytest.fixture
def world() -> Collecting:
    """Two cases: the first complete with two points, the second begun."""
    world = collecting(cases=2, name="Fenshire Police", short_name="Police")
    returned_point(world.first, "Officers asked the child alone.")
    returned_point(world.first, "The school was told the same day.")
    finish(answered(world, world.first), by=world.auditor)
    answered(world, world.case_returns[1])
    return world


@pytest.fixture
def go(page: Page, live_server: LiveServer, world: Collecting) -> Callable[..., None]:
    def to(route: str, *more: object) -> None:
        page.goto(live_server.url + reverse(route, args=[world.agency_return.pk, *more]))

    return to


def test_from_sending_back_to_a_correction_the_officer_compares(
    page: Page,
    live_server: LiveServer,
    sign_in: SignIn,
    world: Collecting,
    axe: CheckPage,
    go: Callable[..., None],
) -> None:
    sign_in(world.lead)
    send_back(page, axe, go)
    sign_in(world.auditor)
    page.goto(live_server.url)
    find_it_at_home_and_finish_both(page)
    sign_in(world.lead)
    go("summative-edit")
    begin_the_report_from_points(page, axe)
    sign_off_when_nothing_is_missing(page, axe, go)
    assert AgencyReturn.objects.get().stage == ReturnStage.SIGNED_OFF
    correct_a_point(page, axe)
    sign_in(world.officer)
    go("case-return-edit", world.first.pk)
    compare(page, axe)
    assert Correction.objects.get().by == world.lead


def send_back(page: Page, axe: CheckPage, go: Callable[..., None]) -> None:
    go("agency-return-detail")
    page.get_by_role("link", name="Case 1", exact=True).click()
    page.get_by_role("link", name="Send it back").click()
    axe(page)
    page.get_by_label("What has to change?").fill("Which school was told?")
    page.get_by_role("button", name="Send it back").click()
    expect(page.get_by_text("Which school was told?")).to_be_visible()


def find_it_at_home_and_finish_both(page: Page) -> None:
    expect(page.get_by_text("Which school was told?")).to_be_visible()
    page.get_by_role("link", name="Case 1 of").click()
    expect(page.get_by_role("heading", name="Sent back to you")).to_be_visible()
    page.get_by_role("button", name="Complete this case").click()
    expect(page.get_by_role("heading", level=1, name="Case 2")).to_be_visible()


def begin_the_report_from_points(page: Page, axe: CheckPage) -> None:
    expect(page.get_by_text("1 of 2 cases audited")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Begin from the case returns’ points").click()
    axe(page)
    page.get_by_role("button", name="Take over to “works well”").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one point")
    axe(page)
    page.get_by_label("Officers asked the child alone.").check()
    page.get_by_role("button", name="Take over to “works well”").click()
    expect(page.get_by_text("1 point taken over to “works well”")).to_be_visible()
    box = page.get_by_label("What went well, point 1")
    expect(box).to_have_value("Officers asked the child alone.")
    box.fill("Children are asked alone.")
    page.get_by_label("Overview").fill("We listen to children.")
    action = page.get_by_role("group", name="Action 1")
    action.get_by_label("What will be done").fill("Brief every shift.")
    action.get_by_label("By whom").fill("Head of training")
    action.get_by_label("How we will know").fill("Ten records a month are read.")
    page.get_by_role("button", name="Save and close").click()
    expect(page.get_by_text("Children are asked alone. from Case 1")).to_be_visible()
    expect(page.get_by_text("How we will know: Ten records a month are read.")).to_be_visible()
    axe(page)


def sign_off_when_nothing_is_missing(page: Page, axe: CheckPage, go: Callable[..., None]) -> None:
    page.get_by_role("link", name="Sign off the return").first.click()
    expect(page.get_by_role("button", name="Sign off the return")).to_have_count(0)
    axe(page)
    page.get_by_role("link", name="Case 2 is not finished (in progress").click()
    # Going on before the answer has come would take the press back.
    with page.expect_navigation():
        page.get_by_role("button", name="Complete this case").click()
    go("agency-return-transition", "sign-off")
    page.get_by_role("button", name="Sign off the return").click()
    expect(page.get_by_text("Signed off", exact=True).first).to_be_visible()


def correct_a_point(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="Case 1", exact=True).click()
    page.get_by_role("link", name="Correct something").click()
    axe(page)
    page.get_by_label("What went well, point 2").fill("The nursery was told the same day.")
    page.get_by_role("button", name="Save the correction").click()
    expect(page.get_by_role("alert")).to_contain_text("Give a reason")
    axe(page)
    page.get_by_label("Why is it corrected?").fill("It was the nursery.")
    page.get_by_role("button", name="Save the correction").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Case 1: what was corrected")
    axe(page)
    texts = Point.objects.filter(case_return__isnull=False).values_list("text", flat=True)
    assert "The nursery was told the same day." in set(texts)


def compare(page: Page, axe: CheckPage) -> None:
    expect(page.get_by_role("heading", name="Corrected after sign-off")).to_be_visible()
    expect(page.get_by_text("It was the nursery.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Compare old and new").click()
    expect(page.locator("del")).to_have_text("school")
    expect(page.locator("ins")).to_have_text("nursery")
    axe(page)


def test_declining_is_read_by_the_officer(
    page: Page,
    live_server: LiveServer,
    sign_in: SignIn,
    world: Collecting,
    axe: CheckPage,
    go: Callable[..., None],
) -> None:
    sign_in(world.lead)
    go("agency-return-detail")
    page.get_by_role("link", name="Decline to return").click()
    page.get_by_label("Reason").fill("The unit was closed in spring.")
    axe(page)
    page.get_by_role("button", name="Decline to return").click()
    expect(page.get_by_text("Declined: The unit was closed in spring.")).to_be_visible()

    sign_in(world.officer)
    page.goto(live_server.url + reverse("agency-return-list", args=[world.audit.pk]))
    expect(page.get_by_text("The unit was closed in spring.")).to_be_visible()
    axe(page)


def test_auditors_side_by_side(
    page: Page,
    sign_in: SignIn,
    world: Collecting,
    axe: CheckPage,
    go: Callable[..., None],
) -> None:
    second = world.case_returns[1]
    second.refresh_from_db()
    second.auditor = world.lead
    second.save()
    finish(second, by=world.lead)
    sign_in(world.lead)
    go("agency-return-detail")
    page.get_by_role("link", name="What differs between auditors").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What differs between auditors")
    page.get_by_text("1 question answered more alike").click()
    expect(page.get_by_role("cell", name="1 of 1 cases").first).to_be_visible()
    axe(page)
