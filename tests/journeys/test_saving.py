"""Writing on a case return: saved as one types, with others, offline and signed out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Dialog, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import SignedIn, User
from audits.models import Answer, CaseReturn, EngagementEntry, Presence, Question, TextRevision
from tests.audits.collecting import Collecting, answered, collecting
from tests.factories import PASSWORD, QuestionFactory
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], None]
SAVED = "Saved "
STORED = "JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie"


@pytest.fixture
def world() -> Collecting:
    return collecting(cases=2, questions=2)


def address(live_server: LiveServer, world: Collecting) -> str:
    path = reverse("case-return-edit", args=[world.agency_return.pk, world.first.pk])
    return f"{live_server.url}{path}"


def state(page: Page) -> Locator:
    return page.locator("[data-maca-save-state]")


def past(world: Collecting) -> str:
    return str(CaseReturn.objects.get(pk=world.first.pk).engagement_past)


def enter(context: BrowserContext, user: User, at: str) -> Page:
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": at}])
    return context.new_page()


@pytest.fixture
def colleague(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, world: Collecting
) -> Page:
    """The lead, in a browser of their own."""
    return enter(new_context(), world.lead, live_server.url)


def test_what_one_writes_is_saved_without_a_button(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    expect(page.get_by_text("Saved as you write")).to_be_visible()

    page.get_by_label("Past engagement").press_sequentially("Two visits.")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    expect(state(page)).to_contain_text(SAVED)
    axe(page)
    assert past(world) == "Two visits."

    page.get_by_role("group", name="Was step").first.get_by_label("Yes").check()
    page.get_by_label("Present engagement").fill("None now.")
    page.get_by_label("Past engagement").focus()
    expect(state(page)).to_contain_text(SAVED)
    page.wait_for_timeout(500)
    assert Answer.objects.get().value == "yes"
    assert TextRevision.objects.filter(key="engagement_present").get().words == "None now."

    page.reload()
    expect(page.get_by_label("Past engagement")).to_have_value("Two visits.")
    assert "visits" not in page.evaluate(STORED)


def test_the_button_saves_first_and_then_goes_on(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting
) -> None:
    sign_in(world.auditor)
    page.goto(address(live_server, world))

    page.get_by_label("Past engagement").fill("Two visits.")
    page.get_by_role("button", name="Save and next case").click()

    expect(page.get_by_role("heading", level=1, name="Case 2")).to_be_visible()
    assert past(world) == "Two visits."
    assert TextRevision.objects.count() == 1


def test_what_cannot_be_saved_is_named_and_the_button_leads_there(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting
) -> None:
    question = QuestionFactory(
        toolkit=world.audit.toolkit, text="How many visits?", kind=Question.Kind.NUMBER
    )
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    head = page.locator(".maca-page-header__status")
    expect(head).to_have_text("Not started")

    box = page.get_by_label("How many visits?")
    box.fill("lots")
    page.get_by_label("Past engagement").fill("Two visits.")
    page.get_by_label("Present engagement").focus()
    told = f"Not saved: question {question.number} has to be put right. Everything else is saved."
    expect(state(page)).to_have_text(told)
    assert past(world) == "Two visits."
    expect(head).to_have_text("In progress")
    named = f"Question {question.number}, not saved"
    expect(page.get_by_role("link", name=named)).to_be_visible()

    page.get_by_role("button", name="Complete this case").click()
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()

    box.fill("3")
    page.get_by_label("Past engagement").focus()
    expect(state(page)).to_contain_text(SAVED)
    expect(page.get_by_role("link", name=named)).to_have_count(0)


def test_more_than_can_be_sent_at_once_is_named_and_the_rest_is_saved(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting
) -> None:
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    page.get_by_label("Past engagement").fill("word " * 600_000)
    page.get_by_label("Present engagement").fill("None now.")

    expect(page.get_by_text("this is more than can be sent at once")).to_be_visible()
    expect(state(page)).to_contain_text("Everything else is saved")
    assert CaseReturn.objects.get(pk=world.first.pk).engagement_present == "None now."

    page.get_by_label("Past engagement").fill("Two visits.")
    expect(state(page)).to_contain_text(SAVED)
    assert past(world) == "Two visits."


def test_a_lost_connection_loses_nothing_and_leaving_asks(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting
) -> None:
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    page.context.set_offline(True)

    page.get_by_label("Past engagement").fill("Two visits.")
    page.get_by_label("Present engagement").focus()
    expect(state(page)).to_contain_text("Not saved: there is no connection.")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("location.reload()")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Past engagement")).to_have_value("Two visits.")
    assert past(world) == ""

    page.context.set_offline(False)
    expect(state(page)).to_contain_text(SAVED)
    assert past(world) == "Two visits."


def test_two_people_see_each_other_and_choose_between_their_words(
    page: Page,
    colleague: Page,
    live_server: LiveServer,
    sign_in: SignIn,
    world: Collecting,
    axe: CheckPage,
) -> None:
    answered(world, world.first)
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    colleague.goto(address(live_server, world))
    expect(colleague.get_by_text(f"Also here now: {world.auditor.name}")).to_be_visible()

    colleague.get_by_label("Past engagement").fill("Theirs.")
    colleague.get_by_label("Present engagement").fill("Nobody else writes here.")
    colleague.get_by_label("Past engagement").focus()
    expect(state(colleague)).to_contain_text(SAVED)
    page.get_by_label("Past engagement").fill("Mine.")
    page.get_by_label("Why this grade?").focus()

    both = page.get_by_role("group", name="Two versions: Past engagement")
    expect(both).to_contain_text("Theirs.")
    expect(both).to_contain_text("Mine.")
    expect(both).to_contain_text(world.lead.name)
    expect(state(page)).to_contain_text("Choose which stay")
    axe(page)
    both.get_by_role("button", name="Put both in the box, and edit").click()
    expect(page.get_by_label("Past engagement")).to_have_value("Theirs.\n\nMine.")
    expect(state(page)).to_contain_text(SAVED)
    page.wait_for_timeout(300)
    assert past(world) == "Theirs.\n\nMine."
    assert (
        CaseReturn.objects.get(pk=world.first.pk).engagement_present == "Nobody else writes here."
    )
    assert Presence.objects.count() == 2


def test_taking_the_others_words_can_be_undone(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting
) -> None:
    answered(world, world.first)
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    CaseReturn.objects.filter(pk=world.first.pk).update(engagement_past="Theirs.", revision=9)

    page.get_by_label("Past engagement").fill("Mine.")
    page.get_by_label("Present engagement").focus()
    page.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_label("Past engagement")).to_have_value("Theirs.")
    assert past(world) == "Theirs."

    page.get_by_role("button", name="Put mine back").click()
    expect(page.get_by_label("Past engagement")).to_have_value("Mine.")
    page.wait_for_timeout(3000)
    assert past(world) == "Mine."


def test_choosing_between_two_versions_of_a_chronologys_line_leaves_the_line(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting
) -> None:
    entry = EngagementEntry.objects.create(case_return=world.first, words="Calls.")
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    EngagementEntry.objects.update(words="Theirs.", revision=9)
    page.get_by_label("What you did, line 1").fill("Mine.")
    page.get_by_label("Past engagement").focus()
    page.get_by_role("button", name="Keep mine").click()
    expect(page.get_by_label("From, line 1")).to_be_focused()
    expect(state(page)).to_contain_text(SAVED)
    entry.refresh_from_db()
    assert entry.words == "Mine."


def end_sessions() -> None:
    SignedIn.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def test_signing_in_again_beside_the_page(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    world.auditor.set_password(PASSWORD)
    world.auditor.save()
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    end_sessions()

    page.get_by_label("Past engagement").fill("Two visits.")
    page.get_by_label("Present engagement").focus()
    expect(page.get_by_role("dialog", name="You are signed out")).to_be_visible()
    axe(page)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in again").click()
    window = opened.value
    window.get_by_label("E-mail address").fill(world.auditor.email)
    window.get_by_label("Password").fill(PASSWORD)
    window.get_by_role("button", name="Sign in").click()

    expect(state(page)).to_contain_text(SAVED)
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert past(world) == "Two visits."
    page.get_by_role("button", name="Save and next case").click()
    expect(page.get_by_role("heading", level=1, name="Case 2")).to_be_visible()


def test_whoever_is_writing_as_the_session_ends_goes_on_writing(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    end_sessions()
    box = page.get_by_label("Past engagement")
    box.focus()

    page.keyboard.type("Two visits. ")
    dialog = page.get_by_role("dialog", name="You are signed out")
    expect(dialog).to_be_visible()
    page.keyboard.type("Then a third.")

    expect(box).to_have_value("Two visits. Then a third.")
    expect(page.locator("[data-maca-session-said]")).to_contain_text("You are signed out")
    axe(page)
    page.keyboard.press("Escape")
    expect(dialog.get_by_role("link", name="Sign in again")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(box).to_be_focused()


def test_nothing_is_saved_under_another_name_unasked(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    sign_in(world.lead)

    page.get_by_label("Past engagement").fill("Two visits.")
    page.get_by_label("Present engagement").focus()
    dialog = page.get_by_role("dialog", name="Somebody else is signed in")
    expect(dialog).to_contain_text(f"{world.lead.name} is signed in by now.")
    axe(page)
    assert past(world) == ""

    dialog.get_by_role("button", name="Save it under the other name").click()
    expect(state(page)).to_contain_text(SAVED)
    assert TextRevision.objects.get().by == world.lead


def test_the_end_of_a_session_is_announced_and_can_be_put_off(
    page: Page, live_server: LiveServer, sign_in: SignIn, world: Collecting, axe: CheckPage
) -> None:
    sign_in(world.auditor)
    page.goto(address(live_server, world))
    SignedIn.objects.update(expire_date=timezone.now() + timedelta(seconds=110))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)

    dialog = page.get_by_role("alertdialog", name="Are you still there?")
    expect(dialog).to_contain_text("You will be signed out in 2 minutes")
    axe(page)
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    left = SignedIn.objects.get().expire_date - timezone.now()
    assert left > timedelta(minutes=50)


@pytest.fixture
def plain(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, world: Collecting
) -> Page:
    """The auditor's page in a browser that runs no scripts."""
    page = enter(new_context(java_script_enabled=False), world.auditor, live_server.url)
    page.goto(address(live_server, world))
    return page


def test_it_works_without_scripts(plain: Page, world: Collecting) -> None:
    expect(plain.get_by_text("Saved as you write")).to_be_hidden()

    plain.get_by_label("Past engagement").fill("Two visits.")
    plain.get_by_role("button", name="Save and stay").click()

    expect(plain.get_by_text("Saved. You can leave this")).to_be_visible()
    assert past(world) == "Two visits."


def test_two_writers_choose_without_scripts(plain: Page, world: Collecting) -> None:
    answered(world, world.first)
    CaseReturn.objects.filter(pk=world.first.pk).update(engagement_past="Theirs.", revision=9)

    plain.get_by_label("Past engagement").fill("Mine.")
    plain.get_by_role("button", name="Save and stay").click()

    expect(plain.get_by_role("alert")).to_contain_text("Theirs.")
    plain.get_by_label("Take theirs instead of mine: Past engagement").check()
    plain.get_by_role("button", name="Save and stay").click()
    expect(plain.get_by_text("Saved. You can leave this")).to_be_visible()
    expect(plain.get_by_label("Past engagement")).to_have_value("Theirs.")
