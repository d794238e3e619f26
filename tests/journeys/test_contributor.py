"""Contributors without an account, from the mail to the thanks; and the agency that co-ordinates
forty of them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from audits.domain import contributor_links, contributor_replies
from audits.domain.case_returns import AnswerDraft
from audits.domain.contributor_replies import ReplyDraft
from audits.models import (
    ContributorAnswer,
    ContributorLink,
    ContributorPoint,
    ContributorRequest,
    Point,
    Question,
)
from tests.audits.collecting import NOTHING, Collecting
from tests.audits.contributing import address_in, asked, code_in, coordinating, practice, send
from tests.factories import QuestionFactory
from tests.support.axe import CheckPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], None]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def world() -> Collecting:
    world = coordinating(cases=3, questions=0, name="Fenshire Health", short_name="Health")
    world.audit.identity_channel = "By the secure portal of the Fenshire partnership."
    world.audit.save()
    world.questions.append(
        QuestionFactory(
            toolkit=world.audit.toolkit,
            code="told",
            text="Was the practice told of the outcome?",
            for_contributors=True,
        )
    )
    QuestionFactory(
        toolkit=world.audit.toolkit,
        code="well",
        text="What worked well?",
        kind=Question.Kind.POINTS,
        point_kind="went_well",
        asks_evidence=False,
        for_contributors=True,
    )
    return world


def come_in(page: Page, live_server: LiveServer, axe: CheckPage, post: list[Any]) -> None:
    """By the link in the first mail and the code in the second."""
    page.goto(live_server.url + address_in(post[-1].body))
    expect(page.get_by_role("heading", level=1, name="Is it you?")).to_be_visible()
    assert "/links/" not in page.url
    axe(page)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", level=1, name="Type the code")).to_be_visible()
    axe(page)
    page.get_by_label("The six digits in the e-mail").fill(code_in(post[-1].body))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Your answers, please")).to_be_visible()
    axe(page)


def answer_the_first(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="Case 1").click()
    axe(page)
    expect(page.get_by_role("heading", name="Questions")).to_be_hidden()
    page.get_by_label("We can answer").check()
    page.get_by_label("What worked well?").fill("Seen alone\nMother was listened to")
    page.get_by_role("button", name="Send this and go to Case 2").click()
    fault = page.get_by_role("link", name="Answer question 1, or save it for later.")
    expect(fault).to_be_visible()
    axe(page)
    page.get_by_role("group", name="Was the practice told").get_by_label("Yes").check()
    page.get_by_label("Evidence").fill("The letter of 3 May.")
    page.get_by_role("button", name="Send this and go to Case 2").click()
    expect(page.get_by_text("Case 1: your answer is in. Thank you.")).to_be_visible()


def decline_and_leave(page: Page, axe: CheckPage) -> None:
    page.get_by_label("We decline to answer").check()
    page.get_by_label("Why do you decline?").fill("The family has left the practice.")
    page.get_by_role("button", name="Send this and go to Case 3").click()
    page.get_by_role("link", name="All your cases").click()
    expect(page.get_by_text("2 of 3 cases answered")).to_be_visible()

    page.get_by_role("link", name="Case 3").click()
    page.get_by_label("We can answer").check()
    page.get_by_label("What worked well?").fill("To go on with tomorrow")
    page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_text("Case 3 is saved. You can leave and come back.")).to_be_visible()
    page.get_by_role("link", name="All your cases").click()
    page.get_by_role("button", name="Leave for now").click()
    expect(page.get_by_text("You have answered 2 of 3 cases.")).to_be_visible()
    axe(page)


def come_back_and_finish(
    page: Page, live_server: LiveServer, axe: CheckPage, post: list[Any]
) -> None:
    ContributorLink.objects.update(code_sent_at=timezone.now() - timedelta(minutes=5))
    page.goto(live_server.url + address_in(post[0].body))
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The six digits in the e-mail").fill(code_in(post[-1].body))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Case 3").click()
    expect(page.get_by_label("What worked well?")).to_have_value("To go on with tomorrow")
    page.get_by_label("We hold nothing about this case").check()
    page.get_by_role("button", name="Send this answer").click()
    expect(page.get_by_role("heading", level=1, name="Everything is answered")).to_be_visible()
    axe(page)

    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", level=1, name="Thank you")).to_be_visible()
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    axe(page)


def test_a_practice_answers_on_a_phone_from_the_mail_to_the_thanks(
    page: Page, live_server: LiveServer, axe: CheckPage, world: Collecting, mailoutbox: list[Any]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    mill = practice(world)
    asked(world, mill)
    send(world, mill)

    come_in(page, live_server, axe, mailoutbox)
    expect(page.get_by_text("By the secure portal of the Fenshire partnership.")).to_be_visible()
    page.get_by_text("If a child is at risk right now").click()
    expect(page.get_by_text("ring 999")).to_be_visible()
    answer_the_first(page, axe)

    decline_and_leave(page, axe)
    come_back_and_finish(page, live_server, axe, mailoutbox)
    assert [each["name"] for each in page.context.cookies()] == ["csrftoken"]
    page.goto(f"{live_server.url}/contribute/")
    expect(page.get_by_role("heading", level=1, name="This page is not open")).to_be_visible()
    axe(page)

    stages = ContributorRequest.objects.order_by("case_return__case__number")
    assert list(stages.values_list("stage", flat=True)) == ["replied", "declined", "holds_nothing"]
    assert ContributorAnswer.objects.get(value="yes").evidence == "The letter of 3 May."
    texts = ContributorPoint.objects.filter(request__stage="replied")
    assert set(texts.values_list("text", flat=True)) == {"Seen alone", "Mother was listened to"}


def replied(world: Collecting, value: str, *names: str) -> None:
    """These practices answer about the first case, each by its own link."""
    for link in ContributorLink.objects.filter(contributor__name__in=names):
        request = ContributorRequest.objects.get(
            contributor=link.contributor, case_return=world.first
        )
        contributor_replies.save(
            request,
            by=link,
            draft=ReplyDraft(
                says="answers",
                answers={world.questions[0].pk: AnswerDraft(value, "In the record.")},
                points={"went_well": [f"{link.contributor} rang back."]},
            ),
            basis=NOTHING,
        )


def ask_forty(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="Ask GP practices").first.click()
    axe(page)
    lines = [f"Practice {n:02}; p{n:02}@gp.fenshire.example; 1-3" for n in range(1, 40)]
    box = page.get_by_label("Paste or type: name, e-mail address, cases")
    box.fill("\n".join([*lines, "Practice 40; 1 9"]))
    page.get_by_role("button", name="Write down the requests").click()
    fault = page.get_by_role("link", name=re.compile("Line 40: this audit asks about no case 9."))
    expect(fault).to_be_visible()
    axe(page)
    box.fill("\n".join([*lines, "Practice 40; all"]))
    page.get_by_role("button", name="Write down the requests").click()
    expect(page.get_by_text("120 new requests written down.")).to_be_visible()
    axe(page)


def send_to_all(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="Send 39 links").click()
    expect(page.get_by_role("heading", name="Without an e-mail address")).to_be_visible()
    page.get_by_text("What the e-mail says").click()
    expect(page.get_by_text("It takes about ten minutes and needs no account.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Send to those ticked").click()
    expect(page.get_by_text("39 links on the way.")).to_be_visible()


def collate(page: Page, axe: CheckPage) -> None:
    page.get_by_role("link", name="Case 1", exact=True).click()
    expect(
        page.get_by_text("31 of 40 GP practices replied; 9 still owe an answer.")
    ).to_be_visible()
    axe(page)
    page.get_by_role("group", name="Your agency’s answer").get_by_label("Partly").check()
    page.get_by_label("Evidence").fill("12 of 31 GP practices said yes.")
    page.get_by_role("button", name="Save your agency’s answers").click()
    expect(page.get_by_text("Saved as your agency’s own answers about Case 1.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Take over.*Practice 01")).click()
    expect(page.get_by_text("1 point taken into your return.")).to_be_visible()
    page.get_by_role("button", name="Take over all 30").click()
    expect(page.get_by_text("30 points taken into your return.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Put back.*Practice 02")).click()
    expect(page.get_by_role("button", name="Take over the one left")).to_be_visible()
    axe(page)


def test_a_co_ordinator_asks_forty_practices_and_puts_their_answers_together(
    page: Page,
    live_server: LiveServer,
    sign_in: SignIn,
    axe: CheckPage,
    world: Collecting,
    mailoutbox: list[Any],
) -> None:
    sign_in(world.lead)
    page.goto(live_server.url + reverse("contributor-request-list", args=[world.agency_return.pk]))
    axe(page)
    ask_forty(page, axe)
    send_to_all(page, axe)
    assert len(mailoutbox) == 39

    names = [f"Practice {n:02}" for n in range(1, 32)]
    replied(world, "yes", *names[:12])
    replied(world, "no", *names[12:])
    ContributorLink.objects.update(sent_at=timezone.now() - timedelta(days=2))
    page.reload()
    # Nobody has answered about all three cases, so all with a link still owe something.
    page.get_by_role("link", name="Remind 39 who owe").click()
    axe(page)
    page.get_by_role("button", name="Remind 39 GP practices").click()
    expect(page.get_by_text("39 reminders on the way.")).to_be_visible()
    assert len(mailoutbox) == 78

    collate(page, axe)
    assert Point.objects.count() == 30
    assert Point.objects.filter(text="Practice 01 rang back (from a GP practice).").exists()

    page.get_by_role("link", name="GP practices").first.click()
    table = page.get_by_role("region", name="Who was asked")
    table.get_by_role("link", name="Practice 40").click()
    axe(page)
    page.get_by_label("Case 1").first.check()
    page.get_by_label("Declined").check()
    page.get_by_label("Reason for declining").fill("By phone: the practice is closing.")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("Recorded for 1 case.")).to_be_visible()
    assert contributor_links.to_chase(world.agency_return) == []
