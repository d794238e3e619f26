"""An agency's return, from the first case to the signature, in a browser."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.domain.case_returns import CaseReturnDraft, finish, save_draft
from audits.models import (
    AgencyReturn,
    Answer,
    CaseReturn,
    CaseReturnStage,
    Point,
    Question,
    ReturnStage,
)
from tests.audits.collecting import NOTHING, Collecting, collecting, own_texts
from tests.factories import LearningThemeFactory, QuestionFactory
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], None]


@pytest.fixture
def world() -> Collecting:
    world = collecting(cases=2, questions=0, name="Fenshire Police", short_name="Police")
    toolkit = world.audit.toolkit
    first = QuestionFactory(toolkit=toolkit, code="used", text="Was the neglect toolkit used?")
    QuestionFactory(
        toolkit=toolkit,
        code="reviewed",
        text="Were its findings reviewed?",
        follows=first,
        follows_answers=["yes", "partly"],
    )
    QuestionFactory(
        toolkit=toolkit,
        code="worked-well",
        text="What has worked well?",
        kind=Question.Kind.POINTS,
        point_kind="went_well",
        asks_evidence=False,
    )
    LearningThemeFactory(partnership=world.partnership, name="Voice of the child")
    return world


def open_return(page: Page, live_server: LiveServer, world: Collecting) -> None:
    page.goto(live_server.url + reverse("agency-return-detail", args=[world.agency_return.pk]))


def answer_what_comes_up(page: Page, axe: CheckPage) -> None:
    axe(page)
    expect(page.get_by_text("Were its findings reviewed?")).to_be_hidden()
    page.get_by_label("Yes, the child", exact=True).check()
    page.get_by_label("Past engagement").fill("Two visits.")
    page.get_by_role("group", name="Was the neglect toolkit used?").get_by_label("Yes").check()
    expect(page.get_by_text("Were its findings reviewed?")).to_be_visible()
    expect(page.locator("[data-maca-save-state]")).to_contain_text("Saved ")

    page.get_by_role("button", name="Complete this case").click()
    expect(page.get_by_role("heading", name="Before this case is complete")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Answer question 2: Were its findings reviewed?").click()
    page.get_by_role("group", name="Were its findings reviewed?").get_by_label(
        "No", exact=True
    ).check()


def write_points(page: Page, axe: CheckPage) -> None:
    page.get_by_label("What went well, point 1").fill("Quick")
    page.get_by_role("button", name="Add a point to: What went well").click()
    page.get_by_label("What went well, point 2").fill("Children seen")
    axe(page)

    page.get_by_role("button", name="Move point 2 up: What went well").click()
    expect(page.get_by_label("What went well, point 1")).to_have_value("Children seen")
    more = page.locator("summary").filter(has_text="point 2: What went well")
    more.click()
    axe(page)
    page.get_by_role("button", name="Remove point 2: What went well").click()
    expect(page.get_by_text("The point was removed.", exact=True)).to_be_visible()
    expect(page.get_by_label("What went well, point 2")).to_have_count(0)
    axe(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("What went well, point 2")).to_have_value("Quick")
    more.click()
    page.get_by_role("button", name="Remove point 2: What went well").click()
    expect(page.get_by_label("What went well, point 2")).to_have_count(0)

    page.get_by_role("button", name="Themes of point 1: What went well").click()
    axe(page)
    page.get_by_label("Voice of the child").check()
    page.get_by_role("button", name="Save the point").click()
    expect(page.get_by_role("button", name=re.compile(r"Themes \(1\)"))).to_be_visible()


def test_an_auditor_fills_in_two_cases(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    sign_in(world.auditor)
    open_return(page, live_server, world)
    axe(page)
    page.get_by_role("link", name="Begin with Case 1").click()
    answer_what_comes_up(page, axe)
    write_points(page, axe)

    page.get_by_role("button", name="Complete this case").click()
    expect(page.get_by_role("heading", level=1, name="Case 2")).to_be_visible()

    page.get_by_label("No", exact=True).first.check()
    expect(page.get_by_role("heading", name="Engagement")).to_be_hidden()
    page.get_by_label("How did you check?").fill("Searched all systems.")
    axe(page)
    page.get_by_role("button", name="Complete this case").click()
    expect(page.get_by_text("2 of 2 cases")).to_be_visible()
    axe(page)

    stages = CaseReturn.objects.values_list("stage", "auditor")
    assert list(stages) == [
        (CaseReturnStage.COMPLETE, world.auditor.pk),
        (CaseReturnStage.NOT_KNOWN, world.auditor.pk),
    ]
    assert list(Answer.objects.values_list("value", flat=True)) == ["yes", "no"]
    assert list(Point.objects.values_list("text", flat=True)) == ["Children seen"]


def test_the_lead_assigns_sends_back_writes_the_report_and_signs_off(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    for each in world.case_returns:
        draft = CaseReturnDraft(own_texts(known="no", not_known_reason="Searched."))
        finish(save_draft(each, by=world.auditor, draft=draft, basis=NOTHING), by=world.auditor)
    sign_in(world.lead)
    open_return(page, live_server, world)

    page.get_by_label("Auditor of Case 1").select_option(world.lead.name)
    page.get_by_role("button", name="Save who audits what").click()
    expect(page.get_by_text("1 case assigned.")).to_be_visible()

    page.get_by_role("link", name="Case 1", exact=True).click()
    axe(page)
    page.get_by_role("link", name="Send it back").click()
    axe(page)
    page.get_by_label("What has to change?").fill("Was the old system searched too?")
    page.get_by_role("button", name="Send it back").click()
    expect(page.get_by_text("Was the old system searched too?")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Sign off the return").click()
    axe(page)
    page.get_by_role("link", name="Case 1 is not finished (in progress").click()
    expect(page.get_by_role("heading", name="Sent back to you")).to_be_visible()
    page.get_by_label("How did you check?").fill("Searched, the old system included.")
    page.get_by_role("button", name="Complete this case").click()

    page.get_by_role("link", name="Write the summative report").click()
    axe(page)
    page.get_by_label("Overview").fill("None of these families is known to us.")
    page.get_by_label("Add points, one a line: What can be improved").fill("Old records are slow.")
    page.get_by_role("group", name="Action 1").get_by_label("What will be done").fill("Move them.")
    page.get_by_role("button", name="Save and close").click()
    expect(page.get_by_text("Old records are slow.")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Sign off the return").first.click()
    axe(page)
    page.get_by_role("button", name="Sign off the return").click()
    expect(page.get_by_text("Signed off", exact=True).first).to_be_visible()
    axe(page)
    row = AgencyReturn.objects.get()
    assert (row.stage, row.signed_off_by) == (ReturnStage.SIGNED_OFF, world.lead)


def test_a_case_is_filled_in_from_the_keyboard(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting
) -> None:
    sign_in(world.auditor)
    address = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    page.goto(live_server.url + address)

    page.get_by_label("Yes, the child", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("Past engagement").focus()
    page.keyboard.type("Two visits.")
    page.keyboard.press("Tab")
    page.keyboard.type("None now.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save and stay").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Saved. You can leave this")).to_be_visible()
    row = CaseReturn.objects.get(pk=world.first.pk)
    assert (row.known, row.engagement_past, row.engagement_present) == (
        "child",
        "Two visits.",
        "None now.",
    )
    assert Answer.objects.get().value == "yes"


def test_the_officer_chases_and_excuses(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    sign_in(world.officer)
    page.goto(live_server.url + reverse("agency-return-list", args=[world.audit.pk]))
    axe(page)

    page.get_by_role("button", name="Remind those ticked…").click()
    axe(page)
    page.get_by_role("button", name="Send the reminders").click()
    expect(page.get_by_text("A reminder goes to 2 people: Fenshire Police.")).to_be_visible()
    page.get_by_role("link", name="Excuse Fenshire Police").click()
    axe(page)
    page.get_by_role("button", name="Excuse the agency").click()
    expect(page.get_by_role("alert")).to_contain_text("Give a reason")
    axe(page)
    page.get_by_label("Reason").fill("Merged with another service.")
    page.get_by_role("button", name="Excuse the agency").click()
    expect(page.get_by_text("Every return is in.")).to_be_visible()
    axe(page)
