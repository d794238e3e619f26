"""The officer and the chair run a meeting over three cases, then write what it came to."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.models import (
    Action,
    AgreedGrade,
    Discussion,
    Finding,
    PointKind,
    PointPlacement,
    Stage,
)
from tests.audits.scenes import Scene, meeting_scene, summative_point
from tests.factories import LearningThemeFactory, returned_point, unsigned
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], None]


@pytest.fixture
def scene() -> Scene:
    scene = meeting_scene(agencies=2, cases=3, questions=3)
    with unsigned(*scene.returns):
        for case_return in scene.case_returns:
            case_return.own_grade = scene.audit.grades.get(code="good")
            case_return.grade_reason = "The plan moved on."
            case_return.save()
    first = scene.case_returns[0]
    returned_point(first, "The chronology had gaps of a year.", PointKind.CAN_BE_IMPROVED)
    returned_point(first, "Nobody asked the school.", PointKind.CAN_BE_IMPROVED)
    summative_point(scene.returns[0], "Early help was well used.")
    LearningThemeFactory(partnership=scene.audit.partnership, name="Record keeping")
    return scene


def shoot(page: Page, name: str) -> None:
    """Screenshots at three widths, for the eye; only where a folder is given."""
    import os

    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    for width in (390, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 1000})
        page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_meeting_from_first_case_to_findings_and_actions(
    page: Page, live_server: LiveServer, sign_in: SignIn, scene: Scene, axe: CheckPage
) -> None:
    audit = scene.audit
    sign_in(scene.officer)
    page.goto(f"{live_server.url}/audits/{audit.pk}/meeting/")
    expect(page.get_by_role("heading", level=1)).to_have_text("The meeting")
    axe(page)
    record_the_day(page, axe)
    record_who_came(page, axe)
    shoot(page, "meeting-detail")
    page.get_by_role("link", name="Begin with Case 1").click()
    discuss_the_first_case(page, axe)
    agree_a_grade(page, axe)
    page.get_by_role("button", name="Mark as discussed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Case 2")
    pass_over_the_second(page, axe)
    page.get_by_role("link", name=re.compile(r"Case\s+3\s*: to discuss")).click()
    page.get_by_role("button", name="Mark as discussed").click()
    expect(page.get_by_text("3 of 3 cases settled")).to_be_visible()
    axe(page)
    expect(page.get_by_role("link", name="Start drafting")).to_be_visible()
    the_audit_as_a_whole(page, axe)
    audit.stage = Stage.DRAFTING
    audit.save()

    sign_in(scene.chair)
    page.goto(f"{live_server.url}/audits/{audit.pk}/findings/")
    axe(page)
    begin_by_agency(page, axe)
    a_lead_in_with_a_finding(page, axe)
    a_gap_with_its_action(page, axe)
    take_out_and_undo(page, axe)
    shoot(page, "finding-list")
    page.goto(f"{live_server.url}/audits/{audit.pk}/actions/")
    axe(page)
    page.goto(f"{live_server.url}/actions/")
    expect(page.get_by_role("link", name="Write a template for chronologies.")).to_be_visible()
    axe(page)
    shoot(page, "action-list")


def record_the_day(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="Enter the date and the chair").click()
    axe(page)
    page.get_by_label("Date the meeting was held").fill("2026-06-10")
    page.get_by_label("Chaired by").fill("Charlie Chair, independent chair")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("10 June 2026")).to_be_visible()


def record_who_came(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="Enter who came").click()
    axe(page)
    shoot(page, "attendance")
    rows = page.locator(".maca-attendance__row")
    rows.nth(0).get_by_label("Came or sent apologies").select_option("attended")
    rows.nth(0).get_by_label("Job title").fill("Head of service")
    rows.nth(1).get_by_label("Came or sent apologies").select_option("apologies")
    rows.nth(2).get_by_label("Name").fill("Visiting Person")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Visiting Person")).to_be_visible()
    expect(page.get_by_role("heading", name="Apologies")).to_be_visible()


def agreed(kind: PointKind) -> list[str]:
    rows = PointPlacement.objects.filter(agreed=True, kind=kind).select_related("point")
    return [row.point.text for row in rows.order_by("position")]


def discuss_the_first_case(page: Page, axe: CheckPage) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Case 1")
    axe(page)
    shoot(page, "meeting-case-start")
    page.get_by_text("Who introduces it?").click()
    page.get_by_label("Introduced by").fill("The social worker")
    page.get_by_role("button", name="Save who introduced it").click()
    expect(page.get_by_text("Introduced by The social worker")).to_be_visible()
    well = page.locator("#went_well")
    well.get_by_role("button", name=re.compile("^Adopt “")).first.click()
    expect(page.locator("#board-said")).to_have_text("Adopted under “Went well”.")
    expect(page.locator("#agreed-went_well li")).to_have_count(1)
    box = page.locator("#say-went_well")
    box.fill("The school pushed hard.")
    box.press("Enter")
    expect(page.locator("#agreed-went_well li")).to_have_count(2)
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    box.fill("Photographs were taken.\nFather was asked.")
    box.press("Enter")
    expect(page.locator("#agreed-went_well li")).to_have_count(4)
    better = page.locator("#can_be_improved")
    better.get_by_role("button", name="Adopt all 2").click()
    expect(page.locator("#agreed-can_be_improved li")).to_have_count(2)
    axe(page)
    shoot(page, "meeting-case")
    page.locator("#agreed-can_be_improved").get_by_role(
        "button", name=re.compile("^Take out “Nobody asked")
    ).click()
    expect(page.locator("#agreed-can_be_improved li")).to_have_count(1)
    page.get_by_role("button", name="Move “Father was asked.” up").click()
    expect(page.locator("#board-said")).to_have_text("Moved up in “Went well”.")
    assert agreed(PointKind.WENT_WELL)[1:] == [
        "The school pushed hard.",
        "Father was asked.",
        "Photographs were taken.",
    ]
    assert agreed(PointKind.CAN_BE_IMPROVED) == ["The chronology had gaps of a year."]
    elsewhere = better.locator("details.maca-elsewhere").first
    elsewhere.locator("summary").click()
    axe(page)
    elsewhere.get_by_role("button", name="Challenge or theme").click()
    expect(page.locator("#agreed-challenge li")).to_have_count(1)


def agree_a_grade(page: Page, axe: CheckPage) -> None:
    page.get_by_text("Agree another grade").first.click()
    axe(page)
    form = page.locator(".maca-grades__one").first
    form.get_by_label("Requires improvement").check()
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the reason for the grade")
    axe(page)
    page.get_by_label("Reason").fill("Two visits were missed.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Case 1")
    grade = AgreedGrade.objects.get()
    assert (grade.grade.label, grade.reason) == ("Requires improvement", "Two visits were missed.")
    assert grade.moderator.name == "Olive Officer"


def pass_over_the_second(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="Pass over").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why the case was passed over.")
    axe(page)
    page.get_by_label("Why was the case passed over?").fill("Time ran out.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Passed over: Time ran out.")).to_be_visible()
    axe(page)
    assert Discussion.objects.get(case__number=2).passed_over_reason == "Time ran out."


def the_audit_as_a_whole(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="The audit as a whole").click()
    page.get_by_role("button", name="Adopt “Early help was well used.”").click()
    expect(page.locator("#agreed-went_well li")).to_have_count(1)
    page.locator("#say-good_practice").fill("Schools are a strong protective factor.")
    page.locator("#say-good_practice").press("Enter")
    expect(page.locator("#agreed-good_practice li")).to_have_count(1)
    axe(page)
    shoot(page, "meeting-whole")


def begin_by_agency(page: Page, axe: CheckPage) -> None:
    page.get_by_role("button", name="Begin by agency, from the summative reports").click()
    expect(page.get_by_text("1 from the summative reports added to 3.2")).to_be_visible()
    page.get_by_role("link", name="Begin from points").click()
    axe(page)
    shoot(page, "finding-begin")
    page.get_by_label(re.compile("^Schools are a strong protective factor")).check()
    page.get_by_role("button", name="Go on to the finding").click()
    expect(page.get_by_label("Finding", exact=True)).to_have_value(
        "Schools are a strong protective factor."
    )
    page.get_by_label("3.2 What's working well?").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#working_well + .maca-outline > li")).to_have_count(2)
    axe(page)


def a_lead_in_with_a_finding(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="Add a lead-in to Findings").click()
    axe(page)
    page.get_by_label("Lead-in").fill("Some themes were seen before:")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Write a finding", exact=True).click()
    axe(page)
    shoot(page, "finding-form")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the finding.")
    axe(page)
    page.get_by_label("Finding", exact=True).fill("The voice of the child in {figure:nope}.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("has the code “nope”")
    page.get_by_label("Finding", exact=True).fill("The voice of the child in 12 of 20 cases.")
    page.get_by_label("3.1 under “Some themes were seen before:”").check()
    page.get_by_label("3.3 What are we worried about?").check()
    page.get_by_label("Seen in earlier audits known only on paper").fill("Neglect (2024-02)")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Typed by hand, from no figure: 12 of 20.").first).to_be_visible()
    expect(page.get_by_text("Seen before in Neglect (2024-02)").first).to_be_visible()
    axe(page)


def a_gap_with_its_action(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="Add a gap heading").click()
    axe(page)
    page.get_by_label("Heading", exact=True).fill("Records and chronologies")
    page.get_by_label("Learning theme it belongs to").select_option(label="Record keeping")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a gap under Records and chronologies").click()
    page.get_by_label("Finding", exact=True).fill("Chronologies are not used.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 gap without an action.")).to_be_visible()
    axe(page)
    shoot(page, "finding-list-gap")
    page.get_by_role("link", name="Add an action for “Chronologies are not used.”").click()
    axe(page)
    page.get_by_label("What will be done").fill("Write a template for chronologies.")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    action = Action.objects.get()
    assert [finding.text for finding in action.findings.all()] == ["Chronologies are not used."]
    page.get_by_role("link", name="Write a template for chronologies.").click()
    axe(page)
    shoot(page, "action-detail")
    page.get_by_role("link", name="Report progress").click()
    axe(page)
    page.get_by_label("Under way").check()
    page.get_by_label("What shows it").fill("A first draft was tried by two teams.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("A first draft was tried by two teams.")).to_be_visible()
    page.get_by_role("link", name="Findings", exact=True).or_(
        page.get_by_role("link", name="Actions of this audit")
    ).first.click()
    page.get_by_role("link", name="Findings", exact=True).click()


def take_out_and_undo(page: Page, axe: CheckPage) -> None:
    gap = Finding.objects.get(text="Chronologies are not used.").placements.get()
    line = page.locator(f"#placement-{gap.pk}")
    line.locator("summary").click()
    axe(page)
    line.get_by_role("button", name="Take out of this section").click()
    expect(page.get_by_text("Taken out of 3.4.1 Records and chronologies.")).to_be_visible()
    expect(page.get_by_role("heading", name="Placed nowhere")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Placed nowhere")).not_to_be_visible()
    assert Finding.objects.get(text="Chronologies are not used.").placements.count() == 1
