"""Whoever writes while something closes under them finds their words on the page that answers."""

import html
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.domain import time_requests
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    Answer,
    Case,
    CaseReturn,
    CaseReturnStage,
    ContributorAnswer,
    Point,
    ReturnStage,
    Stage,
    TimeRequest,
)
from tests.audits.collecting import Collecting, answered, collecting, signed_in
from tests.audits.contributing import asked, coordinating, practice
from tests.audits.scenes import meeting_scene
from tests.factories import put_at

pytestmark = pytest.mark.django_db

WORDS = "It took an hour to put down what twelve practices told us."
BELOW = "What you wrote still stands below."


def text_of(response: Any) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


def is_in_a_box(response: Any, words: str = WORDS) -> bool:
    """Inside a field, where it can be sent again, and not only somewhere on the page."""
    boxes = re.findall(r"<textarea[^>]*>\s*([^<]*?)\s*</textarea>", response.content.decode())
    return words in [html.unescape(each) for each in boxes]


def collated() -> Collecting:
    world = coordinating(cases=1)
    [request] = asked(world, practice(world))
    request.stage, request.answered_on = "replied", request.asked_on
    request.save()
    ContributorAnswer.objects.create(request=request, question=world.questions[0], value="yes")
    answered(world, world.first)
    return world


@pytest.mark.parametrize("closed_by", ["the officer", "a colleague"])
def test_a_collation_closed_meanwhile(closed_by: str) -> None:
    world = collated()
    row, client = world.first, signed_in(world.lead)
    url = reverse("collation-edit", args=[row.agency_return_id, row.pk])
    basis = re.search(r'name="basis" value="([^"]*)"', client.get(url).content.decode())
    assert basis is not None
    if closed_by == "the officer":
        put_at(world.agency_return, ReturnStage.EXCUSED)
    else:
        CaseReturn.objects.filter(pk=row.pk).update(stage=CaseReturnStage.COMPLETE)

    code = world.questions[0].code
    written = {f"answer_{code}": "partly", f"evidence_{code}": WORDS}
    sent = {"do": "save", "basis": html.unescape(basis[1]), **written}
    response = client.post(url, sent)

    assert response.status_code == 200
    assert is_in_a_box(response)
    assert re.search(r'value="partly"[^>]*checked', response.content.decode())
    assert BELOW in text_of(response)
    assert not Answer.objects.filter(evidence=WORDS).exists()


def test_points_taken_over_too_late_are_told_of_no_words_below() -> None:
    world = collated()
    put_at(world.agency_return, ReturnStage.EXCUSED)
    url = reverse("collation-edit", args=[world.agency_return.pk, world.first.pk])
    said = text_of(signed_in(world.lead).post(url, {"do": "take-all"}, follow=True))
    assert "Nothing was saved" in said
    assert BELOW not in said


@pytest.mark.parametrize("whole", [False, True])
def test_a_point_typed_as_the_meeting_ended(whole: bool) -> None:
    scene = meeting_scene(stage=Stage.DRAFTING)
    place = {} if whole else {"case": str(scene.cases[0].pk)}
    url = reverse("agreed-point-create", args=[scene.audit.pk])
    sent = {"kind": "can_be_improved", "text": WORDS, **place}

    response = signed_in(scene.officer).post(url, sent)

    assert response.status_code == 200
    assert is_in_a_box(response)
    assert "The audit is now at “Drafting”." in text_of(response)
    assert "New point under “Can be improved”" in text_of(response)
    assert not Point.objects.filter(origin="meeting").exists()


def test_a_point_typed_about_a_case_that_left_the_sample() -> None:
    scene = meeting_scene()
    left = {"withdrawn_at": timezone.now(), "withdrawn_reason": "It is another family."}
    Case.objects.filter(pk=scene.cases[0].pk).update(**left, withdrawn_by=scene.officer)
    url = reverse("agreed-point-create", args=[scene.audit.pk])
    sent = {"kind": "went_well", "text": WORDS, "case": str(scene.cases[0].pk)}
    assert is_in_a_box(signed_in(scene.officer).post(url, sent))


@pytest.mark.parametrize("name", ["decline", "excuse"])
def test_a_reason_for_a_step_that_was_taken_already(name: str) -> None:
    world = collecting()
    transition(world.agency_return, "excuse", by=world.officer, reason="Merged.")
    url = reverse("agency-return-transition", args=[world.agency_return.pk, name])
    response = signed_in(world.officer).post(url, {"reason": WORDS})
    assert is_in_a_box(response)
    assert "This is now at “Excused”: look again." in text_of(response)


def test_a_reason_to_decline_while_words_wait_for_a_decision() -> None:
    world = collecting()
    world.first.engagement_past = "943 476 5919 was seen."
    world.first.save()
    url = reverse("agency-return-transition", args=[world.agency_return.pk, "decline"])
    client = signed_in(world.lead)
    for page in (client.get(url), client.post(url, {"reason": WORDS})):
        assert "Before this can be done" in text_of(page)
        assert reverse("return-screening", args=[world.agency_return.pk]) in text_of(page)
    assert is_in_a_box(page)
    world.agency_return.refresh_from_db()
    assert world.agency_return.stage == ReturnStage.OPEN


def test_how_it_was_checked_for_a_nil_return_that_is_none() -> None:
    world = collecting()
    answered(world, world.first)
    url = reverse("agency-return-transition", args=[world.agency_return.pk, "nil"])
    response = signed_in(world.lead).post(url, {"how_checked": WORDS})
    assert "is known to you, so this is not a nil return" in text_of(response)
    assert is_in_a_box(response)


def test_a_case_sent_back_that_is_with_its_auditor_already() -> None:
    world = collecting()
    url = reverse("case-return-send-back", args=[world.agency_return.pk, world.first.pk])
    response = signed_in(world.lead).post(url, {"reason": WORDS})
    assert is_in_a_box(response)
    assert "look again" in text_of(response)


def test_more_time_for_a_return_that_is_no_longer_owed() -> None:
    world = collecting()
    AgencyReturn.objects.update(stage=ReturnStage.EXCUSED)
    url = reverse("time-request-create", args=[world.agency_return.pk])
    for who, sent in (
        (world.lead, {"days": "3", "reason": WORDS}),
        (world.officer, {"until": "2099-01-31", "reason": WORDS}),
    ):
        response = signed_in(who).post(url, sent)
        assert is_in_a_box(response)
        assert time_requests.NOT_OWED in text_of(response)
    assert not TimeRequest.objects.exists()


@pytest.mark.parametrize("answer", ["granted", "refused"])
def test_an_answer_that_somebody_else_has_given(answer: str) -> None:
    world = collecting()
    request = time_requests.ask(world.agency_return, by=world.lead, days=4, reason="Two are ill.")
    time_requests.refuse(request, by=world.officer, reason="No.")
    url = reverse("time-request-answer", args=[world.agency_return.pk, request.pk])
    sent = {"answer": answer, "until": "2099-01-31", "reason": WORDS}
    response = signed_in(world.officer).post(url, sent)
    assert is_in_a_box(response)
    assert time_requests.ANSWERED_ALREADY in text_of(response)
