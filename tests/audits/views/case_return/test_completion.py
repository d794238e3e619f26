"""A case completed, sent back, and changed again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from audits.domain.case_returns import finish
from audits.models import CaseReturn, CaseReturnStage, Question
from tests.audits.collecting import Collecting, answered, signed_in
from tests.audits.filling import post, url
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db


def test_completing_too_early_saves_and_names_what_is_missing(world: Collecting) -> None:
    client = signed_in(world.auditor)

    response = post(client, world.first, world.auditor, known="child", do="finish")

    assert response.url == f"{url(world.first)}?check=1"
    page = client.get(response.url)
    question = world.questions[0]
    assert f'<a href="#question-{question.code}">Answer question 1: {question.text}</a>' in (
        page.content.decode()
    )
    assert CaseReturn.objects.get(pk=world.first.pk).known == "child"


def test_completing(world: Collecting) -> None:
    answered(world, world.first)
    client = signed_in(world.auditor)
    field = f"answer_{world.questions[0].code}"

    post(client, world.first, world.auditor, known="child", do="finish", **{field: "yes"})

    assert CaseReturn.objects.get(pk=world.first.pk).stage == CaseReturnStage.COMPLETE
    page = client.get(url(world.first))
    assert page.templates[0].name == "audits/case_return_detail.html"


def test_what_one_cannot_tell_yet_is_not_complete(world: Collecting) -> None:
    client = signed_in(world.auditor)
    typed = {f"answer_{world.questions[0].code}": "yes", "known": "unsure", "do": "finish"}

    response = post(client, world.first, world.auditor, **typed)

    html = client.get(response.url).content.decode()
    assert "Find out whether the family is known to you, and say so." in html
    assert CaseReturn.objects.get(pk=world.first.pk).stage == CaseReturnStage.IN_PROGRESS


def test_a_date_still_to_come_is_told_once_the_case_is_complete(world: Collecting) -> None:
    question = QuestionFactory(
        toolkit=world.audit.toolkit, text="When were they last seen?", kind=Question.Kind.DATE
    )
    client, day = signed_in(world.auditor), timezone.localdate() + timedelta(days=40)
    response = post(
        client,
        world.first,
        world.auditor,
        known="child",
        do="finish",
        **{f"answer_{world.questions[0].code}": "yes", f"answer_{question.code}": day.isoformat()},
    )
    html = client.get(response.url).content.decode()
    assert f"question {question.number}: {date_format(day, 'j F Y')} is still to come." in html
    assert CaseReturn.objects.get(pk=world.first.pk).stage == CaseReturnStage.COMPLETE


def test_the_reason_for_sending_back_stands_on_top(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)
    lead = signed_in(world.lead)

    refused = lead.post(url(world.first, "case-return-send-back"), {"reason": " "})
    assert "Give a reason." in refused.content.decode()
    lead.post(url(world.first, "case-return-send-back"), {"reason": "Say more about May."})

    html = signed_in(world.auditor).get(url(world.first)).content.decode()
    assert "Sent back to you" in html
    assert "Say more about May." in html


def test_an_auditor_sends_nothing_back(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)

    response = signed_in(world.auditor).get(url(world.first, "case-return-send-back"))

    assert response.status_code == 403


def test_changing_something_after_completing(world: Collecting) -> None:
    finish(answered(world, world.first), by=world.auditor)

    response = signed_in(world.auditor).post(url(world.first, "case-return-take-back"))

    assert response.url == url(world.first)
    assert CaseReturn.objects.get(pk=world.first.pk).stage == CaseReturnStage.IN_PROGRESS
